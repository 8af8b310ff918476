// Products put together from those of matrix.cpp.
#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linear.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kMatmul = operation_recorded_as<"matmul", "UnsafeViewBackward0">;

// A fresh row-major result in another shape, and not a view: nobody else holds what it was made from.
template <class... T> Tensor reshaped(const Operation& operation, const Tensor& y, const Dims& sizes, const With<T...>& attributes) {
  const Dims before = y.sizes();
  return record(Forward(operation, tensor_on(y.storage(), y.dtype(), sizes, contiguous_strides(sizes), y.storage_offset())), attributes,
                wrt(y, [before](const Tensor& gy) { return gy.reshape(before); }));
}

Tensor reshaped(const Tensor& y, const Dims& sizes) { return reshaped(operation<"_unsafe_view">, y, sizes, with("size", sizes)); }

Dims leading(const Tensor& t, int count) { return t.sizes().slice(0, static_cast<size_t>(count)); }

// (..., n, k) by (k, m) or (k): one product of all rows.
Tensor fold_rows(const Tensor& a, const Tensor& b) {
  if (b.dim() == 2 && a.size(-1) == b.size(0) && a.dtype() == b.dtype()) return rows_by(a, b, kMatmul);
  Dims sizes = leading(a, static_cast<int>(a.dim()) - 1);
  const Tensor rows = reshape(a, {numel_of(sizes), a.size(-1)});
  if (b.dim() == 1) return reshaped(mv(rows, b), sizes);
  const Tensor y = mm(rows, b);  // throws what is wrong; two dtypes are not, where there are no elements
  sizes.push_back(b.size(1));
  return reshaped(y, sizes);
}

// Batches of matrices with broadcast leading axes; a 1-d factor is a row or a column.
Tensor multiply_batches(const Tensor& self, const Tensor& other) {
  const Tensor a = self.dim() == 1 ? unsqueeze(self, 0) : self, b = other.dim() == 1 ? unsqueeze(other, 1) : other;
  const int a_lead = static_cast<int>(a.dim()) - 2, b_lead = static_cast<int>(b.dim()) - 2;
  Dims sizes = broadcast_shapes(kMatmul.name(), leading(a, a_lead), leading(b, b_lead));
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
  return reshaped(y, sizes);
}

}  // namespace

Tensor matmul(const Tensor& self, const Tensor& other) {
  const int64_t a = self.dim(), b = other.dim();
  XGRAD_CHECK(a != 0 && b != 0, kMatmul, "both arguments to matmul need to be at least 1D, but they are ", a, "D and ", b, "D");
  if (a == 1 && b == 1) return dot(self, other);
  if (a == 2 && b == 1) return mv(self, other);
  if (a == 2 && b == 2) return mm(self, other);
  if (a == 1 && b == 2) return reshaped(operation<"squeeze_", 3>, mm(unsqueeze(self, 0), other), {other.size(1)}, with("dim", 0));
  if (b <= 2) return fold_rows(self, other);
  return multiply_batches(self, other);
}

Tensor outer(const Tensor& self, const Tensor& vec2) {
  XGRAD_CHECK(self.dim() == 1, "[outer] Expected 1-D argument self, but got ", self.dim(), "-D");
  XGRAD_CHECK(vec2.dim() == 1, "[outer] Expected 1-D argument vec2, but got ", vec2.dim(), "-D");
  return unsqueeze(self, 1) * vec2;
}

Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta, const Scalar& alpha) {
  const Operation& op = operation<"addr">;
  XGRAD_CHECK(vec1.dim() == 1, op, "Expected 1-D argument vec1, but got ", vec1.dim(), "-D");
  XGRAD_CHECK(vec2.dim() == 1, op, "Expected 1-D argument vec2, but got ", vec2.dim(), "-D");
  const Dims sizes{vec1.size(0), vec2.size(0)};
  if (!broadcasts_to(self.sizes(), sizes)) expand(self, sizes);  // throws what is wrong
  const ScalarType dtype = promoteTypes(self.dtype(), promoteTypes(vec1.dtype(), vec2.dtype()));
  const auto check_factor = [&](const Scalar& factor, const char* name) {
    XGRAD_CHECK(isFloatingType(dtype) || !factor.isFloatingPoint(), op, "For integral input tensors, argument ", name,
                " must not be a floating point number.");
    XGRAD_CHECK(dtype == kBool || !factor.isBoolean(), op, "Boolean ", name, " only supported for Boolean results.");
  };
  check_factor(beta, "beta");
  check_factor(alpha, "alpha");
  // A factor of a Bool is true or false.
  const auto scaled = [dtype](const Tensor& t, const Scalar& factor) {
    const Scalar exact = dtype == kBool ? Scalar(factor.toBool()) : factor;
    return exact.equal(1) ? t : t * exact;
  };
  const Tensor product = outer(scaled(vec1, alpha), vec2);
  const Tensor y = beta.equal(0) ? product : scaled(self, beta) + product;
  return y.dtype() == dtype ? y : y.to(dtype);
}

Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

