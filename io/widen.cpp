#include <xgrad/io/widen.h>

#include <algorithm>

#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace io {

Tensor widened_unsigned(const Tensor& stored, ScalarType dtype) {
  const Tensor wide = allocate_tensor(stored.sizes(), dtype);
  const auto fill = [&](const auto* from, auto* to) { std::copy(from, from + stored.numel(), to); };
  if (dtype == kInt) fill(static_cast<const uint16_t*>(stored.data_ptr()), static_cast<int32_t*>(wide.data_ptr()));
  else fill(static_cast<const uint32_t*>(stored.data_ptr()), static_cast<int64_t*>(wide.data_ptr()));
  return wide;
}

}}}  // namespace torch::xgrad::io
