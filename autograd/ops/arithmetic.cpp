#include <xgrad/autograd/ops/arithmetic.h>

#include <xgrad/autograd/kernels/arithmetic.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

kernels::Factor factor(const Scalar& s) { return {s.toDouble(), s.isFloatingPoint() ? 0 : s.toLong()}; }

void check_alpha(const char* operation, ScalarType dtype, const Scalar& alpha) {
  XGRAD_CHECK(!alpha.isBoolean() || dtype == kBool, "[", operation, "] Boolean alpha only supported for Boolean results.");
  XGRAD_CHECK(isFloatingType(dtype) || !alpha.isFloatingPoint(), "[", operation,
              "] For integral input tensors, argument alpha must not be a floating point number, got ", alpha.toDouble());
}

// self + alpha * other
Forward add_forward(const char* operation, const Operand& self, const Operand& other, const Scalar& alpha) {
  const ScalarType dtype = result_type({self, other});
  check_alpha(operation, dtype, alpha);
  const kernels::Factor parameter = factor(alpha);
  return pointwise(operation, kernels::add_scaled, dtype, {self, other}, &parameter);
}

void refuse_bool(const char* operation, ScalarType self, ScalarType other) {
  XGRAD_CHECK(self != kBool || other != kBool, "[", operation, "] Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
              "`^` or `logical_xor()` operator instead.");
  XGRAD_CHECK(self != kBool && other != kBool, "[", operation, "] Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
              "trying to invert a mask, use the `~` or `logical_not()` operator instead.");
}

Tensor scaled(const Tensor& gy, const Scalar& factor) { return factor.equal(1) ? gy : gy * factor; }

}  // namespace

// ---- sums and differences

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  return record("AddBackward0", add_forward("add", self, other, alpha),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(other, [alpha](const Tensor& gy) { return scaled(gy, alpha); }));
}

Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  return record("AddBackward1", add_forward("add", self, other, alpha), wrt(self, [](const Tensor& gy) { return gy; }));
}

Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  refuse_bool("sub", self.dtype(), other.dtype());
  return record("SubBackward0", add_forward("sub", self, other, -alpha),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(other, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }));
}

Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  refuse_bool("sub", self.dtype(), other.type());
  return record("SubBackward1", add_forward("sub", self, other, -alpha), wrt(self, [](const Tensor& gy) { return gy; }));
}

Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  refuse_bool("rsub", self.dtype(), other.dtype());
  return record("RsubBackward0", add_forward("rsub", other, self, -alpha),
                wrt(self, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }),
                wrt(other, [](const Tensor& gy) { return gy; }));
}

Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) {
  refuse_bool("rsub", self.dtype(), other.type());
  return record("RsubBackward1", add_forward("rsub", other, self, -alpha),
                wrt(self, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }));
}

Tensor operator-(const Scalar& a, const Tensor& b) {
  refuse_bool("sub", b.dtype(), b.dtype());
  const kernels::Factor minus{-1, -1};
  return record("SubBackward0", pointwise("sub", kernels::add_scaled, b.dtype(), {a, b}, &minus),
                wrt(b, [](const Tensor& gy) { return -gy; }));
}

Tensor neg(const Tensor& self) {
  XGRAD_CHECK(self.dtype() != kBool, "[neg] Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
              "use the `~` or `logical_not()` operator instead.");
  return record("NegBackward0", pointwise("neg", kernels::neg, self.dtype(), {self}), wrt(self, [](const Tensor& gy) { return -gy; }));
}

Tensor negative(const Tensor& self) { return neg(self); }

// ---- products and quotients

Tensor mul(const Tensor& self, const Tensor& other) {
  return record("MulBackward0", pointwise("mul", kernels::mul, result_type({self, other}), {self, other}),
                wrt(self, [b = save(other)](const Tensor& gy) { return gy * *b; }),
                wrt(other, [a = save(self)](const Tensor& gy) { return gy * *a; }));
}

Tensor mul(const Tensor& self, const Scalar& other) {
  return record("MulBackward1", pointwise("mul", kernels::mul, result_type({self, other}), {self, other}),
                wrt(self, [other](const Tensor& gy) { return gy * other; }));
}

