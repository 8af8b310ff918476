// What operations along one axis share.
#pragma once

#include <xgrad/autograd/kernels/axis_layout.h>
#include <xgrad/autograd/shape.h>
#include <xgrad/autograd/tensor.h>

namespace xgrad {

/// A row-major tensor seen along `axis`; a 0-d tensor counts as [1].
inline kernels::AxisLayout layout_along(const Tensor& t, int64_t axis) {
  if (t.dim() == 0) return {1, 1, 1};
  const auto a = static_cast<size_t>(axis);
  return {numel_of(t.sizes().slice(0, a)), t.size(axis), numel_of(t.sizes().slice(a + 1))};
}

/// Converted if a dtype is asked for, else as it is.
inline Tensor as_dtype(const Tensor& t, std::optional<ScalarType> dtype) { return dtype && *dtype != t.dtype() ? t.to(*dtype) : t; }

}  // namespace xgrad
