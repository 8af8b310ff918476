#include <xgrad/autograd/tensor/tensor_memory.h>

#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad {

void append_memory(kernels::MemoryRanges& ranges, const Tensor& t) {
  if (!t.defined() || t.numel() == 0) return;
  const TensorImpl& impl = t.impl();
  int64_t first = 0, last = 0;  // elements
  for (int a = 0; a < impl.sizes.size(); ++a) {
    const int64_t way = (impl.sizes[a] - 1) * impl.strides[a];
    (way < 0 ? first : last) += way;
  }
  const auto bytes = static_cast<int64_t>(elementSize(impl.dtype));
  ranges.push_back({impl.data + first * bytes, (last - first + 1) * bytes});
}

void append_memory(kernels::MemoryRanges& ranges, const TensorList& tensors) {
  for (const Tensor& t : tensors) append_memory(ranges, t);
}

void append_memory(kernels::MemoryRanges& ranges, const Gaps& gaps) {
  if (gaps.of.defined() && !fills_memory(gaps.of.impl())) append_memory(ranges, gaps.of);
}

void append_memory(kernels::MemoryRanges& ranges, const GeneratorImpl& generator) {
  const void* const begin = &generator.cached_normal;  // the first member after the mutex
  ranges.push_back({begin, reinterpret_cast<const char*>(&generator + 1) - static_cast<const char*>(begin)});
}

}}  // namespace torch::xgrad
