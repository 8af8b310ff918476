// Powers and exponentials.
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// The corner of the exponential of [A^T gy; 0 A^T]. R. Mathias, A chain rule for matrix functions and applications, 1996.
Tensor exponential_gradient(const Tensor& gy, const Tensor& A) {
  const int64_t n = A.size(-1);
  const Tensor At = transposed(A), whole = cat({cat({At, gy}, -1), cat({zeros_like(At), At}, -1)}, -2);
  return linalg_matrix_exp(whole).narrow(-2, 0, n).narrow(-1, n, n);
}

Tensor exponential(const Operation& operation, const Tensor& self) {
  check_square_batch(operation, self);
  const Tensor a = contiguous_as(self, self.dtype()), y = allocate_tensor(self.sizes(), self.dtype());
  dispatch_floating(self.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::exponential_of_each<T>, reads(a), writes(y), batch_count(self), self.size(-1), a.data_ptr<T>(), y.data_ptr<T>());
  });
  return record(Forward(operation, y), wrt(self, [A = save(self)](const Tensor& gy) { return exponential_gradient(gy, A); }));
}

// As PyTorch's, part of the graph, though without a gradient.
Tensor zeroth_power(const Operation& operation, const Tensor& self) {
  const Tensor y = untraced([&] { return copy_of(eye(self.size(-1), self.dtype()).expand(self.sizes()), self.dtype()); });
  return record(Forward(operation, y), wrt(self, [](const Tensor&) { return Tensor(); }));
}

Tensor power(const Operation& operation, const Tensor& self, int64_t n) {
  XGRAD_CHECK(self.dim() >= 2, operation, "The input tensor A must have at least 2 dimensions, got shape ", self.sizes());
  XGRAD_CHECK(self.size(-2) == self.size(-1), operation, "A must be batches of square matrices, but they are ", self.size(-2), " by ", self.size(-1),
              " matrices");
  if (n == 0) return zeroth_power(operation, self);
  if (n == 1) return self.clone();
  Tensor square = n < 0 ? linalg_inv(self) : self, y;
  for (uint64_t left = n < 0 ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n); left > 0; left /= 2) {
    if (left % 2 == 1) y = y.defined() ? matmul(y, square) : square;
    if (left > 1) square = matmul(square, square);
  }
  return y;
}

// Ones, then the running products of x, both (..., n) in the last axis.
Tensor powers(const Tensor& x, int64_t n) {
  Dims shape = x.sizes();
  shape.push_back(n);
  if (n == 0) return zeros(shape, x.is_floating_point() ? x.dtype() : kLong);
  const Tensor products = cumprod(x.unsqueeze(-1).expand(shape).narrow(-1, 0, n - 1), -1);
  shape[shape.size() - 1] = 1;
  return cat({ones(shape, products.dtype()), products}, -1);
}

}  // namespace

Tensor linalg_matrix_exp(const Tensor& self) { return exponential(operation<"linalg.matrix_exp">, self); }
Tensor matrix_exp(const Tensor& self) { return exponential(operation_recorded_as<"matrix_exp", "LinalgMatrixExpBackward0">, self); }

Tensor linalg_matrix_power(const Tensor& self, int64_t n) { return power(operation<"linalg.matrix_power">, self, n); }
Tensor matrix_power(const Tensor& self, int64_t n) { return power(operation<"matrix_power">, self, n); }

Tensor linalg_vander(const Tensor& x, std::optional<int64_t> N) {
  XGRAD_CHECK(x.dtype() != kBool, "[linalg.vander] supports floating point, complex, and integer tensors, but got ", x.dtype());
  const Tensor points = x.dim() == 0 ? x.unsqueeze(-1) : x;
  const int64_t n = N.value_or(points.size(-1));
  XGRAD_CHECK(n > 1, "[linalg.vander] N must be greater than 1, got ", n);
  return powers(points, n);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

void exponential_samples(catalogue::Samples& s, const std::string& name, Tensor (*f)(const Tensor&)) {
  s.sums_depend_on_layout();
  const auto run = [f](Inputs x) { return f(x[0]); };
  // Norms for which Padé's approximants of each degree are taken, and squares after that.
  for (const double size : {1e-3, 0.04, 0.2, 0.5, 1.5, 6.0})
    for (IntArrayRef shape : {Dims{3, 3}, Dims{2, 2}}) s.add(name + "(x[0])", {s.uniform(shape, -size, size)}, run);
  for (IntArrayRef shape : {Dims{1, 1}, Dims{2, 3, 3}, Dims{2, 1, 2, 2}, Dims{2, 1, 1}}) s.add(name + "(x[0])", {s.normal(shape)}, run);
  for (IntArrayRef shape : {Dims{0, 0}, Dims{0, 2, 2}, Dims{2, 0, 0}}) s.at(name + "(x[0])", {s.normal(shape)}, run);
  // Matrices of zeros, one that is nilpotent, rotations.
  const Tensor shift = diag(ones({2}, kDouble), 1);
  for (const Tensor& a : {zeros({2, 2}, kDouble), shift, shift - shift.t(), (shift - shift.t()) * 30}) s.at(name + "(x[0])", {a}, run);
  s.at(name + "(x[0])", {stack({shift * 1e-9, shift - shift.t(), shift.t() * 50})}, run);
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [f] { f(ones({2, 3})); });
  s.rejects("a vector", "must have at least 2 dimensions", [f] { f(ones({2})); });
  s.rejects("integers", "Expected a floating point or complex tensor as input. Got Long", [f] { f(eye(2, kLong)); });
}

