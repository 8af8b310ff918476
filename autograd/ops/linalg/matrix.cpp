#include <xgrad/autograd/ops/linalg/matrix.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linear.h>
#include <xgrad/autograd/ops/linalg/matrix_product.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// What PyTorch calls its kernels where it refuses a dtype.
constexpr const char* kMatrixKernel = "addmm_impl_cpu_";
constexpr const char* kVectorKernel = "addmv_impl_cpu";

// The summand of a product with a vector, which is a column.
MatrixOperand column_summand(const Tensor& t, const Dims& sizes) {
  const MatrixOperand row = summand(t, sizes);
  return {row.data, 0, row.column_stride, 1};
}

// Where nothing is multiplied the dtypes may differ.
void check_same_dtype(const Operation& operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dtype() == b.dtype() || a.numel() == 0 || b.numel() == 0, operation,
              "expected m1 and m2 to have the same dtype: expected scalar type ", a.dtype(), " but found ", b.dtype());
}

Tensor scaled(const Tensor& t, const Scalar& factor) { return factor.equal(1) ? t : t * factor; }

// ---- shapes

void check_matrices(const Operation& operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dim() == 2, operation, "mat1 must be a matrix, got ", a.dim(), "-D tensor");
  XGRAD_CHECK(b.dim() == 2, operation, "mat2 must be a matrix, got ", b.dim(), "-D tensor");
  XGRAD_CHECK(a.size(1) == b.size(0), operation, "mat1 and mat2 shapes cannot be multiplied (", a.size(0), "x", a.size(1), " and ", b.size(0), "x",
              b.size(1), ")");
  check_same_dtype(operation, a, b);
}

void check_matrix_and_vector(const Operation& operation, const Tensor& a, const Tensor& x) {
  XGRAD_CHECK(a.dim() == 2 && x.dim() == 1, operation, "vector + matrix @ vector expected, got a ", a.dim(), "-D matrix and a ", x.dim(),
              "-D vector");
  XGRAD_CHECK(a.size(1) == x.size(0), operation, "size mismatch, got ", a.size(0), "x", a.size(1), " and ", x.size(0));
  check_same_dtype(operation, a, x);
}

void check_batches(const Operation& operation, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dim() == 3, operation, "batch1 must be a 3D tensor, got ", a.dim(), "D");
  XGRAD_CHECK(b.dim() == 3, operation, "batch2 must be a 3D tensor, got ", b.dim(), "D");
  XGRAD_CHECK(a.size(0) == b.size(0) && a.size(2) == b.size(1), operation, "Expected size for first two dimensions of batch2 tensor to be: [",
              a.size(0), ", ", a.size(2), "] but got: [", b.size(0), ", ", b.size(1), "].");
  check_same_dtype(operation, a, b);
}

kernels::ProductSizes sizes_of(const Tensor& a, const Tensor& b) { return {1, a.size(0), b.size(1), a.size(1)}; }
kernels::ProductSizes batched_sizes_of(const Tensor& a, const Tensor& b) { return {a.size(0), a.size(1), b.size(2), a.size(2)}; }

}  // namespace

Tensor mm(const Tensor& self, const Tensor& mat2) {
  const Operation& op = operation<"mm">;
  check_matrices(op, self, mat2);
  return record(product(op, kMatrixKernel, self.dtype(), {self.size(0), mat2.size(1)}, sizes_of(self, mat2), matrix(self), matrix(mat2)),
                wrt(self, [b = save(mat2)](const Gradients& g) { return linear_gradient(g, 0, g.gy(), b); }),
                wrt(mat2, [a = save(self)](const Gradients& g) { return outer_gradient(g, 1, a, g.gy()); }));
}

