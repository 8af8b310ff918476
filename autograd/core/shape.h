// Arithmetic on shapes and strides; no tensors here.
#pragma once

#include <xgrad/autograd/core/dims.h>

namespace torch { inline namespace xgrad {

/// Product of the sizes. Throws, naming `operation`, when a size is negative or the product overflows.
XGRAD_API int64_t checked_numel(const char* operation, IntArrayRef sizes);
/// Product of the sizes of a tensor that exists.
inline int64_t numel_of(IntArrayRef sizes) {
  uint64_t n = 1;  // wraps around in front of a 0 only
  for (int64_t s : sizes) n *= static_cast<uint64_t>(s);
  return static_cast<int64_t>(n);
}

/// Row-major strides, in elements.
XGRAD_API Dims contiguous_strides(IntArrayRef sizes);
/// The same, written to `to`.
inline void set_contiguous_strides(IntArrayRef sizes, int64_t* to) {
  uint64_t step = 1;  // of an empty tensor it may wrap around
  for (size_t i = sizes.size(); i-- > 0;) {
    to[i] = static_cast<int64_t>(step);
    step *= static_cast<uint64_t>(std::max<int64_t>(sizes[i], 1));
  }
}
/// True iff the elements lie in row-major order without gaps (sizes of 1 and empty tensors don't matter).
XGRAD_API bool is_contiguous(IntArrayRef sizes, IntArrayRef strides);
/// True iff two different indices may address the same element.
XGRAD_API bool may_overlap(IntArrayRef sizes, IntArrayRef strides);

/// The shape both broadcast to: aligned at the last axis, sizes equal or one of them 1.
/// Throws "[operation] The size of tensor a (..) must match the size of tensor b (..) at non-singleton dimension ..".
XGRAD_API Dims broadcast_shapes(const char* operation, IntArrayRef a, IntArrayRef b);
/// True iff `from` broadcasts to exactly `to`.
XGRAD_API bool broadcasts_to(IntArrayRef from, IntArrayRef to);

/// An axis counted from the front; `axis` may be negative. A 0-d tensor has the axes 0 and -1.
/// Throws "Dimension out of range (expected to be in range of [..], but got ..)".
XGRAD_API int64_t wrap_axis(const char* operation, int64_t axis, int64_t ndim);
/// Marks each axis reduced over; an empty list means all. Throws when an axis repeats.
XGRAD_API uint64_t axis_mask(const char* operation, IntArrayRef axes, int64_t ndim);
/// The shape left after reducing the masked axes.
XGRAD_API Dims reduced_shape(IntArrayRef sizes, uint64_t mask, bool keepdim);

/// Replaces one -1 in `shape` by what `numel` leaves for it; throws when the sizes don't fit.
XGRAD_API Dims infer_shape(const char* operation, IntArrayRef shape, int64_t numel);
/// Strides that show memory of (sizes, strides) as `shape` without a copy; false when there are none.
XGRAD_API bool view_strides(IntArrayRef sizes, IntArrayRef strides, IntArrayRef shape, Dims& out);

}}  // namespace torch::xgrad
