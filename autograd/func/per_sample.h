// Gradients of the examples of a batch, one by one.
#pragma once

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

/// A loss, with one element, of parameters and one example.
using SampleLoss = std::function<Tensor(const variable_list& parameters, const variable_list& example)>;

/// For each parameter the gradients of loss(parameters, example) of all examples, [N, parameter's shape]; the batch's tensors have the
/// examples along axis 0. What a gradient by all of them at once adds up. By vmap() of the gradient: two calls of `loss` and of its backward
/// pass, and one for all examples at once, where vmap() can; else one for each.
XGRAD_API variable_list per_sample_gradients(const SampleLoss& loss, const variable_list& parameters, const variable_list& batch,
                                             const Options& options = {});

}}}  // namespace torch::xgrad::func