Tensor mv(const Tensor& self, const Tensor& vec) {
  const Operation& op = operation<"mv">;
  check_matrix_and_vector(op, self, vec);
  return record(product(op, kVectorKernel, vec.dtype(), {self.size(0)}, {1, self.size(0), 1, self.size(1)}, matrix(self), column(vec)),
                wrt(self, [x = save(vec)](const Tensor& gy) { return outer(gy, x); }),
                wrt(vec, [a = save(self)](const Tensor& gy) { return mv(t(a), gy); }));
}

Tensor dot(const Tensor& self, const Tensor& tensor) {
  const Operation& op = operation<"dot">;
  XGRAD_CHECK(self.dim() == 1 && tensor.dim() == 1, op, "1D tensors expected, but got ", self.dim(), "D and ", tensor.dim(), "D tensors");
  XGRAD_CHECK(self.dtype() == tensor.dtype(), op, "expected both vectors to have same dtype, but found ", self.dtype(), " and ", tensor.dtype());
  XGRAD_CHECK(self.size(0) == tensor.size(0), op, "inconsistent tensor size, expected tensor ", self.sizes(), " and src ", tensor.sizes(),
              " to have the same number of elements, but got ", self.size(0), " and ", tensor.size(0), " elements respectively");
  if (self.dtype() == kBool) detail::raise<NotImplementedError>("\"", op.name(), "\" not implemented for '", self.dtype(), "'");
  const Computed a(self), b(tensor);
  Tensor y = allocate_tensor({}, a->dtype());
  dispatch_all(y.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    if constexpr (!std::is_same_v<T, bool>)
      launch(op, kernels::dot<T>, reads(*a, *b), writes(y), a->size(0), a->data_ptr<T>(), a->stride(0), b->data_ptr<T>(), b->stride(0),
             y.data_ptr<T>());
  });
  return record(Forward(op, rounded_to(self.dtype(), std::move(y))), wrt(self, [b = save(tensor)](const Tensor& gy) { return gy * *b; }),
                wrt(tensor, [a = save(self)](const Tensor& gy) { return gy * *a; }));
}

Tensor bmm(const Tensor& self, const Tensor& mat2) {
  const Operation& op = operation<"bmm">;
  check_batches(op, self, mat2);
  const Dims sizes{self.size(0), self.size(1), mat2.size(2)};
  return record(product(op, op.name(), mat2.dtype(), sizes, batched_sizes_of(self, mat2), batch(self), batch(mat2)),
                wrt(self, [b = save(mat2)](const Tensor& gy) { return bmm(gy, transpose(b, 1, 2)); }),
                wrt(mat2, [a = save(self)](const Tensor& gy) { return bmm(transpose(a, 1, 2), gy); }));
}

Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) {
  const Operation& op = operation<"addmm">;
  check_matrices(op, mat1, mat2);
  XGRAD_CHECK(self.dtype() == mat2.dtype(), op, "self and mat2 must have the same dtype, got ", self.dtype(), " and ", mat2.dtype());
  const Dims sizes{mat1.size(0), mat2.size(1)};
  return record(
      product(op, kMatrixKernel, mat2.dtype(), sizes, sizes_of(mat1, mat2), matrix(mat1), matrix(mat2), summand(self, sizes), {alpha, beta}),
      with("beta", beta, "alpha", alpha), wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
      wrt(mat1, [b = save(mat2), alpha](const Tensor& gy) { return scaled(linear(gy, b), alpha); }),
      wrt(mat2, [a = save(mat1), alpha](const Tensor& gy) { return scaled(sum_of_outer_products(a, gy), alpha); }));
}

Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta, const Scalar& alpha) {
  const Operation& op = operation<"addmv">;
  check_matrix_and_vector(op, mat, vec);
  if (self.dtype() != vec.dtype()) return addmv(self.to(vec.dtype()), mat, vec, beta, alpha);
  const Dims sizes{mat.size(0)};
  return record(product(op, kVectorKernel, vec.dtype(), sizes, {1, mat.size(0), 1, mat.size(1)}, matrix(mat), column(vec),
                        column_summand(self, sizes), {alpha, beta}),
                with("beta", beta, "alpha", alpha), wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(mat, [x = save(vec), alpha](const Tensor& gy) { return scaled(outer(gy, x), alpha); }),
                wrt(vec, [a = save(mat), alpha](const Tensor& gy) { return scaled(mv(t(a), gy), alpha); }));
}

Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  const Operation& op = operation<"baddbmm">;
  check_batches(op, batch1, batch2);
  if (self.dtype() != batch2.dtype()) return baddbmm(self.to(batch2.dtype()), batch1, batch2, beta, alpha);
  const Dims sizes{batch1.size(0), batch1.size(1), batch2.size(2)};
  return record(product(op, op.name(), batch2.dtype(), sizes, batched_sizes_of(batch1, batch2), batch(batch1), batch(batch2), summand(self, sizes),
                        {alpha, beta}),
                with("beta", beta, "alpha", alpha), wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(batch1, [b = save(batch2), alpha](const Tensor& gy) { return scaled(bmm(gy, transpose(b, 1, 2)), alpha); }),
                wrt(batch2, [a = save(batch1), alpha](const Tensor& gy) { return scaled(bmm(transpose(a, 1, 2), gy), alpha); }));
}

