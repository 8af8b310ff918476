// The order in which a tensor's axes lie in memory.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// True iff the elements fill their memory without gaps and overlaps, in whatever order of axes.
XGRAD_API bool fills_memory(const TensorImpl& t);

/// True iff the elements of both, which have one shape, lie in one order: at the same strides, or row-major in both.
inline bool lie_alike(const TensorImpl& a, const TensorImpl& b) {
  return a.sizes == b.sizes && (a.contiguous ? b.contiguous : a.strides == b.strides);
}

/// The strides of a result of shape `sizes` without gaps, its axes ordered in memory as those of its inputs are: what
/// PyTorch's TensorIterator gives. inputs[k] are the strides of input k over that shape, 0 along an axis that it repeats; where
/// an input says nothing about two axes the next one decides, and at last their order.
XGRAD_API Dims strides_in_order_of(IntArrayRef sizes, ArrayRef<const int64_t*> inputs);

/// An uninitialised tensor without gaps, of these strides.
XGRAD_API Tensor allocate_with_strides(IntArrayRef sizes, const Dims& strides, ScalarType dtype);

/// An uninitialised tensor of self's shape. Where self fills its memory without gaps and overlaps, it has self's strides; else
/// it has no gaps and its axes lie in the order in which self's do. For random numbers that order decides which element
/// gets which draw.
XGRAD_API Tensor allocate_in_order_of(const Tensor& self, ScalarType dtype);

/// The elements as `dtype` in such a tensor. No graph.
XGRAD_API Tensor copy_in_order_of(const Tensor& self, ScalarType dtype);

/// Whether images' channels, axis 1, lie side by side and the batch, axis 0, outermost, as PyTorch decides it
/// (is_channels_last_strides_2d): strides must grow from axis 1 by the last ones to axis 0.
XGRAD_API bool has_channels_innermost(const Tensor& images);

/// An uninitialised tensor that lies so.
XGRAD_API Tensor allocate_with_channels_innermost(IntArrayRef sizes, ScalarType dtype);

/// PyTorch's strides for these sizes in a memory format. Throws, naming `operation`, for Preserve, and for ChannelsLast (ChannelsLast3d) unless
/// there are 4 (5) axes.
Dims strides_in_format(const char* operation, IntArrayRef sizes, MemoryFormat format);

/// An uninitialised tensor of self's shape in such a format, or with Preserve in the order of self.
Tensor allocate_in_format(const char* operation, const Tensor& self, ScalarType dtype, MemoryFormat format);

/// The format of a factory's result: what its argument or its options say. Throws when both do.
MemoryFormat format_of(const char* operation, const TensorOptions& options, std::optional<MemoryFormat> format, MemoryFormat otherwise);

/// A copy that lies so. No graph.
XGRAD_API Tensor with_channels_innermost(const Tensor& images);

}}  // namespace torch::xgrad
