// Powers and roots, declared in arithmetic.h.
#include <cmath>

#include <xgrad/autograd/kernels/power.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/selection.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

Tensor sqrt(const Tensor& self) {
  return record("SqrtBackward0", pointwise("sqrt", kernels::sqrt, floating_result_type({self}), {self}),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy / (y * 2); }));
}

Tensor rsqrt(const Tensor& self) {
  return record("RsqrtBackward0", pointwise("rsqrt", kernels::rsqrt, floating_result_type({self}), {self}),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * -0.5 * pow(y, 3); }));
}

Tensor reciprocal(const Tensor& self) {
  return record("ReciprocalBackward0", pointwise("reciprocal", kernels::reciprocal, floating_result_type({self}), {self}),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return -gy * (y * y); }));
}

Tensor square(const Tensor& self) { return pow(self, 2); }

namespace {

// The exponents that a cheaper loop computes, as PyTorch does: x^0.5 of -0 is -0, as sqrt gives it.
const kernels::LoopTable* loop_for_exponent(const Scalar& exponent) {
  if (exponent.equal(2)) return &kernels::square;
  if (exponent.equal(3)) return &kernels::cube;
  if (exponent.equal(0.5)) return &kernels::sqrt;
  if (exponent.equal(-0.5)) return &kernels::rsqrt;
  if (exponent.equal(-1)) return &kernels::reciprocal;
  if (exponent.equal(-2)) return &kernels::reciprocal_square;
  return nullptr;
}

Forward pow_forward(const Tensor& self, const Scalar& exponent) {
  XGRAD_CHECK(self.is_floating_point() || exponent.isFloatingPoint() || exponent.toLong() >= 0,
              "[pow] Integers to negative integer powers are not allowed, got the exponent ", exponent.toLong());
  const ScalarType dtype = result_type({self, exponent});
  const kernels::LoopTable* special = loop_for_exponent(exponent);
  if (special && special->of(dtype)) return pointwise("pow", *special, dtype, {self});
  return pointwise("pow", kernels::pow, dtype, {self, exponent});
}

// d(a^b)/da = b a^(b-1), and 0 for b = 0 whatever a is.
Tensor base_slope(const Tensor& a, const Tensor& b) { return where(b == 0, 0.0, b * pow(a, b - 1)); }

// d(a^b)/db = a^b log(a), and 0 where 0 is raised to b >= 0; the logarithm of such an a is kept out of higher derivatives too.
Tensor exponent_slope(const Tensor& a, const Tensor& b, const Tensor& y) {
  return y * log(where(logical_and(a == 0, b >= 0), 1.0, a));
}

}  // namespace

Tensor pow(const Tensor& self, const Scalar& exponent) {
  return record("PowBackward0", pow_forward(self, exponent), wrt(self, [exponent, x = save(self)](const Tensor& gy) {
                  if (exponent.equal(0)) return zeros_like(gy);
                  if (exponent.equal(2)) return gy * (*x * 2);
                  const Scalar less = exponent.isFloatingPoint() ? Scalar(exponent.toDouble() - 1) : Scalar(exponent.toLong() - 1);
                  return gy * (pow(x, less) * exponent);
                }));
}

Tensor pow(const Tensor& self, const Tensor& exponent) {
  return record("PowBackward1", pointwise("pow", kernels::pow, result_type({self, exponent}), {self, exponent}),
                wrt(self, [a = save(self), b = save(exponent)](const Tensor& gy) { return gy * base_slope(a, b); }),
                wrt(exponent, [a = save(self), b = save(exponent)](const Tensor& gy, const Tensor& y) { return gy * exponent_slope(a, b, y); }));
}

Tensor pow(const Scalar& self, const Tensor& exponent) {
  return record("PowBackward2", pointwise("pow", kernels::pow, result_type({self, exponent}), {self, exponent}),
                wrt(exponent, [self, b = save(exponent)](const Tensor& gy, const Tensor& y) {
                  if (self.equal(0)) return gy * exponent_slope(full({}, 0, y.dtype()), b, y);
                  return gy * (y * std::log(self.toDouble()));
                }));
}

}  // namespace xgrad