const catalogue::Entry linalg_matrix_exp_entry("linalg_matrix_exp",
                                               [](catalogue::Samples& s) { exponential_samples(s, "torch.linalg.matrix_exp", linalg_matrix_exp); });
const catalogue::Entry matrix_exp_entry("matrix_exp", [](catalogue::Samples& s) { exponential_samples(s, "torch.matrix_exp", matrix_exp); });

void power_samples(catalogue::Samples& s, const std::string& name, Tensor (*f)(const Tensor&, int64_t)) {
  s.sums_depend_on_layout();
  for (int64_t n : {-3, -1, 0, 1, 2, 3, 4, 7}) {
    const std::string call = name + "(x[0], " + std::to_string(n) + ")";
    const auto run = [f, n](Inputs x) { return f(x[0], n); };
    for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 1}})
      s.add(call, {s.uniform(batch_shape(batch, {2, 2}), -0.5, 0.5) + eye(2, kDouble) * 1.5}, run);
    for (IntArrayRef shape : {Dims{0, 0}, Dims{0, 2, 2}}) s.at(call, {s.normal(shape)}, run);
    if (n >= 0) s.flat(call, {s.integers({3, 3}, -4, 5)}, run);
  }
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [f] { f(ones({2, 3}), 2); });
  s.rejects("a vector", "must have at least 2 dimensions", [f] { f(ones({2}), 2); });
  s.rejects("the inverse of integers", "Expected a floating point", [f] { f(eye(2, kLong), -1); });
  s.rejects("the inverse of a singular matrix", "The diagonal element 2 is zero", [f] { f(ones({2, 2}), -2); });
  s.rejects("booleans", "\"addmm_impl_cpu_\" not implemented for 'Bool'", [f] { f(ones({2, 2}, kBool), 2); });
}

const catalogue::Entry linalg_matrix_power_entry("linalg_matrix_power",
                                                 [](catalogue::Samples& s) { power_samples(s, "torch.linalg.matrix_power", linalg_matrix_power); });
const catalogue::Entry matrix_power_entry("matrix_power", [](catalogue::Samples& s) { power_samples(s, "torch.matrix_power", matrix_power); });

const catalogue::Entry linalg_vander_entry("linalg_vander", [](catalogue::Samples& s) {
  for (IntArrayRef shape : {Dims{3}, Dims{2, 3}, Dims{0, 2}})
    s.add("torch.linalg.vander(x[0])", {s.avoiding(shape, -2, 2, {0})}, [](Inputs x) { return linalg::vander(x[0]); });
  for (IntArrayRef shape : {Dims{}, Dims{1}, Dims{2, 2}, Dims{0}})
    s.add("torch.linalg.vander(x[0], N=4)", {s.avoiding(shape, -2, 2, {0})}, [](Inputs x) { return linalg::vander(x[0], 4); });
  s.at("torch.linalg.vander(x[0], N=4)", {arange(-1, 2, kDouble)}, [](Inputs x) { return linalg::vander(x[0], 4); });
  for (ScalarType dtype : {kLong, kInt, kByte})
    s.flat("torch.linalg.vander(x[0])", {s.integers({3}, 0, 9).to(dtype)}, [](Inputs x) { return linalg::vander(x[0]); });
  s.rejects("one power", "N must be greater than 1", [] { linalg::vander(ones({3}), 1); });
  s.rejects("booleans", "supports floating point, complex, and integer tensors, but got Bool", [] { linalg::vander(ones({3}, kBool)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
