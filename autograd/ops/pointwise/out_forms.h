// Elementwise operations that write their result into a tensor given to them: torch::add_out(out, a, b). `out` takes the result's shape, and
// keeps its dtype, to which the result must convert. Throws, before anything has changed, where grad mode is on and a tensor requires a
// gradient, and where elements of `out` share memory. Returns `out`.
#pragma once

#include <xgrad/autograd/ops/pointwise/aliases.h>
#include <xgrad/autograd/ops/pointwise/into.h>

namespace torch { inline namespace xgrad {

/// Those that are neither in XGRAD_EACH_INTO nor in XGRAD_EACH_ALIAS. WITH states the parameters after `self` and the arguments they make.
// clang-format off
#define XGRAD_EACH_OUT_FORM(ONE, WITH)                                                                                                \
  ONE(angle) ONE(bitwise_not) ONE(conj_physical) ONE(isneginf) ONE(isposinf) ONE(logical_not) ONE(signbit)                            \
  WITH(atan2, (const Tensor& other), (other)) WITH(hypot, (const Tensor& other), (other))                                             \
  WITH(copysign, (const Tensor& other), (other)) WITH(copysign, (const Scalar& other), (other))                                       \
  WITH(nextafter, (const Tensor& other), (other)) WITH(ldexp, (const Tensor& other), (other))                                         \
  WITH(heaviside, (const Tensor& values), (values))                                                                                   \
  WITH(nan_to_num, (std::optional<double> nan XGRAD_OR(std::nullopt), std::optional<double> posinf XGRAD_OR(std::nullopt),            \
       std::optional<double> neginf XGRAD_OR(std::nullopt)), (nan, posinf, neginf))                                                   \
  WITH(gcd, (const Tensor& other), (other)) WITH(lcm, (const Tensor& other), (other))                                                 \
  WITH(float_power, (const Tensor& exponent), (exponent)) WITH(float_power, (const Scalar& exponent), (exponent))                     \
  WITH(xlogy, (const Tensor& other), (other)) WITH(xlogy, (const Scalar& other), (other))                                             \
  WITH(logaddexp, (const Tensor& other), (other)) WITH(logaddexp2, (const Tensor& other), (other))                                    \
  WITH(maximum, (const Tensor& other), (other)) WITH(minimum, (const Tensor& other), (other))                                         \
  WITH(fmax, (const Tensor& other), (other)) WITH(fmin, (const Tensor& other), (other))                                               \
  WITH(eq, (const Scalar& other), (other)) WITH(eq, (const Tensor& other), (other))                                                   \
  WITH(ne, (const Scalar& other), (other)) WITH(ne, (const Tensor& other), (other))                                                   \
  WITH(lt, (const Scalar& other), (other)) WITH(lt, (const Tensor& other), (other))                                                   \
  WITH(le, (const Scalar& other), (other)) WITH(le, (const Tensor& other), (other))                                                   \
  WITH(gt, (const Scalar& other), (other)) WITH(gt, (const Tensor& other), (other))                                                   \
  WITH(ge, (const Scalar& other), (other)) WITH(ge, (const Tensor& other), (other))                                                   \
  WITH(logical_and, (const Tensor& other), (other)) WITH(logical_or, (const Tensor& other), (other))                                  \
  WITH(logical_xor, (const Tensor& other), (other))                                                                                   \
  WITH(bitwise_and, (const Scalar& other), (other)) WITH(bitwise_and, (const Tensor& other), (other))                                 \
  WITH(bitwise_or, (const Scalar& other), (other)) WITH(bitwise_or, (const Tensor& other), (other))                                   \
  WITH(bitwise_xor, (const Scalar& other), (other)) WITH(bitwise_xor, (const Tensor& other), (other))                                 \
  WITH(bitwise_left_shift, (const Scalar& other), (other)) WITH(bitwise_left_shift, (const Tensor& other), (other))                   \
  WITH(bitwise_right_shift, (const Scalar& other), (other)) WITH(bitwise_right_shift, (const Tensor& other), (other))                 \
  WITH(igamma, (const Tensor& other), (other)) WITH(igammac, (const Tensor& other), (other))                                          \
  WITH(mvlgamma, (int64_t p), (p)) WITH(logit, (std::optional<double> eps XGRAD_OR(std::nullopt)), (eps))                             \
  ONE(special_entr) ONE(special_erfcx) ONE(special_i0e) ONE(special_i1) ONE(special_i1e) ONE(special_log_ndtr) ONE(special_ndtr)      \
  ONE(special_ndtri) ONE(special_airy_ai) ONE(special_bessel_j0) ONE(special_bessel_j1) ONE(special_bessel_y0) ONE(special_bessel_y1) \
  ONE(special_modified_bessel_i0) ONE(special_modified_bessel_i1) ONE(special_modified_bessel_k0) ONE(special_modified_bessel_k1)     \
  ONE(special_scaled_modified_bessel_k0) ONE(special_scaled_modified_bessel_k1) ONE(special_spherical_bessel_j0)
// clang-format on

#define XGRAD_OR(value) = value
#define XGRAD_OUT(name) XGRAD_API Tensor& name##_out(Tensor& out, const Tensor& self);
#define XGRAD_OUT_WITH(name, parameters, ...) XGRAD_API Tensor& name##_out(Tensor& out, const Tensor& self, XGRAD_UNPACK parameters);
#define XGRAD_OUT_ALIAS(name, operation) XGRAD_OUT(name)
#define XGRAD_OUT_ALIAS_WITH(name, operation, parameters, arguments) XGRAD_OUT_WITH(name, parameters, arguments)
XGRAD_EACH_INTO(XGRAD_OUT, XGRAD_OUT_WITH)
XGRAD_EACH_OUT_FORM(XGRAD_OUT, XGRAD_OUT_WITH)
XGRAD_EACH_ALIAS(XGRAD_OUT_ALIAS, XGRAD_OUT_ALIAS_WITH)
#undef XGRAD_OR
#undef XGRAD_OUT
#undef XGRAD_OUT_WITH
#undef XGRAD_OUT_ALIAS
#undef XGRAD_OUT_ALIAS_WITH

}}  // namespace torch::xgrad