// One product, of the matrices of batch1 beside each other and those of batch2 below each other.
Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta, const Scalar& alpha) {
  const Operation& op = operation<"addbmm">;
  check_batches(op, batch1, batch2);
  XGRAD_CHECK(self.dtype() == batch2.dtype(), op, "self and mat2 must have the same dtype, got ", self.dtype(), " and ", batch2.dtype());
  const int64_t depth = batch1.size(0) * batch1.size(2);
  const Tensor a = untraced([&] { return reshape(permute(batch1.detach(), {1, 0, 2}), {batch1.size(1), depth}); });
  const Tensor b = untraced([&] { return reshape(batch2.detach(), {depth, batch2.size(2)}); });
  const Dims sizes{batch1.size(1), batch2.size(2)};
  return record(product(op, kMatrixKernel, batch2.dtype(), sizes, sizes_of(a, b), matrix(a), matrix(b), summand(self, sizes), {alpha, beta}),
                with("beta", beta, "alpha", alpha), wrt(self, [beta](const Tensor& gy) { return scaled(gy, beta); }),
                wrt(batch1, [b = save(batch2), alpha](const Tensor& gy) { return scaled(matmul(gy, transpose(b, 1, 2)), alpha); }),
                wrt(batch2, [a = save(batch1), alpha](const Tensor& gy) { return scaled(matmul(transpose(a, 1, 2), gy), alpha); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Inner size 0, rows and columns of one element, and shapes that are neither.
struct Product {
  int64_t rows, depth, columns;
};
constexpr Product kProducts[] = {{2, 3, 4}, {1, 3, 2}, {3, 1, 2}, {4, 2, 1}, {1, 1, 1}, {2, 0, 3}, {0, 2, 3}, {17, 5, 19}};

const catalogue::Entry mm_entry("mm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return mm(x[0], x[1]); };
  for (auto [m, k, n] : kProducts) s.add("torch.mm(x[0], x[1])", {s.normal({m, k}), s.normal({k, n})}, run);
  s.add("torch.mm(x[0], x[0].t())", {s.normal({3, 4})}, [](Inputs x) { return mm(x[0], t(x[0])); });
  s.add("torch.mm(x[0].t(), x[1].t())", {s.normal({3, 4}), s.normal({2, 3})}, [](Inputs x) { return mm(t(x[0]), t(x[1])); });
  s.flat("torch.mm(x[0], x[1])", {s.integers({3, 4}, -9, 9), s.integers({4, 2}, -9, 9)}, run);
  for (ScalarType dtype : {kInt, kByte})
    s.flat("torch.mm(x[0], x[1])", {s.integers({3, 4}, 0, 90).to(dtype), s.integers({4, 2}, 0, 90).to(dtype)}, run);
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  s.at("torch.mm(x[0], x[1])", {full({2, 2}, nan, kDouble), zeros({2, 2}, kDouble)}, run);
  s.at("torch.mm(x[0], x[1])", {zeros({2, 2}, kDouble), full({2, 2}, inf, kDouble)}, run);
  s.rejects("inner sizes that differ", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", [] { mm(ones({2, 3}), ones({4, 5})); });
  s.rejects("a vector", "mat2 must be a matrix", [] { mm(ones({2, 3}), ones({3})); });
  s.rejects("a vector in front", "mat1 must be a matrix", [] { mm(ones({3}), ones({3, 2})); });
  s.rejects("two dtypes", "expected m1 and m2 to have the same dtype", [] { mm(ones({2, 3}), ones({3, 2}, kDouble)); });
  s.rejects("booleans", "\"addmm_impl_cpu_\" not implemented for 'Bool'", [] { mm(ones({2, 3}, kBool), ones({3, 2}, kBool)); });
});

const catalogue::Entry mv_entry("mv", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return mv(x[0], x[1]); };
  for (auto [m, k, n] : kProducts) s.add("torch.mv(x[0], x[1])", {s.normal({m, k}), s.normal({k})}, run);
  s.flat("torch.mv(x[0], x[1])", {s.integers({3, 4}, -9, 9), s.integers({4}, -9, 9)}, run);
  s.rejects("sizes that differ", "size mismatch", [] { mv(ones({2, 3}), ones({4})); });
  s.rejects("a matrix for the vector", "vector + matrix @ vector expected", [] { mv(ones({2, 3}), ones({3, 1})); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { mv(ones({2, 3}), ones({3}, kDouble)); });
});

const catalogue::Entry dot_entry("dot", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return dot(x[0], x[1]); };
  for (int64_t n : {0, 1, 5, 67}) s.add("torch.dot(x[0], x[1])", {s.normal({n}), s.normal({n})}, run);
  s.add("torch.dot(x[0], x[0])", {s.normal({4})}, [](Inputs x) { return dot(x[0], x[0]); });
  s.flat("torch.dot(x[0], x[1])", {s.integers({4}, -9, 9), s.integers({4}, -9, 9)}, run);
  s.rejects("lengths that differ", "to have the same number of elements", [] { dot(ones({2}), ones({3})); });
  s.rejects("a matrix", "1D tensors expected, but got 2D and 1D tensors", [] { dot(ones({2, 2}), ones({3})); });
  s.rejects("two dtypes", "expected both vectors to have same dtype", [] { dot(ones({2}), ones({2}, kDouble)); });
  s.rejects("booleans", "\"dot\" not implemented for 'Bool'", [] { dot(ones({2}, kBool), ones({2}, kBool)); });
});

const catalogue::Entry bmm_entry("bmm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return bmm(x[0], x[1]); };
  for (int64_t b : {0, 1, 3})
    for (auto [m, k, n] : kProducts) s.add("torch.bmm(x[0], x[1])", {s.normal({b, m, k}), s.normal({b, k, n})}, run);
  s.add("torch.bmm(x[0], x[1].transpose(1, 2))", {s.normal({2, 3, 4}), s.normal({2, 5, 4})},
        [](Inputs x) { return bmm(x[0], transpose(x[1], 1, 2)); });
  s.flat("torch.bmm(x[0], x[1])", {s.integers({2, 3, 4}, -9, 9), s.integers({2, 4, 2}, -9, 9)}, run);
  s.rejects("batches that differ", "Expected size for first two dimensions of batch2 tensor to be: [2, 3] but got: [3, 3].", [] {
    bmm(ones({2, 2, 3}), ones({3, 3, 2}));
  });
  s.rejects("a matrix", "batch1 must be a 3D tensor", [] { bmm(ones({2, 3}), ones({2, 3})); });
  s.rejects("a matrix behind", "batch2 must be a 3D tensor", [] { bmm(ones({2, 2, 3}), ones({2, 3})); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { bmm(ones({1, 2, 2}), ones({1, 2, 2}, kDouble)); });
});

// What beta and alpha may be, in C++ and as Python writes it.
struct FactorPair {
  Scalar beta, alpha;
  const char* text;
};
const FactorPair kFactors[] = {{1, 1, ""}, {0.5, -2.5, ", beta=0.5, alpha=-2.5"}, {0, 2, ", beta=0, alpha=2"}, {3, 0, ", beta=3, alpha=0"}};

const char* const kZeroTimes = "products-taken-zero-times";

const catalogue::Entry addmm_entry("addmm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const FactorPair& f : kFactors) {
    const auto run = [f](Inputs x) { return addmm(x[0], x[1], x[2], f.beta, f.alpha); };
    const std::string call = std::string("torch.addmm(x[0], x[1], x[2]") + f.text + ")";
    for (IntArrayRef shape : {Dims{2, 4}, Dims{4}, Dims{1, 4}, Dims{2, 1}, Dims{}, Dims{1}})
      s.add(call, {s.normal(shape), s.normal({2, 3}), s.normal({3, 4})}, run);
    s.add(call, {s.normal({4}), s.normal({2, 0}), s.normal({0, 4})}, run);
    s.add(call, {s.normal({4}), s.normal({0, 3}), s.normal({3, 4})}, run);
  }
  const double nan = std::numeric_limits<double>::quiet_NaN();
  s.at("torch.addmm(x[0], x[1], x[2], beta=0)", {full({2}, nan, kDouble), s.normal({2, 3}), s.normal({3, 2})},
       [](Inputs x) { return addmm(x[0], x[1], x[2], 0); });
  s.at("torch.addmm(x[0], x[1], x[2], alpha=0)", {s.normal({2}), full({2, 3}, nan, kDouble), s.normal({3, 2})}, [](Inputs x) {
     return addmm(x[0], x[1], x[2], 1, 0);
   }).deviation = kZeroTimes;
  s.flat("torch.addmm(x[0], x[1], x[2], beta=2, alpha=3)", {s.integers({2}, -9, 9), s.integers({2, 3}, -9, 9), s.integers({3, 2}, -9, 9)},
         [](Inputs x) { return addmm(x[0], x[1], x[2], 2, 3); });
  s.rejects("a summand that does not broadcast", "The expanded size of the tensor (2) must match the existing size (3)", [] {
    addmm(ones({3}), ones({2, 3}), ones({3, 2}));
  });
  s.rejects("a summand with too many axes", "must be greater or equal to the number of dimensions in the tensor (3)", [] {
    addmm(ones({1, 2, 2}), ones({2, 3}), ones({3, 2}));
  });
  s.rejects("inner sizes that differ", "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)", [] {
    addmm(ones({2}), ones({2, 3}), ones({4, 5}));
  });
  s.rejects("a summand of another dtype", "self and mat2 must have the same dtype", [] { addmm(ones({2}, kDouble), ones({2, 3}), ones({3, 2})); });
});

