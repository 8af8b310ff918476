#include <xgrad/autograd/tensor/tensor.h>

#include <iostream>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/step_observer.h>

namespace torch { inline namespace xgrad {

const std::optional<Tensor> detail::kNoTensor;

void TensorImpl::set_storage(Storage other) {
  if (other.is_alias_of(storage)) return;
  if (home && storage.get() == home) storage.leak();
  storage = std::move(other);
  if (home && storage.get() == home) release(home);
}

void append(std::string& text, const Tensor& tensor) {
  if (!tensor.defined()) {
    text += "an undefined tensor";
    return;
  }
  text += toString(tensor.dtype());
  append(text, tensor.sizes());
}

void Tensor::refuse_without_memory() const {
  XGRAD_CHECK(defined(), "[tensor] expected a tensor, got an undefined one");
  detail::raise<NotImplementedError>("[tensor] Could not run this operation with arguments from the 'SparseCPU' backend: got a sparse tensor, ",
                                     *this, "; to_dense() gives one that all operations take");
}

void Tensor::check_dtype(const char* what, ScalarType expected) const {
  XGRAD_CHECK_AS(TypeError, dtype() == expected, "[", what, "] expected scalar type ", expected, " but found ", dtype());
}

void Tensor::check_ndim(const char* what, size_t expected) const {
  XGRAD_CHECK(static_cast<size_t>(dim()) == expected, "[", what, "] TensorAccessor expected ", expected, " dims but tensor has ", dim());
}

int64_t Tensor::size(int64_t axis) const {
  XGRAD_CHECK_AS(IndexError, dim() > 0, "[size] Dimension specified as ", axis, " but tensor has no dimensions");
  return properties().sizes[static_cast<int>(wrap_axis("size", axis, dim()))];
}

int64_t Tensor::stride(int64_t axis) const {
  XGRAD_CHECK_AS(IndexError, dim() > 0, "[stride] Dimension specified as ", axis, " but tensor has no dimensions");
  return impl().strides[static_cast<int>(wrap_axis("stride", axis, dim()))];
}

std::string Tensor::toString() const { return defined() ? type().toString() : "UndefinedType"; }
void Tensor::print() const {
  if (defined()) std::cerr << "[" << toString() << " " << sizes() << "]" << std::endl;
  else std::cerr << "[UndefinedTensor]" << std::endl;
}

Scalar Tensor::item() const {
  XGRAD_CHECK(numel() == 1, "[item] a Tensor with ", numel(), " elements cannot be converted to Scalar, got shape ", sizes());
  detail::note_leaving_launches("item");
  return dispatch_stored(dtype(), "item", [this](auto zero) { return Scalar(*reinterpret_cast<const decltype(zero)*>(impl().data)); });
}

bool Tensor::is_nonzero() const {
  XGRAD_CHECK(numel() != 0, "[is_nonzero] Boolean value of Tensor with no values is ambiguous");
  XGRAD_CHECK(numel() == 1, "[is_nonzero] Boolean value of Tensor with more than one value is ambiguous, got shape ", sizes());
  return item().toBool();
}

Tensor Tensor::cuda() const {
  check_device("cuda", Device(kCUDA));
  return *this;
}

Tensor Tensor::pin_memory(std::optional<Device> device) const {
  check_device("pin_memory", device.value_or(Device(kCUDA)));
  return *this;
}

Tensor& Tensor::mutable_grad() const {
  detail::note_look_at_gradient_of(properties());
  return properties().grad();
}
const Tensor& Tensor::grad() const {
  static const Tensor none;
  if (!defined()) return none;
  detail::note_look_at_gradient_of(properties());
  return properties().grad();
}

// ---- assignment to temporaries

Tensor& Tensor::operator=(const Tensor& value) && {
  copy_(value);
  return *this;
}
Tensor& Tensor::operator=(Tensor&& value) && {
  copy_(value);
  return *this;
}
Tensor& Tensor::operator=(const Scalar& value) && {
  fill_(value);
  return *this;
}

}}  // namespace torch::xgrad
