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

// Hyper-parameters of each algorithm at one step. In all of them:
//   sign          1, or -1 where the gradient is to be climbed
//   weight_decay  the gradient grows by weight_decay * parameter
//   shrink        the parameter is multiplied by it first, or 1
// None has padding, which a replay would compare.

/// state: the momentum buffer, null without momentum.
struct SgdStep {
  double lr, momentum, dampening, weight_decay, sign;
  int32_t nesterov;
  int32_t first;  ///< the buffer takes the gradient as it is
};

/// state: the average of the parameters.
struct AsgdStep {
  double lr, shrink;
  double mu;  ///< share of the parameter in the average
  double weight_decay, sign;
};

/// state: the last gradient, size of the step.
struct RpropStep {
  double etaminus, etaplus;  ///< factors where the gradient's sign has changed, and where not
  double smallest, largest;  ///< size of a step
  double sign;
};

/// state: the sum of squares.
struct AdagradStep {
  double lr;  ///< with its decay
  double eps, weight_decay, sign;
};

/// state: mean of squares, momentum buffer or null, mean of gradients (centered) or null.
struct RmspropStep {
  double lr, alpha, eps, momentum, weight_decay, sign;
};

/// state: mean of squares, mean of squared changes.
struct AdadeltaStep {
  double lr, rho, eps, weight_decay, sign;
};

/// state: first moment, second moment, running maximum of the second (AMSGrad) or null.
struct AdamStep {
  double beta1, beta2, eps, weight_decay, shrink;
  double size;  ///< lr / (1 - beta1^t)
  double root;  ///< sqrt(1 - beta2^t)
  double sign;
};

/// state: first moment, infinity norm.
struct AdamaxStep {
  double beta1, beta2, eps, weight_decay;
  double size;  ///< lr / (1 - beta1^t)
  double sign;
};

/// state: first moment, second moment.
struct NAdamStep {
  double beta1, beta2, eps, weight_decay, shrink;
  double by_gradient, by_moment;  ///< factors of both in the change
  double bias2;                   ///< 1 - beta2^t
  double sign;
};

/// state: first moment, second moment.
struct RAdamStep {
  double beta1, beta2, eps, weight_decay, shrink, lr;
  double bias1;          ///< 1 - beta1^t
  double root;           ///< sqrt(1 - beta2^t)
  double rectification;  ///< 0: the second moment is not used yet
  double sign;
};

/// state: first moment, second moment.
struct LambStep {
  double lr, beta1, beta2, eps;
  double weight_decay;  ///< the change, not the gradient, grows by weight_decay * parameter
  double bias1, bias2;  ///< 1 - beta1^t, 1 - beta2^t
  double sign;
};

/// state: the momentum.
struct LionStep {
  double lr, beta1, beta2, shrink, sign;
};

/// Updates the tensors, which have `elements` elements together, in one parallel region; `groups`: how many hyper-parameters there
/// are. T: float or double. It computes as after set_flush_denormal(true) if the algorithm's state decays and eps is large enough to hide
/// what flushing it changes: for Adam from 2e-12 for float and 7e-139 for double, later in training.
template <class T> void update(const SgdStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AsgdStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const RpropStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdagradStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const RmspropStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdadeltaStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdamStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const AdamaxStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const NAdamStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const RAdamStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const LambStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);
template <class T> void update(const LionStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements);

}}}  // namespace torch::xgrad::kernels
