// Running sums and products along an axis.
#pragma once

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The sums (products) of the elements up to and including each along the
/// middle axis, or from each to the end. y has x's dtype for floating ones and int64 otherwise; float32 is
/// accumulated in float64.
void running_sum(ScalarType in, const AxisLayout& layout, const void* x, void* y, bool from_the_end);
void running_product(ScalarType in, const AxisLayout& layout, const void* x, void* y);

}}}  // namespace torch::xgrad::kernels
