// Moving elements between tensors.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Writes the elements of `from`, broadcast and converted, into the memory of `to`. No graph, no version; overlapping
/// memory is read before it is written.
XGRAD_API void copy_elements(const Tensor& to, const Tensor& from);

/// A row-major copy of the elements as `dtype`. No graph.
XGRAD_API Tensor copy_of(const Tensor& t, ScalarType dtype);
/// The tensor itself if it is row-major and of that dtype, else a copy. No graph.
XGRAD_API Tensor contiguous_as(const Tensor& t, ScalarType dtype);

}}  // namespace torch::xgrad