Tensor div(const Tensor& self, const Tensor& other) {
  return record("DivBackward0", pointwise("div", kernels::div, floating_result_type({self, other}), {self, other}),
                wrt(self, [b = save(other)](const Tensor& gy) { return gy / *b; }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * ((*a / *b) / *b); }));
}

Tensor div(const Tensor& self, const Scalar& other) {
  return record("DivBackward1", pointwise("div", kernels::div, floating_result_type({self, other}), {self, other}),
                wrt(self, [other](const Tensor& gy) { return gy / other; }));
}

Tensor operator/(const Scalar& a, const Tensor& b) {
  XGRAD_CHECK_AS(TypeError, b.is_floating_point(), "[div] result type ", get_default_dtype(),
                 " can't be cast to the desired output type ", b.dtype());
  return record("DivBackward0", pointwise("div", kernels::div, b.dtype(), {a, b}),
                wrt(b, [a, b = save(b)](const Tensor& gy) { return -gy * ((a / *b) / *b); }));
}

Tensor true_divide(const Tensor& self, const Tensor& other) { return div(self, other); }
Tensor true_divide(const Tensor& self, const Scalar& other) { return div(self, other); }

Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  const kernels::Factor parameter{value.toDouble(), value.isFloatingPoint() ? static_cast<int64_t>(value.toDouble()) : value.toLong()};
  return record("AddcmulBackward0",
                pointwise("addcmul", kernels::addcmul, result_type({self, tensor1, tensor2}), {self, tensor1, tensor2}, &parameter),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(tensor1, [value, b = save(tensor2)](const Tensor& gy) { return gy * scaled(*b, value); }),
                wrt(tensor2, [value, a = save(tensor1)](const Tensor& gy) { return gy * scaled(*a, value); }));
}

Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) {
  XGRAD_CHECK(tensor1.is_floating_point() || tensor2.is_floating_point(), "[addcdiv] Integer division with addcdiv is no longer supported, got ",
              tensor1.dtype(), " and ", tensor2.dtype(), "; convert one of them to a floating dtype");
  const kernels::Factor parameter{value.toDouble(), 0};
  return record("AddcdivBackward0",
                pointwise("addcdiv", kernels::addcdiv, result_type({self, tensor1, tensor2}), {self, tensor1, tensor2}, &parameter),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(tensor1, [value, b = save(tensor2)](const Tensor& gy) { return gy * (value / *b); }),
                wrt(tensor2, [value, a = save(tensor1), b = save(tensor2)](const Tensor& gy) {
                  return -gy * (scaled(*a, value) / (*b * *b));
                }));
}

// ---- magnitude and sign

namespace {
Tensor abs_slope(const Tensor& x) { return not_differentiable(pointwise("abs", kernels::abs_slope, x.dtype(), {x})); }
}  // namespace

Tensor abs(const Tensor& self) {
  return record("AbsBackward0", pointwise("abs", kernels::abs, self.dtype(), {self}),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * abs_slope(x); }));
}

Tensor sign(const Tensor& self) {
  return record("SignBackward0", pointwise("sign", kernels::sign, self.dtype(), {self}),
                wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

// ---- between two values

namespace {

void check_lerp(const Tensor& self, const char* name, const Tensor& other) {
  XGRAD_CHECK(self.dtype() == other.dtype(), "[lerp] expected dtype ", dtype_name(self.dtype()), " for `", name, "` but got dtype ",
              dtype_name(other.dtype()));
}

}  // namespace

Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight) {
  check_lerp(self, "end", end);
  const double w = weight.toDouble();
  return record("LerpBackward0", pointwise("lerp", kernels::lerp, self.dtype(), {self, end, Scalar(w)}),
                wrt(self, [w](const Tensor& gy) { return gy * (1 - w); }), wrt(end, [w](const Tensor& gy) { return gy * w; }));
}

Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight) {
  check_lerp(self, "end", end);
  check_lerp(self, "weight", weight);
  return record("LerpBackward1", pointwise("lerp", kernels::lerp, self.dtype(), {self, end, weight}),
                wrt(self, [w = save(weight)](const Tensor& gy) { return gy * (1 - *w); }),
                wrt(end, [w = save(weight)](const Tensor& gy) { return gy * *w; }),
                wrt(weight, [a = save(self), b = save(end)](const Tensor& gy) { return gy * (*b - *a); }));
}

}  // namespace xgrad
