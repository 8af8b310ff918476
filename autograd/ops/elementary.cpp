#include <xgrad/autograd/ops/elementary.h>

#include <cmath>

#include <xgrad/autograd/kernels/elementary.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/ops/selection.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

Forward floating(const char* operation, const kernels::LoopTable& table, const Tensor& x) {
  return pointwise(operation, table, floating_result_type({x}), {x});
}

Forward floating(const char* operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  return pointwise(operation, table, floating_result_type({a, b}), {a, b});
}

// x, but 0 where it is infinite: keeps the limit 0 of products like x / (1 + x^2)^2 from becoming inf * 0.
Tensor finite_part(const Tensor& x) { return where(isinf(x), 0.0, x); }

template <class F>
Forward without_graph(F f) {
  NoGradGuard guard;
  return Forward(f());
}

// 1 / (x^2 + 1)
Tensor atan_slope(const Tensor& x) {
  return record("AtanSlopeBackward0", without_graph([&] { return reciprocal(x * x + 1); }),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& r) { return gy * (finite_part(x) * r * r * -2); }));
}

// 1 / sqrt(x^2 + c)
Tensor root_slope(const Tensor& x, double c) {
  return record("RootSlopeBackward0", without_graph([&] { return rsqrt(x * x + c); }),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& r) { return -gy * (finite_part(x) * r * r * r); }));
}

}  // namespace

// ---- exponentials and logarithms

Tensor exp(const Tensor& self) {
  return record("ExpBackward0", floating("exp", kernels::exp, self), wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * y; }));
}

Tensor exp2(const Tensor& self) {
  return record("Exp2Backward0", floating("exp2", kernels::exp2, self),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * y * M_LN2; }));
}

Tensor expm1(const Tensor& self) {
  return record("Expm1Backward0", floating("expm1", kernels::expm1, self),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (y + 1); }));
}

Tensor log(const Tensor& self) {
  return record("LogBackward0", floating("log", kernels::log, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy / *x; }));
}

Tensor log2(const Tensor& self) {
  return record("Log2Backward0", floating("log2", kernels::log2, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x * M_LN2); }));
}

Tensor log10(const Tensor& self) {
  return record("Log10Backward0", floating("log10", kernels::log10, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x * M_LN10); }));
}

Tensor log1p(const Tensor& self) {
  return record("Log1PBackward0", floating("log1p", kernels::log1p, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x + 1); }));
}

// ---- circular functions

Tensor sin(const Tensor& self) {
  return record("SinBackward0", floating("sin", kernels::sin, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy * cos(x); }));
}

Tensor cos(const Tensor& self) {
  return record("CosBackward0", floating("cos", kernels::cos, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy * -sin(x); }));
}

Tensor tan(const Tensor& self) {
  return record("TanBackward0", floating("tan", kernels::tan, self),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (y * y + 1); }));
}

Tensor asin(const Tensor& self) {
  return record("AsinBackward0", floating("asin", kernels::asin, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * rsqrt(1 - *x * *x); }));
}

Tensor acos(const Tensor& self) {
  return record("AcosBackward0", floating("acos", kernels::acos, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * -rsqrt(1 - *x * *x); }));
}

Tensor atan(const Tensor& self) {
  return record("AtanBackward0", floating("atan", kernels::atan, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy * atan_slope(x); }));
}

Tensor atan2(const Tensor& self, const Tensor& other) {
  // x / (x^2 + y^2) as (x / r) / r, which neither overflows nor underflows.
  const auto partial = [](const Tensor& x, const Tensor& y) {
    const Tensor r = hypot(x, y);
    return x / r / r;
  };
  return record("Atan2Backward0", floating("atan2", kernels::atan2, self, other),
                wrt(self, [partial, y = save(self), x = save(other)](const Tensor& gy) { return gy * partial(x, y); }),
                wrt(other, [partial, y = save(self), x = save(other)](const Tensor& gy) { return -gy * partial(y, x); }));
}

Tensor hypot(const Tensor& self, const Tensor& other) {
  // The subgradient at (0, 0) is 0.
  const auto share = [](const Tensor& a, const Tensor& y) { return a / where(y == 0, 1.0, y); };
  return record("HypotBackward0", floating("hypot", kernels::hypot, self, other),
                wrt(self, [share, a = save(self)](const Tensor& gy, const Tensor& y) { return gy * share(a, y); }),
                wrt(other, [share, b = save(other)](const Tensor& gy, const Tensor& y) { return gy * share(b, y); }));
}

