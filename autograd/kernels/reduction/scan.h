// Running sums, products, extrema and recurrences along an axis.
#pragma once

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The sums (products) of the elements up to and including each along the
/// middle axis, or from each to the end. y has x's dtype for floating ones and int64 otherwise; float32 is
/// accumulated in float64.
void running_sum(ScalarType in, const AxisLayout& layout, const void* x, void* y, bool from_the_end);
void running_product(ScalarType in, const AxisLayout& layout, const void* x, void* y);

/// The largest (smallest) elements up to and including each, and their positions: the last of equal ones, and the last NaN if there was one.
void running_extreme(bool largest, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices);
/// log of running_sum of exp(x).
void running_logsumexp(ScalarType dtype, const AxisLayout& layout, const void* x, void* y);
/// y[i] = x[i] + a[i] y[i - 1], or from the end x[i] + a[i] y[i + 1]; the first x as it is.
void linear_recurrence(ScalarType dtype, const AxisLayout& layout, const void* x, const void* a, void* y, bool from_the_end);

}}}  // namespace torch::xgrad::kernels
