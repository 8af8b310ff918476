// A function of one example, run on all examples of a batch at once. Internal to this folder.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

// Note: batching a trace
//
// f runs on one example, and a trace of its operations says what each did with which tensors. Then each operation runs once more on all
// examples, by its rule, those tensors that come from an example having the examples along axis 0. Tensors are recognised by their
// object, and snapshots that derivatives keep by what they show of the memory. Everything else that an operation takes is a constant.
//
// What a trace can't say: a branch on an element (item()), an edit in place, numbers drawn. Edits and draws are seen and refused; for the
// rest the caller compares the results of one more example with f's own.

/// f's outputs for all examples, along axis 0, if all its operations have rules; else none, and `why` says what stopped it. `example`: the
/// inputs of the first example; `batch`: the inputs with the examples along axis 0 where mapped[i], else as they are.
std::vector<Tensor> run_batched(const ListMap& f, const variable_list& example, const variable_list& batch, const std::vector<bool>& mapped,
                                int64_t count, std::string& why);

}}}  // namespace torch::xgrad::func
