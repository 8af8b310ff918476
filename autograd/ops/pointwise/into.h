// Elementwise operations that can write into memory given to them: the functions without `out` are these with Out().
#pragma once

#include <xgrad/autograd/core/unpack.h>
#include <xgrad/autograd/tensor/out.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The operations with a method in place. A line stands for into::f(self, ..., out), which is defined in the file of its family, for the
/// function f(self, ...), the method self.f_(...) and f_out(out, self, ...), which pointwise_in_place.cpp and out_forms.cpp define. What ONE
/// stands for takes `self` alone; WITH states the other parameters (a default argument as XGRAD_OR(1)), the arguments they make, and the
/// tensors among them.
// clang-format off
#define XGRAD_EACH_INTO(ONE, WITH)                                                                                                                \
  ONE(abs) ONE(acos) ONE(acosh) ONE(asin) ONE(asinh) ONE(atan) ONE(atanh) ONE(ceil) ONE(cos) ONE(cosh) ONE(deg2rad) ONE(digamma)                  \
  ONE(erf) ONE(erfc) ONE(erfinv) ONE(exp) ONE(exp2) ONE(expm1) ONE(floor) ONE(frac) ONE(i0) ONE(lgamma) ONE(log) ONE(log10) ONE(log1p)            \
  ONE(log2) ONE(neg) ONE(rad2deg) ONE(reciprocal) ONE(relu) ONE(round) ONE(rsqrt) ONE(sgn) ONE(sigmoid) ONE(sign) ONE(sin) ONE(sinc)              \
  ONE(sinh) ONE(sqrt) ONE(square) ONE(tan) ONE(tanh) ONE(trunc)                                                                                   \
  WITH(add, (const Tensor& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha), (&other))                                                     \
  WITH(add, (const Scalar& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha), ())                                                           \
  WITH(sub, (const Tensor& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha), (&other))                                                     \
  WITH(sub, (const Scalar& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha), ())                                                           \
  WITH(mul, (const Tensor& other), (other), (&other))                                                                                             \
  WITH(mul, (const Scalar& other), (other), ())                                                                                                   \
  WITH(div, (const Tensor& other), (other), (&other))                                                                                             \
  WITH(div, (const Tensor& other, std::optional<std::string_view> rounding_mode), (other, rounding_mode), (&other))                               \
  WITH(div, (const Scalar& other), (other), ())                                                                                                   \
  WITH(div, (const Scalar& other, std::optional<std::string_view> rounding_mode), (other, rounding_mode), ())                                     \
  WITH(floor_divide, (const Tensor& other), (other), (&other))                                                                                    \
  WITH(floor_divide, (const Scalar& other), (other), ())                                                                                          \
  WITH(fmod, (const Scalar& other), (other), ())                                                                                                  \
  WITH(fmod, (const Tensor& other), (other), (&other))                                                                                            \
  WITH(remainder, (const Scalar& other), (other), ())                                                                                             \
  WITH(remainder, (const Tensor& other), (other), (&other))                                                                                       \
  WITH(pow, (const Scalar& exponent), (exponent), ())                                                                                             \
  WITH(pow, (const Tensor& exponent), (exponent), (&exponent))                                                                                    \
  WITH(lerp, (const Tensor& end, const Scalar& weight), (end, weight), (&end))                                                                    \
  WITH(lerp, (const Tensor& end, const Tensor& weight), (end, weight), (&end, &weight))                                                           \
  WITH(addcmul, (const Tensor& tensor1, const Tensor& tensor2, const Scalar& value XGRAD_OR(1)), (tensor1, tensor2, value), (&tensor1, &tensor2)) \
  WITH(addcdiv, (const Tensor& tensor1, const Tensor& tensor2, const Scalar& value XGRAD_OR(1)), (tensor1, tensor2, value), (&tensor1, &tensor2)) \
  WITH(round, (int64_t decimals), (decimals), ())                                                                                                 \
  WITH(clamp, (const std::optional<Scalar>& min, const std::optional<Scalar>& max XGRAD_OR(std::nullopt)), (min, max), ())                        \
  WITH(clamp, (const std::optional<Tensor>& min XGRAD_OR({}), const std::optional<Tensor>& max XGRAD_OR({})), (min, max),                         \
       (or_else(min, *this), or_else(max, *this)))                                                                                                \
  WITH(clip, (const std::optional<Scalar>& min, const std::optional<Scalar>& max XGRAD_OR(std::nullopt)), (min, max), ())                         \
  WITH(clip, (const std::optional<Tensor>& min XGRAD_OR({}), const std::optional<Tensor>& max XGRAD_OR({})), (min, max),                          \
       (or_else(min, *this), or_else(max, *this)))                                                                                                \
  WITH(clamp_min, (const Scalar& min), (min), ())                                                                                                 \
  WITH(clamp_min, (const Tensor& min), (min), (&min))                                                                                             \
  WITH(clamp_max, (const Scalar& max), (max), ())                                                                                                 \
  WITH(clamp_max, (const Tensor& max), (max), (&max))
// clang-format on

namespace into {

#define XGRAD_OR(value)
#define XGRAD_INTO(name) Tensor name(const Tensor& self, Out out);
#define XGRAD_INTO_WITH(name, parameters, arguments, tensors) Tensor name(const Tensor& self, XGRAD_UNPACK parameters, Out out);
XGRAD_EACH_INTO(XGRAD_INTO, XGRAD_INTO_WITH)
#undef XGRAD_OR
#undef XGRAD_INTO
#undef XGRAD_INTO_WITH

// What has no method in place.
Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha, Out out);
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha, Out out);
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other, Out out);
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other, Out out);
Tensor logical_and(const Tensor& self, const Tensor& other, Out out);
Tensor logical_or(const Tensor& self, const Tensor& other, Out out);

}  // namespace into

}}  // namespace torch::xgrad
