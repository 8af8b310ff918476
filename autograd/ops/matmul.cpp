// Products put together from those of matrix.cpp.
#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/catalogue.h>
#include <xgrad/autograd/ops/matrix.h>
#include <xgrad/autograd/ops/view.h>
#include <xgrad/autograd/record.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

// A fresh row-major result in another shape, and not a view: nobody else holds what it was made from.
Tensor reshaped(const char* name, const Tensor& y, const Dims& sizes) {
  const Dims before = y.sizes();
  return record(name, Forward(tensor_on(y.storage(), y.dtype(), sizes, contiguous_strides(sizes), y.storage_offset())),
                wrt(y, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Dims leading(const Tensor& t, int count) { return t.sizes().slice(0, static_cast<size_t>(count)); }

// (..., n, k) by (k, m) or (k): one product of all rows.
Tensor fold_rows(const Tensor& a, const Tensor& b) {
  const int axes = static_cast<int>(a.dim());
  Dims sizes = leading(a, axes - 1);
  const Tensor rows = reshape(a, {numel_of(sizes), a.size(-1)});
  if (b.dim() == 2) sizes.push_back(b.size(1));
  return reshaped("UnsafeViewBackward0", b.dim() == 2 ? mm(rows, b) : mv(rows, b), sizes);
}

// Batches of matrices with broadcast leading axes; a 1-d factor is a row or a column.
Tensor multiply_batches(const Tensor& self, const Tensor& other) {
  const Tensor a = self.dim() == 1 ? unsqueeze(self, 0) : self, b = other.dim() == 1 ? unsqueeze(other, 1) : other;
  const int a_lead = static_cast<int>(a.dim()) - 2, b_lead = static_cast<int>(b.dim()) - 2;
  Dims sizes = broadcast_shapes("matmul", leading(a, a_lead), leading(b, b_lead));
  const int64_t count = numel_of(sizes);
  const auto as_batch = [&](const Tensor& t) {
    Dims whole = sizes;
    whole.push_back(t.size(-2));
    whole.push_back(t.size(-1));
    return reshape(expand(t, whole), {count, t.size(-2), t.size(-1)});
  };
  const Tensor y = bmm(as_batch(a), as_batch(b));
  if (self.dim() != 1) sizes.push_back(a.size(-2));
  if (other.dim() != 1) sizes.push_back(b.size(-1));
  return reshaped("UnsafeViewBackward0", y, sizes);
}

}  // namespace

Tensor matmul(const Tensor& self, const Tensor& other) {
  const int64_t a = self.dim(), b = other.dim();
  XGRAD_CHECK(a != 0 && b != 0, "[matmul] both arguments to matmul need to be at least 1D, but they are ", a, "D and ", b, "D");
  if (a == 1 && b == 1) return dot(self, other);
  if (a == 2 && b == 1) return mv(self, other);
  if (a == 2 && b == 2) return mm(self, other);
  if (a == 1 && b == 2) return reshaped("SqueezeBackward3", mm(unsqueeze(self, 0), other), {other.size(1)});
  if (b <= 2) return fold_rows(self, other);
  return multiply_batches(self, other);
}

Tensor outer(const Tensor& self, const Tensor& vec2) {
  XGRAD_CHECK(self.dim() == 1, "[outer] Expected 1-D argument self, but got ", self.dim(), "-D");
  XGRAD_CHECK(vec2.dim() == 1, "[outer] Expected 1-D argument vec2, but got ", vec2.dim(), "-D");
  return unsqueeze(self, 1) * vec2;
}

Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

Tensor inner(const Tensor& self, const Tensor& other) {
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  XGRAD_CHECK(self.size(-1) == other.size(-1), "[inner] the last dimension must match on both input tensors but got shapes ", self.sizes(),
              " and ", other.sizes());
  Dims sizes = leading(self, static_cast<int>(self.dim()) - 1);
  const Dims columns = leading(other, static_cast<int>(other.dim()) - 1);
  const Tensor rows = reshape(self, {numel_of(sizes), self.size(-1)});
  const Tensor y = mm(rows, t(reshape(other, {numel_of(columns), other.size(-1)})));
  for (int64_t n : columns) sizes.push_back(n);
  return reshape(y, sizes);
}

Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias) {
  if (!bias || !bias->defined()) return matmul(input, t(weight));
  if (input.dim() == 2) return addmm(*bias, input, t(weight));
  if (bias->dim() > 1 || weight.dim() != 2 || input.dim() == 0) return matmul(input, t(weight)) + *bias;
  Dims sizes = leading(input, static_cast<int>(input.dim()) - 1);
  const Tensor rows = reshape(input, {numel_of(sizes), input.size(-1)});
  sizes.push_back(weight.size(0));
  return reshaped("ViewBackward0", addmm(*bias, rows, t(weight)), sizes);
}

}  // namespace xgrad
