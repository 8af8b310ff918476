// How a result gets into a tensor that the caller gives.
#pragma once

#include <algorithm>
#include <array>
#include <tuple>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

/// What it takes to write to a tensor given.
struct Given {
  template <class T> static bool asks_for_gradient(const T&) { return false; }
  static bool asks_for_gradient(const Tensor& t) { return Recording::needs(t); }
  static bool asks_for_gradient(const std::optional<Tensor>& t) { return t && Recording::needs(*t); }
  static bool asks_for_gradient(TensorList ts) {
    return std::any_of(ts.begin(), ts.end(), [](const Tensor& t) { return Recording::needs(t); });
  }

  // Gives `out` the shape of `value`, and its order of axes in memory.
  static void resize_as(const Tensor& out, const Tensor& value) {
    out.resize_(value.sizes());
    if (!fills_memory(value.impl())) return;
    out.impl().strides = value.impl().strides;
    out.impl().contiguous = value.is_contiguous();
  }

  static void refuse_gradients(const char* name, bool asks) {
    XGRAD_CHECK(!asks, "[", name,
                "] functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
  }
  static void check_holds(const char* name, const Tensor& out, const Tensor& value) {
    XGRAD_CHECK_AS(TypeError, can_cast(value.dtype(), out.dtype()), "[", name, "] result type ", value.dtype(),
                   " can't be cast to the desired output type ", out.dtype());
  }
  static Tensor& write_value(const char* name, Tensor& out, const Tensor& value) {
    if (value.sizes() != out.sizes()) resize_as(out, value);
    return write_in_place(name, out, value);
  }
};

/// Writes f(where to) to `out`; an elementwise f may have written it there already. Throws as pointwise/out_forms.h says.
template <class F, class... Inputs> Tensor& write_out(const char* name, Tensor& out, F f, const Inputs&... inputs) {
  Given::refuse_gradients(name, (Given::asks_for_gradient(out) || ... || Given::asks_for_gradient(inputs)));
  const NoGradGuard no_graph;
  check_in_place(name, out, false);
  const Tensor value = f(Out(out));
  if (value.is_same(out)) return out;
  Given::check_holds(name, out, value);
  return Given::write_value(name, out, value);
}

/// The same of operations with several results, each to its tensor: f() gives a tuple of them.
template <size_t n, class F, class... Inputs>
void write_several_out(const char* name, const std::array<Tensor*, n>& outs, F f, const Inputs&... inputs) {
  bool asks = (Given::asks_for_gradient(inputs) || ...);
  for (const Tensor* out : outs) asks = asks || Given::asks_for_gradient(*out);
  Given::refuse_gradients(name, asks);
  const NoGradGuard no_graph;
  for (const Tensor* out : outs) check_in_place(name, *out, false);
  const auto values = std::apply([](auto... value) { return std::array<Tensor, n>{value...}; }, f());
  for (size_t i = 0; i < n; ++i) {
    Given::check_holds(name, *outs[i], values[i]);
    XGRAD_CHECK(values[i].dtype() != kLong || outs[i]->dtype() == kLong, "[", name, "] Expected out tensor to have dtype Long, but got ",
                outs[i]->dtype(), " instead");
  }
  for (size_t i = 0; i < n; ++i) Given::write_value(name, *outs[i], values[i]);
}

}}  // namespace torch::xgrad
