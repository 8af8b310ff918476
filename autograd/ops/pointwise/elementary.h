// Exponential, logarithmic, trigonometric and related functions, elementwise. Where nothing else is said, integers and Bool
// give the default floating dtype.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// e^self.
XGRAD_API Tensor exp(const Tensor& self);
/// 2^self.
XGRAD_API Tensor exp2(const Tensor& self);
/// The natural logarithm: -inf at 0, NaN below.
XGRAD_API Tensor log(const Tensor& self);
/// The logarithm to base 2.
XGRAD_API Tensor log2(const Tensor& self);
/// The logarithm to base 10.
XGRAD_API Tensor log10(const Tensor& self);
/// log(1 + self), exact near 0.
XGRAD_API Tensor log1p(const Tensor& self);
/// exp(self) - 1, exact near 0.
XGRAD_API Tensor expm1(const Tensor& self);
/// Circular functions of angles in radians; the inverse ones give NaN outside [-1, 1].
XGRAD_API Tensor sin(const Tensor& self);
XGRAD_API Tensor cos(const Tensor& self);
XGRAD_API Tensor tan(const Tensor& self);
XGRAD_API Tensor asin(const Tensor& self);
XGRAD_API Tensor acos(const Tensor& self);
XGRAD_API Tensor atan(const Tensor& self);
/// The angle of the point (other, self), in [-pi, pi].
XGRAD_API Tensor atan2(const Tensor& self, const Tensor& other);
/// Hyperbolic functions; acosh gives NaN below 1, atanh outside [-1, 1].
XGRAD_API Tensor sinh(const Tensor& self);
XGRAD_API Tensor cosh(const Tensor& self);
XGRAD_API Tensor asinh(const Tensor& self);
XGRAD_API Tensor acosh(const Tensor& self);
XGRAD_API Tensor atanh(const Tensor& self);
/// The error function, 1 - erf, and the inverse of erf on [-1, 1].
XGRAD_API Tensor erf(const Tensor& self);
XGRAD_API Tensor erfc(const Tensor& self);
XGRAD_API Tensor erfinv(const Tensor& self);
/// sin(pi self) / (pi self), 1 at 0.
XGRAD_API Tensor sinc(const Tensor& self);
/// sqrt(self^2 + other^2) without overflow; the derivative at (0, 0) is 0. Floating dtypes only.
XGRAD_API Tensor hypot(const Tensor& self, const Tensor& other);
/// self * log(other), 0 where self is 0 unless other is NaN.
XGRAD_API Tensor xlogy(const Tensor& self, const Tensor& other);
XGRAD_API Tensor xlogy(const Scalar& self, const Tensor& other);
XGRAD_API Tensor xlogy(const Tensor& self, const Scalar& other);
/// log(exp(self) + exp(other)) without overflow. Floating dtypes only.
XGRAD_API Tensor logaddexp(const Tensor& self, const Tensor& other);
/// log2(2^self + 2^other) without overflow. Floating dtypes only.
XGRAD_API Tensor logaddexp2(const Tensor& self, const Tensor& other);

}}  // namespace torch::xgrad
