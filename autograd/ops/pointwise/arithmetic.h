// Arithmetic and powers, elementwise. Shapes broadcast, else the call throws; dtypes promote as in PyTorch (result_type in
// pointwise.h); integers wrap around.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// self + alpha * other. Bool: self or (alpha and other). Throws for a floating alpha where the result is an integer.
XGRAD_API Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor add(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self - alpha * other. Throws for Bool tensors and numbers.
XGRAD_API Tensor sub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor sub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// other - alpha * self. Throws for Bool tensors and numbers.
XGRAD_API Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha = 1);
XGRAD_API Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha = 1);
/// self * other.
XGRAD_API Tensor mul(const Tensor& self, const Tensor& other);
XGRAD_API Tensor mul(const Tensor& self, const Scalar& other);
/// self / other; integers give the default floating dtype.
XGRAD_API Tensor div(const Tensor& self, const Tensor& other);
/// The same, rounded when rounding_mode is "floor" (down) or "trunc" (towards 0): then the dtype stays and the derivative is 0.
/// Throws for another mode, and when an integer divisor is 0.
XGRAD_API Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other);
XGRAD_API Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode);
/// div without rounding.
XGRAD_API Tensor true_divide(const Tensor& self, const Tensor& other);
XGRAD_API Tensor true_divide(const Tensor& self, const Scalar& other);
/// -self. Throws for Bool.
XGRAD_API Tensor neg(const Tensor& self);
XGRAD_API Tensor negative(const Tensor& self);
/// |self|. The derivative at 0 and at NaN is 0. Not for Bool.
XGRAD_API Tensor abs(const Tensor& self);
/// -1, 0 or 1; NaN stays NaN (PyTorch gives 0). The derivative is 0.
XGRAD_API Tensor sign(const Tensor& self);
/// self^2.
XGRAD_API Tensor square(const Tensor& self);
/// 1 / self.
XGRAD_API Tensor reciprocal(const Tensor& self);
/// The square root; NaN below 0, infinite derivative at 0.
XGRAD_API Tensor sqrt(const Tensor& self);
/// 1 / sqrt(self).
XGRAD_API Tensor rsqrt(const Tensor& self);
/// self to the exponent. The derivative in self is 0 where the exponent is 0; the one in the exponent is 0 where 0 is raised to
/// an exponent >= 0. Throws for integers to a negative number; integer tensors as exponents give 0 there. Not for Bool.
XGRAD_API Tensor pow(const Tensor& self, const Tensor& exponent);
XGRAD_API Tensor pow(const Scalar& self, const Tensor& exponent);
XGRAD_API Tensor pow(const Tensor& self, const Scalar& exponent);
/// div rounded down.
XGRAD_API Tensor floor_divide(const Tensor& self, const Tensor& other);
XGRAD_API Tensor floor_divide(const Tensor& self, const Scalar& other);
/// What div rounded towards 0 leaves: has the sign of self. Throws when an integer divisor is 0.
XGRAD_API Tensor fmod(const Tensor& self, const Scalar& other);
XGRAD_API Tensor fmod(const Tensor& self, const Tensor& other);
/// What div rounded down leaves: has the sign of the divisor. Throws when an integer divisor is 0.
XGRAD_API Tensor remainder(const Tensor& self, const Scalar& other);
XGRAD_API Tensor remainder(const Tensor& self, const Tensor& other);
XGRAD_API Tensor remainder(const Scalar& self, const Tensor& other);
/// self + weight * (end - self), exact at both ends. Throws unless all have one floating dtype.
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Scalar& weight);
XGRAD_API Tensor lerp(const Tensor& self, const Tensor& end, const Tensor& weight);
/// self + value * tensor1 * tensor2.
XGRAD_API Tensor addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);
/// self + value * tensor1 / tensor2. Throws when both divided tensors are integers.
XGRAD_API Tensor addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1);

}}  // namespace torch::xgrad
