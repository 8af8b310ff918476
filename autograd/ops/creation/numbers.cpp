#include <xgrad/autograd/ops/creation/numbers.h>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/kernels/pointwise/fill.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

void write_number(const Operation& operation, const Tensor& t, const Scalar& value) {
  dispatch_stored(t.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::fill<T>, reads(), writes(t), t.data_ptr<T>(), t.numel(), element_of<T>(operation.name(), value));
  });
}

Tensor number_tensor(const Operation& operation, const Scalar& value, ScalarType dtype) {
  Tensor t = allocate_tensor({}, dtype);
  write_number(operation, t, value);
  return t;
}

Tensor repeated(const Tensor& element, IntArrayRef sizes) {
  return tensor_on(element.storage(), element.dtype(), sizes, Dims(static_cast<int>(sizes.size()), 0), element.storage_offset());
}

}}  // namespace torch::xgrad
