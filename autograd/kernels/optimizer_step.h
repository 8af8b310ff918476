// Updates of parameters, one pass over parameter, gradient and state.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

struct SgdStep {
  double lr, momentum, dampening, weight_decay;
  bool nesterov;
  bool first;  ///< the buffer takes the gradient as it is
};
/// buffer: null without momentum.
template <class T>
void sgd_step(const SgdStep& step, T* w, const T* g, T* buffer, int64_t n);

struct AdamStep {
  double lr, beta1, beta2, eps;
  double weight_decay;
  bool decoupled;          ///< w shrinks by lr * weight_decay (AdamW) instead of the gradient growing by weight_decay * w
  double correction1, correction2;  ///< 1 - beta^t
};
/// m, v: first and second moment; largest: running maximum of v (AMSGrad), or null.
template <class T>
void adam_step(const AdamStep& step, T* w, const T* g, T* m, T* v, T* largest, int64_t n);

}  // namespace xgrad::kernels
