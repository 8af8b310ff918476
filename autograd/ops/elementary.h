// Exponential, logarithmic, trigonometric and related functions, elementwise.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor exp(const Tensor& self);
XGRAD_API Tensor exp2(const Tensor& self);
XGRAD_API Tensor log(const Tensor& self);
XGRAD_API Tensor log2(const Tensor& self);
XGRAD_API Tensor log10(const Tensor& self);
XGRAD_API Tensor log1p(const Tensor& self);
XGRAD_API Tensor expm1(const Tensor& self);
XGRAD_API Tensor sin(const Tensor& self);
XGRAD_API Tensor cos(const Tensor& self);
XGRAD_API Tensor tan(const Tensor& self);
XGRAD_API Tensor asin(const Tensor& self);
XGRAD_API Tensor acos(const Tensor& self);
XGRAD_API Tensor atan(const Tensor& self);
XGRAD_API Tensor atan2(const Tensor& self, const Tensor& other);
XGRAD_API Tensor sinh(const Tensor& self);
XGRAD_API Tensor cosh(const Tensor& self);
XGRAD_API Tensor asinh(const Tensor& self);
XGRAD_API Tensor acosh(const Tensor& self);
XGRAD_API Tensor atanh(const Tensor& self);
XGRAD_API Tensor erf(const Tensor& self);
XGRAD_API Tensor erfc(const Tensor& self);
XGRAD_API Tensor erfinv(const Tensor& self);
XGRAD_API Tensor sinc(const Tensor& self);
XGRAD_API Tensor hypot(const Tensor& self, const Tensor& other);
XGRAD_API Tensor xlogy(const Tensor& self, const Tensor& other);
XGRAD_API Tensor xlogy(const Scalar& self, const Tensor& other);
XGRAD_API Tensor xlogy(const Tensor& self, const Scalar& other);
XGRAD_API Tensor logaddexp(const Tensor& self, const Tensor& other);
XGRAD_API Tensor logaddexp2(const Tensor& self, const Tensor& other);

}  // namespace xgrad