Tensor sinc(const Tensor& self) {
  return record("SincBackward0", floating("sinc", kernels::sinc, self), wrt(self, [x = save(self)](const Tensor& gy) {
                  // The quotient away from 0, and near it the series' first term, whose own derivative is right at 0.
                  const Tensor zero = *x == 0, px = where(zero, 1.0, *x) * M_PI;
                  const Tensor slope = (px * cos(px) - sin(px)) / (px * *x);
                  return gy * where(zero, *x * (-M_PI * M_PI / 3), slope);
                }));
}

// ---- hyperbolic functions

Tensor sinh(const Tensor& self) {
  return record("SinhBackward0", floating("sinh", kernels::sinh, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy * cosh(x); }));
}

Tensor cosh(const Tensor& self) {
  return record("CoshBackward0", floating("cosh", kernels::cosh, self), wrt(self, [x = save(self)](const Tensor& gy) { return gy * sinh(x); }));
}

Tensor asinh(const Tensor& self) {
  return record("AsinhBackward0", floating("asinh", kernels::asinh, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * root_slope(x, 1); }));
}

Tensor acosh(const Tensor& self) {
  return record("AcoshBackward0", floating("acosh", kernels::acosh, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * root_slope(x, -1); }));
}

Tensor atanh(const Tensor& self) {
  return record("AtanhBackward0", floating("atanh", kernels::atanh, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (1 - *x * *x); }));
}

// ---- the error function

namespace {

// exp(-x^2)
Tensor gaussian(const Tensor& x) {
  return record("GaussianBackward0", floating("erf", kernels::gaussian, x),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& y) { return gy * (y * finite_part(x) * -2); }));
}

}  // namespace

Tensor erf(const Tensor& self) {
  return record("ErfBackward0", floating("erf", kernels::erf, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * (gaussian(x) * M_2_SQRTPI); }));
}

Tensor erfc(const Tensor& self) {
  return record("ErfcBackward0", floating("erfc", kernels::erfc, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * (gaussian(x) * -M_2_SQRTPI); }));
}

Tensor erfinv(const Tensor& self) {
  return record("ErfinvBackward0", floating("erfinv", kernels::erfinv, self),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (exp(y * y) * (1 / M_2_SQRTPI)); }));
}

// ---- logarithms of sums and products

Tensor xlogy(const Tensor& self, const Tensor& other) {
  return record("XlogyBackward0", floating("xlogy", kernels::xlogy, self, other),
                wrt(self, [x = save(self), y = save(other)](const Tensor& gy) {
                  return where(logical_and(*x == 0, *y <= 0), 0.0, xlogy(gy, y));
                }),
                wrt(other, [x = save(self), y = save(other)](const Tensor& gy) { return gy * *x / *y; }));
}

Tensor xlogy(const Scalar& self, const Tensor& other) {
  return record("XlogyBackward1", floating("xlogy", kernels::xlogy, self, other),
                wrt(other, [self, y = save(other)](const Tensor& gy) { return gy * self / *y; }));
}

Tensor xlogy(const Tensor& self, const Scalar& other) {
  return record("XlogyBackward2", floating("xlogy", kernels::xlogy, self, other), wrt(self, [other, x = save(self)](const Tensor& gy) {
                  const Tensor slope = gy * std::log(other.toDouble());
                  return other.toDouble() > 0 ? slope : where(*x == 0, 0.0, slope);
                }));
}

namespace {

// The weight of `a` in softmax([a, b]); 0 where both are -inf.
Tensor softmax_of_two(const Tensor& a, const Tensor& b) {
  return record("SoftmaxOfTwoBackward0", floating("logaddexp", kernels::softmax_of_two, a, b),
                wrt(a, [](const Tensor& gy, const Tensor& w) { return gy * (w * (1 - w)); }),
                wrt(b, [](const Tensor& gy, const Tensor& w) { return -gy * (w * (1 - w)); }));
}

}  // namespace

Tensor logaddexp(const Tensor& self, const Tensor& other) {
  return record("LogaddexpBackward0", pointwise("logaddexp", kernels::logaddexp, result_type({self, other}), {self, other}),
                wrt(self, [a = save(self), b = save(other)](const Tensor& gy) { return gy * softmax_of_two(a, b); }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return gy * softmax_of_two(b, a); }));
}

Tensor logaddexp2(const Tensor& self, const Tensor& other) {
  // In powers of 2 the weights are those of the numbers times log(2).
  const auto weight = [](const Tensor& a, const Tensor& b) { return softmax_of_two(a * M_LN2, b * M_LN2); };
  return record("Logaddexp2Backward0", pointwise("logaddexp2", kernels::logaddexp2, result_type({self, other}), {self, other}),
                wrt(self, [weight, a = save(self), b = save(other)](const Tensor& gy) { return gy * weight(a, b); }),
                wrt(other, [weight, a = save(self), b = save(other)](const Tensor& gy) { return gy * weight(b, a); }));
}

}  // namespace xgrad