Tensor inner(const Tensor& self, const Tensor& other) {
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  XGRAD_CHECK(self.size(-1) == other.size(-1), "[inner] the last dimension must match on both input tensors but got shapes ", self.sizes(), " and ",
              other.sizes());
  Dims sizes = leading(self, static_cast<int>(self.dim()) - 1);
  const Dims columns = leading(other, static_cast<int>(other.dim()) - 1);
  const Tensor rows = reshape(self, {numel_of(sizes), self.size(-1)});
  const Tensor y = mm(rows, t(reshape(other, {numel_of(columns), other.size(-1)})));
  for (int64_t n : columns) sizes.push_back(n);
  return reshape(y, sizes);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

struct MatmulShapes {
  Dims a, b;
};

const catalogue::Entry matmul_entry("matmul", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return matmul(x[0], x[1]); };
  // clang-format off
  const MatmulShapes all[] = {{{3}, {3}}, {{2, 3}, {3}}, {{3}, {3, 2}}, {{2, 3}, {3, 4}}, {{4, 2, 3}, {3}}, {{3}, {4, 3, 2}}, {{4, 2, 3}, {3, 2}},
                        {{2, 3}, {4, 3, 2}}, {{4, 2, 3}, {4, 3, 2}}, {{1, 2, 3}, {4, 3, 2}}, {{4, 2, 3}, {1, 3, 2}}, {{5, 1, 2, 3}, {4, 3, 2}},
                        {{2, 1, 2, 3}, {1, 3, 3, 2}}, {{2, 2, 2, 1, 3}, {3, 1}}, {{3}, {2, 2, 3, 1}}, {{2, 2, 1, 3}, {3}}, {{1}, {1}},
                        {{0}, {0}}, {{2, 0}, {0}}, {{2, 0}, {0, 3}}, {{3, 2, 0}, {0, 3}}, {{0, 2, 3}, {3, 3}}, {{0, 2, 3}, {0, 3, 2}},
                        {{2, 0, 3}, {2, 3, 2}}};
  // clang-format on
  for (const auto& [a, b] : all) s.add("torch.matmul(x[0], x[1])", {s.normal(a), s.normal(b)}, run);
  s.add("torch.matmul(x[0].transpose(0, 1), x[1])", {s.normal({2, 4, 3}), s.normal({3, 2})},
        [](Inputs x) { return matmul(transpose(x[0], 0, 1), x[1]); });
  s.add("torch.matmul(x[0], x[0])", {s.normal({2, 3, 3})}, [](Inputs x) { return matmul(x[0], x[0]); });
  s.flat("torch.matmul(x[0], x[1])", {s.integers({2, 3, 4}, -9, 9), s.integers({4, 2}, -9, 9)}, run);
  s.flat("torch.matmul(x[0], x[1])", {catalogue::constant(zeros({2, 0, 3}, kDouble)), s.integers({3, 4}, 0, 9)}, run);  // two dtypes
  s.flat("torch.matmul(x[0], x[1])", {catalogue::constant(zeros({1, 0, 3, 1}, kDouble)), s.integers({1, 2}, 0, 9)}, run);
  s.rejects("a 0-d factor", "both arguments to matmul need to be at least 1D, but they are 0D and 1D", [] { matmul(ones({}), ones({2})); });
  s.rejects("inner sizes that differ", "mat1 and mat2 shapes cannot be multiplied (4x3 and 4x5)", [] { matmul(ones({2, 2, 3}), ones({4, 5})); });
  s.rejects("inner sizes of batches that differ", "Expected size for first two dimensions of batch2 tensor to be: [2, 3] but got: [2, 4].", [] {
    matmul(ones({2, 2, 3}), ones({2, 4, 5}));
  });
  s.rejects("batches that do not broadcast", "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0", [] {
    matmul(ones({2, 2, 3}), ones({3, 3, 5}));
  });
  s.rejects("vectors that differ", "inconsistent tensor size", [] { matmul(ones({3}), ones({4})); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { matmul(ones({2, 2, 3}), ones({3, 4}, kDouble)); });
});

const catalogue::Entry outer_entry("outer", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [a, b] : {MatmulShapes{{2}, {3}}, MatmulShapes{{1}, {3}}, MatmulShapes{{0}, {3}}, MatmulShapes{{3}, {0}}})
    s.add("torch.outer(x[0], x[1])", {s.normal(a), s.normal(b)}, [](Inputs x) { return outer(x[0], x[1]); });
  s.flat("torch.outer(x[0], x[1])", {s.integers({2}, -9, 9), s.booleans({3})}, [](Inputs x) { return outer(x[0], x[1]); });
  s.rejects("a matrix", "outer] Expected 1-D argument self, but got 2-D", [] { outer(ones({2, 1}), ones({3})); });
  s.rejects("a matrix behind", "Expected 1-D argument vec2, but got 2-D", [] { outer(ones({2}), ones({3, 1})); });
});

