// What operations along one axis share.
#pragma once

#include <xgrad/autograd/kernels/index/axis_layout.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A row-major tensor seen along `axis`; a 0-d tensor counts as [1].
kernels::AxisLayout layout_along(const Tensor& t, int64_t axis);

/// Converted if a dtype is asked for, else as it is.
Tensor as_dtype(const Tensor& t, std::optional<ScalarType> dtype);

/// The gradient of a tensor of `sizes` from that of the elements chosen at positions `at` along an axis, which is dropped there or kept with
/// size 1.
Tensor put_back(const Tensor& gy, IntArrayRef sizes, int64_t axis, bool keepdim, const Tensor& at);

}}  // namespace torch::xgrad