const catalogue::Entry addmv_entry("addmv", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const FactorPair& f : kFactors) {
    const auto run = [f](Inputs x) { return addmv(x[0], x[1], x[2], f.beta, f.alpha); };
    const std::string call = std::string("torch.addmv(x[0], x[1], x[2]") + f.text + ")";
    for (IntArrayRef shape : {Dims{2}, Dims{1}, Dims{}}) s.add(call, {s.normal(shape), s.normal({2, 3}), s.normal({3})}, run);
    s.add(call, {s.normal({2}), s.normal({2, 0}), s.normal({0})}, run);
  }
  s.at("torch.addmv(x[0], x[1], x[2], alpha=0)", {s.normal({2}), full({2, 3}, std::numeric_limits<double>::quiet_NaN(), kDouble), s.normal({3})},
       [](Inputs x) { return addmv(x[0], x[1], x[2], 1, 0); })
      .deviation = kZeroTimes;
  s.rejects("sizes that differ", "size mismatch", [] { addmv(ones({2}), ones({2, 3}), ones({2})); });
  s.rejects("a summand that does not broadcast", "must match the existing size", [] { addmv(ones({3}), ones({2, 3}), ones({3})); });
});

const catalogue::Entry baddbmm_entry("baddbmm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const FactorPair& f : kFactors) {
    // PyTorch 1.13 adds 0 times memory it has not written, which at times is NaN.
    if (f.beta.equal(0)) continue;
    const auto run = [f](Inputs x) { return baddbmm(x[0], x[1], x[2], f.beta, f.alpha); };
    const std::string call = std::string("torch.baddbmm(x[0], x[1], x[2]") + f.text + ")";
    for (IntArrayRef shape : {Dims{2, 3, 4}, Dims{2, 1, 1}, Dims{3, 4}, Dims{4}, Dims{}})
      s.add(call, {s.normal(shape), s.normal({2, 3, 2}), s.normal({2, 2, 4})}, run);
    s.add(call, {s.normal({4}), s.normal({2, 3, 0}), s.normal({2, 0, 4})}, run);
  }
  s.rejects("inner sizes that differ", "Expected size for first two dimensions of batch2 tensor to be: [2, 3] but got: [2, 4].", [] {
    baddbmm(ones({2}), ones({2, 2, 3}), ones({2, 4, 2}));
  });
  s.rejects("a summand that does not broadcast", "must match the existing size", [] { baddbmm(ones({3}), ones({2, 2, 3}), ones({2, 3, 2})); });
});

