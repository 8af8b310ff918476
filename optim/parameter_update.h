// From a parameter to the raw memory that an update kernel works on. Internal.
#pragma once

#include <initializer_list>

#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/ops/creation.h>

namespace xgrad::optim {

/// Calls update(w, g, state, n) with the elements of parameter `p`, its gradient and the state tensors (of its shape,
/// row-major), then counts the in-place edit. A parameter that is not row-major is updated through a copy.
template <class F>
void update_parameter(const Tensor& p, std::initializer_list<Tensor*> states, F update) {
  constexpr size_t kMaxStates = 3;
  const Tensor w = contiguous_as(p, p.dtype()), g = contiguous_as(p.grad(), p.dtype());
  dispatch_floating(p.dtype(), "step", [&](auto zero) {
    using T = decltype(zero);
    T* state[kMaxStates] = {};
    size_t k = 0;
    for (Tensor* s : states) state[k++] = s->template data_ptr<T>();
    update(w.template data_ptr<T>(), static_cast<const T*>(g.template data_ptr<T>()), state, p.numel());
  });
  if (!w.is_same(p)) copy_elements(p, w);
  p.impl().storage->bump_version();
}

}  // namespace xgrad::optim
