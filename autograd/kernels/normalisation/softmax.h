// Softmax, its logarithm and their derivatives along an axis.
#pragma once

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// y = exp(x - max) / sum, or its logarithm x - max - log(sum). A row with only -inf, with +inf or with NaN gives NaN.
void softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y);
void log_softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y);

/// gx = y * (gy - sum(gy * y)), and for the logarithm gx = gy - exp(y) * sum(gy). Where all of a row's gy is zero, gx is
/// exactly zero whatever y is: a row that no loss looks at takes no part, even if it holds NaN.
void softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx);
void log_softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx);

}}}  // namespace torch::xgrad::kernels
