// One element of each line along an axis, chosen by its rank or its frequency.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

// For n >= 1: the element and its position along the middle axis, written to [outer, inner]. Which of equal elements that is PyTorch leaves to
// its algorithms for ranks and modes, which are repeated here.

/// The smaller of the two in the middle, equal elements in order of their positions; the first NaN if there is one, or with `ignore_nan` of
/// what is no NaN, if there is anything.
void select_median(ScalarType dtype, const AxisLayout& layout, bool ignore_nan, const void* x, void* values, int64_t* indices);
/// The k-th smallest, 0 <= k < n, NaN being the largest.
void select_kth(ScalarType dtype, const AxisLayout& layout, int64_t k, const void* x, void* values, int64_t* indices);
/// The most frequent, the smallest of several; a NaN equals nothing.
void select_mode(ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices);

}}}  // namespace torch::xgrad::kernels
