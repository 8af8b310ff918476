// Memory for time: what a part of a network keeps for its derivative is computed again when the sweep comes.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/autograd/func/function.h>
#include <xgrad/autograd/tensor/generator.h>

namespace torch { inline namespace xgrad { namespace func {

struct CheckpointOptions {
  /// True: the second call of the function starts from the generators' states of the first, and leaves them as it found them.
  bool preserve_rng_state = true;
  /// Generators of the function's own besides the default one.
  std::vector<Generator> generators;
};

/// f(inputs), of which only the inputs are kept: f is called once more in each sweep that passes. So f must do the same both times; with
/// dropout it does, by the option above. What it changes outside, such as the running mean of a batch normalisation, it changes twice.
/// Gradients flow to the inputs and to all that f captured, such as the parameters of modules, in backward() and grad(), of any order.
/// The peak of memory is that of the parts' inputs and of one part. Hooks on tensors inside f are not called. Without grad mode it is f(inputs).
/// The sweep throws if f uses other tensors than at first.
XGRAD_API variable_list checkpoint(ListMap f, const variable_list& inputs, const CheckpointOptions& options = {});
XGRAD_API Tensor checkpoint(TensorMap f, const Tensor& input, const CheckpointOptions& options = {});
/// The functions called one after the other in `segments` parts of about equal length, all but the last of them checkpoints, as Python's
/// checkpoint_sequential. Throws unless 0 < segments <= functions.size().
XGRAD_API Tensor checkpoint_sequential(const std::vector<TensorMap>& functions, int64_t segments, const Tensor& input,
                                       const CheckpointOptions& options = {});

}}}  // namespace torch::xgrad::func
