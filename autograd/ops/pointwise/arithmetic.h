// Arithmetic, elementwise: what is no method too (autograd/tensor/operations/pointwise.h, where shapes and dtypes are explained).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// other - alpha * self. Throws for Bool tensors and numbers.
XGRAD_API Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// A number to the exponents, as pow of tensors.
XGRAD_API Tensor pow(const Scalar& self, const Tensor& exponent);
/// A number to the exponents in float64.
XGRAD_API Tensor float_power(const Scalar& self, const Tensor& exponent);
/// self, which is real.
XGRAD_API Tensor real(const Tensor& self);
/// What a number divided and rounded down leaves, as remainder of tensors.
XGRAD_API Tensor remainder(const Scalar& self, const Tensor& other);

}}  // namespace torch::xgrad
