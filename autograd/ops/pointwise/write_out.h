// How an elementwise result gets into a tensor that the caller gives.
#pragma once

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

namespace detail {

template <class T> bool asks_for_gradient(const T&) { return false; }
inline bool asks_for_gradient(const Tensor& t) { return Recording::needs(t); }
inline bool asks_for_gradient(const std::optional<Tensor>& t) { return t && Recording::needs(*t); }

// Gives `out` the shape of `value`, and its order of axes in memory.
inline void resize_as(const Tensor& out, const Tensor& value) {
  out.resize_(value.sizes());
  if (!fills_memory(value.impl())) return;
  out.impl().strides = value.impl().strides;
  out.impl().contiguous = value.is_contiguous();
}

}  // namespace detail

/// Writes f(where to), an elementwise result, to `out`. Throws as out_forms.h says.
template <class F, class... Inputs> Tensor& write_out(const char* name, Tensor& out, F f, const Inputs&... inputs) {
  XGRAD_CHECK(!(detail::asks_for_gradient(out) || ... || detail::asks_for_gradient(inputs)), "[", name,
              "] functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
  const NoGradGuard no_graph;
  check_in_place(name, out, false);
  const Tensor value = f(Out(out));
  if (value.is_same(out)) return out;
  XGRAD_CHECK_AS(TypeError, can_cast(value.dtype(), out.dtype()), "[", name, "] result type ", value.dtype(),
                 " can't be cast to the desired output type ", out.dtype());
  if (value.sizes() != out.sizes()) detail::resize_as(out, value);
  return write_in_place(name, out, value);
}

}}  // namespace torch::xgrad
