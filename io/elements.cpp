#include <xgrad/io/elements.h>

#include <algorithm>

#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace io {

void reverse_bytes(char* data, size_t count, size_t width) {
  if (width == 1) return;
  for (size_t i = 0; i < count; ++i) std::reverse(data + i * width, data + (i + 1) * width);
}

Tensor widened_unsigned(const Tensor& stored, ScalarType dtype) {
  const Tensor wide = allocate_tensor(stored.sizes(), dtype);
  const auto fill = [&](const auto* from, auto* to) { std::copy(from, from + stored.numel(), to); };
  if (dtype == kInt) fill(static_cast<const uint16_t*>(stored.data_ptr()), static_cast<int32_t*>(wide.data_ptr()));
  else fill(static_cast<const uint32_t*>(stored.data_ptr()), static_cast<int64_t*>(wide.data_ptr()));
  return wide;
}

void check_elements(const void* data, size_t size, ScalarType dtype, const std::string& where) {
  const auto* const bytes = static_cast<const char*>(data);
  XGRAD_CHECK(dtype != kBool || std::all_of(bytes, bytes + size, [](char c) { return c == 0 || c == 1; }), where, ": a bool is neither 0 nor 1");
}

}}}  // namespace torch::xgrad::io
