// Arithmetic, powers and their in-place-friendly combinations, elementwise with broadcasting.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
XGRAD_API Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
XGRAD_API Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
XGRAD_API Tensor mul(const Tensor& self, const Tensor& other);
XGRAD_API Tensor mul(const Tensor& self, const Scalar& other);
XGRAD_API Tensor div(const Tensor& self, const Tensor& other);
XGRAD_API Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode);
XGRAD_API Tensor true_divide(const Tensor& self, const Tensor& other);
XGRAD_API Tensor true_divide(const Tensor& self, const Scalar& other);
XGRAD_API Tensor neg(const Tensor& self);
XGRAD_API Tensor negative(const Tensor& self);
XGRAD_API Tensor abs(const Tensor& self);
XGRAD_API Tensor sign(const Tensor& self);
XGRAD_API Tensor square(const Tensor& self);
XGRAD_API Tensor reciprocal(const Tensor& self);
XGRAD_API Tensor sqrt(const Tensor& self);
XGRAD_API Tensor rsqrt(const Tensor& self);
XGRAD_API Tensor pow(const Tensor& self, const Tensor& exponent);
XGRAD_API Tensor pow(const Scalar& self, const Tensor& exponent);
XGRAD_API Tensor pow(const Tensor& self, const Scalar& exponent);
XGRAD_API Tensor floor_divide(const Tensor& self, const Tensor& other);
XGRAD_API Tensor floor_divide(const Tensor& self, const Scalar& other);
XGRAD_API Tensor fmod(const Tensor& self, const Scalar& other);
XGRAD_API Tensor fmod(const Tensor& self, const Tensor& other);
XGRAD_API Tensor remainder(const Tensor& self, const Scalar& other);
XGRAD_API Tensor remainder(const Tensor& self, const Tensor& other);
XGRAD_API Tensor remainder(const Scalar& self, const Tensor& other);
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
XGRAD_API Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
XGRAD_API Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);

}  // namespace xgrad
