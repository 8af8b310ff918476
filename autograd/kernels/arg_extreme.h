// Positions of the largest and smallest elements along an axis.
#pragma once

#include <cstdint>

#include <xgrad/autograd/dtype.h>

namespace xgrad::kernels {

/// For x of [outer, n, inner] in row-major order, n >= 1: the first position of the largest (or smallest) element along
/// the middle axis, the first NaN if there is one, written to indices of [outer, inner]; the element itself to
/// values, of x's dtype, unless that is null.
void arg_extreme(bool largest, ScalarType dtype, const void* x, void* values, int64_t* indices, int64_t outer, int64_t n, int64_t inner);

}  // namespace xgrad::kernels
