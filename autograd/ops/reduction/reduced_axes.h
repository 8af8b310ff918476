// What every reduction over axes needs: where the elements lie, and the way back to the input's shape.
#pragma once

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/reduction.h>
#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad {

/// Axes as a mask; none given means all.
uint64_t axis_mask(const char* operation, OptionalIntArrayRef axes, int64_t ndim);
uint64_t one_axis_mask(const char* operation, int64_t axis, int64_t ndim);

/// The masked axes, in order.
std::vector<int64_t> masked_axes(uint64_t mask, int64_t ndim);

/// Number of elements that each output combines.
int64_t reduced_numel(IntArrayRef sizes, uint64_t mask);

/// Allocates the output and describes the walk over `self`; the geometry is simplified.
Tensor prepare_reduction(const Tensor& self, uint64_t mask, bool keepdim, ScalarType out, kernels::ReductionGeometry& g);

/// `t`, one value for each kept position, shown over `sizes`: axes put back and expanded.
Tensor restore_axes(const Tensor& t, IntArrayRef sizes, uint64_t mask, bool keepdim);

/// gy, the gradient of a result over the masked axes, shared evenly by the elements that `chosen` is true for; 0 elsewhere, also of a NaN.
Tensor share_evenly(const Tensor& gy, const Tensor& chosen, uint64_t mask, bool keepdim);

}}  // namespace torch::xgrad
