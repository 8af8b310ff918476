// Positions of the largest and smallest elements along an axis.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// For n >= 1: the first position of the largest (or smallest) element along
/// the middle axis, the first NaN if there is one, written to
/// `indices` of [outer, inner]; the element itself to `values`, of x's dtype, unless that is null.
void arg_extreme(bool largest, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices);

}}}  // namespace torch::xgrad::kernels
