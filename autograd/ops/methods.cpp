// Methods that make tensors, and functions that are other functions by another name.
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

namespace {
// What `options` leaves open is taken from `t`.
TensorOptions inherit(const Tensor& t, const TensorOptions& options) { return options.has_dtype() ? options : options.dtype(t.dtype()); }
}  // namespace

Tensor Tensor::new_empty(IntArrayRef size, TensorOptions options) const { return empty(size, inherit(*this, options)); }
Tensor Tensor::new_empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options) const {
  return empty_strided(size, stride, inherit(*this, options));
}
Tensor Tensor::new_zeros(IntArrayRef size, TensorOptions options) const { return zeros(size, inherit(*this, options)); }
Tensor Tensor::new_ones(IntArrayRef size, TensorOptions options) const { return ones(size, inherit(*this, options)); }
Tensor Tensor::new_full(IntArrayRef size, const Scalar& fill_value, TensorOptions options) const {
  return full(size, fill_value, inherit(*this, options));
}

Tensor inverse(const Tensor& self) { return linalg_inv(self); }
Tensor det(const Tensor& self) { return linalg_det(self); }
std::tuple<Tensor, Tensor> slogdet(const Tensor& self) { return linalg_slogdet(self); }
std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some) { return linalg_qr(self, some ? "reduced" : "complete"); }

Tensor var(const Tensor& self, int dim) { return var(self, IntArrayRef{dim}); }
Tensor std(const Tensor& self, int dim) { return std(self, IntArrayRef{dim}); }

}}  // namespace torch::xgrad
