#include <xgrad/autograd/ops/comparison.h>

#include <algorithm>

#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/comparison.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

Tensor compare(const char* operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  return not_differentiable(pointwise(operation, table, result_type({a, b}), kBool, {a, b}));
}

}  // namespace

Tensor eq(const Tensor& self, const Scalar& other) { return compare("eq", kernels::eq, self, other); }
Tensor eq(const Tensor& self, const Tensor& other) { return compare("eq", kernels::eq, self, other); }
Tensor ne(const Tensor& self, const Scalar& other) { return compare("ne", kernels::ne, self, other); }
Tensor ne(const Tensor& self, const Tensor& other) { return compare("ne", kernels::ne, self, other); }
Tensor lt(const Tensor& self, const Scalar& other) { return compare("lt", kernels::lt, self, other); }
Tensor lt(const Tensor& self, const Tensor& other) { return compare("lt", kernels::lt, self, other); }
Tensor le(const Tensor& self, const Scalar& other) { return compare("le", kernels::le, self, other); }
Tensor le(const Tensor& self, const Tensor& other) { return compare("le", kernels::le, self, other); }
Tensor gt(const Tensor& self, const Scalar& other) { return compare("gt", kernels::lt, other, self); }
Tensor gt(const Tensor& self, const Tensor& other) { return compare("gt", kernels::lt, other, self); }
Tensor ge(const Tensor& self, const Scalar& other) { return compare("ge", kernels::le, other, self); }
Tensor ge(const Tensor& self, const Tensor& other) { return compare("ge", kernels::le, other, self); }

// ---- whole tensors

namespace {

bool all_true(const Tensor& t) {
  const bool* p = t.data_ptr<bool>();
  return std::all_of(p, p + t.numel(), [](bool v) { return v; });
}

}  // namespace

bool equal(const Tensor& self, const Tensor& other) { return self.sizes() == other.sizes() && all_true(eq(self, other)); }

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return all_true(isclose(self, other, rtol, atol, equal_nan));
}

// ---- tests

Tensor isclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  XGRAD_CHECK(self.dtype() == other.dtype(), "[isclose] ", self.dtype(), " did not match ", other.dtype());
  XGRAD_CHECK(rtol >= 0, "[isclose] rtol must be greater than or equal to zero, but got ", rtol);
  XGRAD_CHECK(atol >= 0, "[isclose] atol must be greater than or equal to zero, but got ", atol);
  const kernels::Tolerance tolerance{rtol, atol, equal_nan};
  const ScalarType compute = self.is_floating_point() ? self.dtype() : kDouble;
  return not_differentiable(pointwise("isclose", kernels::isclose, compute, kBool, {self, other}, &tolerance));
}

namespace {

Tensor test(const char* operation, const kernels::LoopTable& table, const Tensor& x) {
  return not_differentiable(pointwise(operation, table, floating_result_type({x}), kBool, {x}));
}

}  // namespace

Tensor isnan(const Tensor& self) { return test("isnan", kernels::isnan, self); }
Tensor isinf(const Tensor& self) { return test("isinf", kernels::isinf, self); }
Tensor isfinite(const Tensor& self) { return test("isfinite", kernels::isfinite, self); }

// ---- logic: a number counts as true iff it is not 0

Tensor logical_and(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise("logical_and", kernels::logical_and, kBool, {self, other}));
}
Tensor logical_or(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise("logical_or", kernels::logical_or, kBool, {self, other}));
}
Tensor logical_xor(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise("logical_xor", kernels::logical_xor, kBool, {self, other}));
}
Tensor logical_not(const Tensor& self) { return not_differentiable(pointwise("logical_not", kernels::logical_not, kBool, {self})); }

// ---- bits

namespace {

Tensor bitwise(const char* operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  return not_differentiable(pointwise(operation, table, result_type({a, b}), {a, b}));
}

}  // namespace

Tensor bitwise_and(const Tensor& self, const Scalar& other) { return bitwise("bitwise_and", kernels::bitwise_and, self, other); }
Tensor bitwise_and(const Scalar& self, const Tensor& other) { return bitwise("bitwise_and", kernels::bitwise_and, self, other); }
Tensor bitwise_and(const Tensor& self, const Tensor& other) { return bitwise("bitwise_and", kernels::bitwise_and, self, other); }
Tensor bitwise_or(const Tensor& self, const Scalar& other) { return bitwise("bitwise_or", kernels::bitwise_or, self, other); }
Tensor bitwise_or(const Scalar& self, const Tensor& other) { return bitwise("bitwise_or", kernels::bitwise_or, self, other); }
Tensor bitwise_or(const Tensor& self, const Tensor& other) { return bitwise("bitwise_or", kernels::bitwise_or, self, other); }
Tensor bitwise_xor(const Tensor& self, const Scalar& other) { return bitwise("bitwise_xor", kernels::bitwise_xor, self, other); }
Tensor bitwise_xor(const Scalar& self, const Tensor& other) { return bitwise("bitwise_xor", kernels::bitwise_xor, self, other); }
Tensor bitwise_xor(const Tensor& self, const Tensor& other) { return bitwise("bitwise_xor", kernels::bitwise_xor, self, other); }
Tensor bitwise_not(const Tensor& self) { return not_differentiable(pointwise("bitwise_not", kernels::bitwise_not, self.dtype(), {self})); }

}  // namespace xgrad