const catalogue::Entry addbmm_entry("addbmm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return addbmm(x[0], x[1], x[2]); };
  for (int64_t b : {0, 1, 3})
    for (auto [m, k, n] : kProducts) s.add("torch.addbmm(x[0], x[1], x[2])", {s.normal({m, n}), s.normal({b, m, k}), s.normal({b, k, n})}, run);
  for (IntArrayRef shape : {Dims{4}, Dims{1, 4}, Dims{2, 1}, Dims{}})
    s.add("torch.addbmm(x[0], x[1], x[2], beta=0.5, alpha=-2)", {s.normal(shape), s.normal({3, 2, 3}), s.normal({3, 3, 4})},
          [](Inputs x) { return addbmm(x[0], x[1], x[2], 0.5, -2); });
  s.at("torch.addbmm(x[0], x[1], x[2], beta=0)", {full({2, 2}, NAN, kDouble), s.normal({3, 2, 3}), s.normal({3, 3, 2})},
       [](Inputs x) { return addbmm(x[0], x[1], x[2], 0); });
  s.add("(x[0] * 1).addbmm_(x[1], x[2])", {s.normal({2, 4}), s.normal({3, 2, 3}), s.normal({3, 3, 4})},
        [](Inputs x) { return (x[0] * 1).addbmm_(x[1], x[2]); });
  s.flat("torch.addbmm(x[0], x[1], x[2], beta=2, alpha=-3)", {s.integers({2, 4}, -9, 9), s.integers({3, 2, 3}, -9, 9), s.integers({3, 3, 4}, -9, 9)},
         [](Inputs x) { return addbmm(x[0], x[1], x[2], 2, -3); });
  s.rejects("a summand of another shape", "must match the existing size", [] { addbmm(ones({3, 3}), ones({1, 2, 3}), ones({1, 3, 4})); });
  s.rejects("batches that differ", "Expected size for first two dimensions of batch2", [] {
    addbmm(ones({2, 4}), ones({1, 2, 3}), ones({2, 3, 4}));
  });
  s.rejects("a matrix", "batch1 must be a 3D tensor", [] { addbmm(ones({2, 4}), ones({2, 3}), ones({2, 3, 4})); });
  s.rejects("two dtypes", "must have the same dtype", [] { addbmm(ones({2, 4}, kDouble), ones({1, 2, 3}), ones({1, 3, 4})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
