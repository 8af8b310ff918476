#include <xgrad/autograd/tensor/tensor_memory.h>

#include <cstring>

#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

kernels::MemoryRange strided_range(const void* data, int64_t bytes, IntArrayRef sizes, IntArrayRef strides) {
  int64_t first = 0, last = 0;
  for (size_t a = 0; a < sizes.size(); ++a) {
    const int64_t way = (sizes[a] - 1) * strides[a];
    (way < 0 ? first : last) += way;
  }
  return {static_cast<const char*>(data) + first * bytes, (last - first + 1) * bytes};
}

void append_memory(kernels::MemoryRanges& ranges, const Tensor& t) {
  if (!t.defined() || t.numel() == 0) return;
  const TensorImpl& impl = t.impl();
  ranges.push_back(strided_range(impl.data, t.element_size(), impl.sizes, impl.strides));
  ranges.back().storage = impl.storage.get();
}

void append_memory(kernels::MemoryRanges& ranges, const TensorList& tensors) {
  for (const Tensor& t : tensors) append_memory(ranges, t);
}

void append_memory(kernels::MemoryRanges& ranges, const Gaps& gaps) {
  if (gaps.of.defined() && !fills_memory(gaps.of.impl())) append_memory(ranges, gaps.of);
}

static void write_constants(kernels::Constants<char> bytes, void* to) { std::memmove(to, bytes.data, static_cast<size_t>(bytes.size)); }

void launch_as_written(const Operation& operation, const Tensor& t) {
  if (!kernels::is_observed() || t.numel() == 0) return;
  const kernels::Constants<char> bytes{static_cast<const char*>(t.data_ptr()), t.numel() * t.element_size()};
  launch(operation, write_constants, reads(), writes(t), bytes, t.data_ptr());
}

void append_memory(kernels::MemoryRanges& ranges, const GeneratorImpl& generator) {
  const void* const begin = &generator.cached_normal;  // the first member after the mutex
  ranges.push_back({begin, reinterpret_cast<const char*>(&generator + 1) - static_cast<const char*>(begin)});
}

}}  // namespace torch::xgrad
