// The order in which a tensor's axes lie in memory.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace torch { inline namespace xgrad {

/// True iff the elements fill their memory without gaps and overlaps, in whatever order of axes.
XGRAD_API bool fills_memory(const TensorImpl& t);

/// An uninitialised tensor of self's shape. Where self fills its memory without gaps and overlaps, it has self's strides; else
/// it has no gaps and its axes lie in the order in which self's do. For random numbers that order decides which element
/// gets which draw.
XGRAD_API Tensor allocate_in_order_of(const Tensor& self, ScalarType dtype);

/// The elements as `dtype` in such a tensor. No graph.
XGRAD_API Tensor copy_in_order_of(const Tensor& self, ScalarType dtype);

}}  // namespace torch::xgrad
