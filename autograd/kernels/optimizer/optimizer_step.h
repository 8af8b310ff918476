// Updates of parameters, one pass over parameter, gradient and state, for all tensors of a step together.
//
// The order of the roundings is PyTorch's, operation by operation. State does not become denormal, but zero, on x86-64 and aarch64.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// One tensor of a step. All memory is without gaps, in the parameter's order of elements and of its type, and
/// none overlaps another.
struct StepTensor {
  void* parameter;
  const void* gradient;
  void* state[3];  ///< what they mean is the algorithm's
  int64_t size;
  size_t numbers;  ///< which of the hyper-parameters handed over are its own
};

/// Hyper-parameters of stochastic gradient descent. state[0]: the momentum buffer, null without momentum.
struct SgdStep {
  double lr, momentum, dampening, weight_decay;
  int32_t nesterov;
  int32_t first;  ///< the buffer takes the gradient as it is; no bool, which would leave padding that a replay compares
};

/// Hyper-parameters of Adam at one step count. state: first moment, second moment, running maximum of the second
/// (AMSGrad) or null.
struct AdamStep {
  double beta1, beta2, eps;
  double weight_decay;  ///< the gradient grows by weight_decay * parameter
  double shrink;        ///< the parameter is multiplied by it first (AdamW), or 1
  double size;          ///< lr / (1 - beta1^t)
  double root;          ///< sqrt(1 - beta2^t)
};

/// Hyper-parameters of Adagrad at one step count. state[0]: the sum of squares.
struct AdagradStep {
  double lr;  ///< with its decay
  double eps;
  double weight_decay;  ///< as Adam's
};

/// Updates the tensors, which have `elements` elements together, in one parallel region; `groups`: how many hyper-parameters there
/// are. T: float or double. It computes as after set_flush_denormal(true) if any has a momentum, or for Adam if all have an eps
/// that is large enough to hide what flushing its second moment changes: from 2e-12 for float and 7e-139 for double, later in training.
template <class T> void update(const SgdStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdamStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdagradStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);

}}}  // namespace torch::xgrad::kernels
