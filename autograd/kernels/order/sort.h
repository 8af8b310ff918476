// Sorting along an axis.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/index/axis_layout.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The first k elements along the middle axis in order, and their positions, written to [outer, k, inner]; `values` may
/// be null. NaN counts as larger than every number; equal elements keep
/// their order, in either direction.
void sort(ScalarType dtype, const AxisLayout& layout, int64_t k, bool descending, const void* x, void* values, int64_t* indices);

}}}  // namespace torch::xgrad::kernels