const catalogue::Entry addr_entry("addr", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return addr(x[0], x[1], x[2]); };
  for (IntArrayRef shape : {Dims{2, 3}, Dims{3}, Dims{2, 1}, Dims{}}) {
    s.add("torch.addr(x[0], x[1], x[2])", {s.normal(shape), s.normal({2}), s.normal({3})}, run);
    s.add("torch.addr(x[0], x[1], x[2], beta=0.5, alpha=-2)", {s.normal(shape), s.normal({2}), s.normal({3})},
          [](Inputs x) { return addr(x[0], x[1], x[2], 0.5, -2); });
  }
  s.add("torch.addr(x[0], x[1], x[2])", {s.normal({0, 3}), s.normal({0}), s.normal({3})}, run);
  s.add("(x[0] * 1).addr_(x[1], x[2])", {s.normal({2, 3}), s.normal({2}), s.normal({3})}, [](Inputs x) { return (x[0] * 1).addr_(x[1], x[2]); });
  s.at("torch.addr(x[0], x[1], x[2], beta=0)", {full({2, 2}, NAN, kDouble), s.normal({2}), s.normal({2})},
       [](Inputs x) { return addr(x[0], x[1], x[2], 0); });
  s.at("torch.addr(x[0], x[1], x[2], alpha=0)", {s.normal({2, 2}), full({2}, NAN, kDouble), s.normal({2})},
       [](Inputs x) { return addr(x[0], x[1], x[2], 1, 0); });
  s.flat("torch.addr(x[0], x[1], x[2], beta=2, alpha=-3)", {s.integers({2, 3}, -9, 9), s.integers({2}, -9, 9), s.integers({3}, -9, 9)},
         [](Inputs x) { return addr(x[0], x[1], x[2], 2, -3); });
  for (const bool b : {false, true})
    s.flat(std::string("torch.addr(x[0], x[1], x[2], alpha=") + catalogue::text(b) + ")", {s.booleans({2, 3}), s.booleans({2}), s.booleans({3})},
           [b](Inputs x) { return addr(x[0], x[1], x[2], 1, b); });
  s.flat("torch.addr(x[0], x[1], x[2])", {s.integers({2, 3}, -9, 9), catalogue::constant(s.normal({2})), s.booleans({3})}, run);
  s.rejects("a matrix", "Expected 1-D argument vec1, but got 2-D", [] { addr(ones({2, 3}), ones({2, 1}), ones({3})); });
  s.rejects("a matrix behind", "Expected 1-D argument vec2, but got 2-D", [] { addr(ones({2, 3}), ones({2}), ones({3, 1})); });
  s.rejects("a summand of another shape", "must match the existing size (3) at non-singleton dimension 1", [] {
    addr(ones({2, 3}), ones({2}), ones({4}));
  });
  s.rejects("a fraction of integers", "For integral input tensors, argument alpha must not be a floating point number", [] {
    addr(ones({2, 3}, kLong), ones({2}, kLong), ones({3}, kLong), 1, 0.5);
  });
  s.rejects("a Boolean factor", "Boolean beta only supported for Boolean results", [] { addr(ones({2, 3}), ones({2}), ones({3}), true); });
});

const catalogue::Entry ger_entry("ger", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.ger(x[0], x[1])", {s.normal({2}), s.normal({3})}, [](Inputs x) { return ger(x[0], x[1]); });
  s.rejects("a matrix", "Expected 1-D argument vec2, but got 2-D", [] { ger(ones({2}), ones({3, 1})); });
});

const catalogue::Entry inner_entry("inner", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return inner(x[0], x[1]); };
  for (const auto& [a, b] :
       {MatmulShapes{{2}, {2}}, MatmulShapes{{3, 2}, {2}}, MatmulShapes{{2}, {3, 2}}, MatmulShapes{{4, 3, 2}, {5, 2}}, MatmulShapes{{}, {2, 2}},
        MatmulShapes{{2}, {}}, MatmulShapes{{}, {}}, MatmulShapes{{3, 0}, {2, 0}}, MatmulShapes{{0, 2}, {3, 2}}})
    s.add("torch.inner(x[0], x[1])", {s.normal(a), s.normal(b)}, run);
  s.flat("torch.inner(x[0], x[1])", {s.integers({3, 2}, -9, 9), s.integers({2, 2}, -9, 9)}, run);
  s.rejects("last sizes that differ", "the last dimension must match on both input tensors but got shapes [2] and [3]",
            [] { inner(ones({2}), ones({3})); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { inner(ones({2}), ones({2}, kDouble)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
