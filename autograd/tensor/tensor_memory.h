// Tensors as what a kernel reads and writes.
#pragma once

#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

using kernels::launch;
using kernels::reads;
using kernels::writes;

/// From the first to the last of elements of `bytes` each at these strides, counted in elements; there is at least one.
XGRAD_API kernels::MemoryRange strided_range(const void* data, int64_t bytes, IntArrayRef sizes, IntArrayRef strides);

/// From its first element to its last; nothing for an undefined or empty tensor.
XGRAD_API void append_memory(kernels::MemoryRanges& ranges, const Tensor& t);
XGRAD_API void append_memory(kernels::MemoryRanges& ranges, const TensorList& tensors);
inline void append_memory(kernels::MemoryRanges& ranges, const std::vector<Tensor>& tensors) { append_memory(ranges, TensorList(tensors)); }
/// A tensor that is written, as something that is read too if its elements leave gaps: what lies there stays as it is.
struct Gaps {
  const Tensor& of;
};
XGRAD_API void append_memory(kernels::MemoryRanges& ranges, const Gaps& gaps);
/// To be called where a program wrote a contiguous tensor's elements, and no kernel did: an observer sees a launch that writes them.
XGRAD_API void launch_as_written(const Operation& operation, const Tensor& t);
/// The whole state, but for the lock.
XGRAD_API void append_memory(kernels::MemoryRanges& ranges, const GeneratorImpl& generator);

}}  // namespace torch::xgrad
