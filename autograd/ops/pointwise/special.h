// Special functions, elementwise: what is no method too (autograd/tensor/operations/special.h), and the names of torch::special. Integers and
// Bool give the default floating dtype where nothing else is said.
#pragma once

#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/out_forms.h>
#include <xgrad/autograd/ops/pointwise/polynomials.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The n-th derivative of digamma. Throws for n < 0. At poles it is infinite, at inf 0 (PyTorch: 1e32 or NaN).
XGRAD_API Tensor polygamma(int64_t n, const Tensor& self);
/// The Hurwitz zeta function: the sum of (k + other)^-self over k >= 0. NaN for self < 1 and, unless self is an integer, for other < 0; inf at
/// self 1 and at other 0, -1, -2, .... Has no derivative in self, in the sweep.
XGRAD_API Tensor special_zeta(const Tensor& self, const Tensor& other);
XGRAD_API Tensor special_zeta(const Scalar& self, const Tensor& other);
XGRAD_API Tensor special_zeta(const Tensor& self, const Scalar& other);

/// e^-|self| times the modified Bessel function of the first kind of order 0.
XGRAD_API Tensor special_i0e(const Tensor& self);
/// The modified Bessel function of the first kind of order 1, and the same times e^-|self|.
XGRAD_API Tensor special_i1(const Tensor& self);
XGRAD_API Tensor special_i1e(const Tensor& self);

// Up to the gap, without a derivative, as in PyTorch: results are part of no graph.

/// The Bessel functions of the first kind and of the second of orders 0 and 1; the second are -inf at 0 and NaN below.
XGRAD_API Tensor special_bessel_j0(const Tensor& self);
XGRAD_API Tensor special_bessel_j1(const Tensor& self);
XGRAD_API Tensor special_bessel_y0(const Tensor& self);
XGRAD_API Tensor special_bessel_y1(const Tensor& self);
/// i0 and special_i1.
XGRAD_API Tensor special_modified_bessel_i0(const Tensor& self);
XGRAD_API Tensor special_modified_bessel_i1(const Tensor& self);
/// The modified Bessel functions of the second kind, inf at 0 and NaN below, and the same times e^x.
XGRAD_API Tensor special_modified_bessel_k0(const Tensor& self);
XGRAD_API Tensor special_modified_bessel_k1(const Tensor& self);
XGRAD_API Tensor special_scaled_modified_bessel_k0(const Tensor& x);
XGRAD_API Tensor special_scaled_modified_bessel_k1(const Tensor& x);
/// sin(x) / x.
XGRAD_API Tensor special_spherical_bessel_j0(const Tensor& x);
/// Airy's function Ai.
XGRAD_API Tensor special_airy_ai(const Tensor& x);

/// e^(self^2) erfc(self).
XGRAD_API Tensor special_erfcx(const Tensor& self);
/// The normal distribution function Phi, its logarithm without underflow, and its inverse on [0, 1].
XGRAD_API Tensor special_ndtr(const Tensor& self);
XGRAD_API Tensor special_log_ndtr(const Tensor& self);
XGRAD_API Tensor special_ndtri(const Tensor& self);

/// -self log(self): 0 at 0, -inf below.
XGRAD_API Tensor special_entr(const Tensor& self);
/// self * log1p(other), 0 where self is 0 unless other is NaN.
XGRAD_API Tensor special_xlog1py(const Tensor& self, const Tensor& other);
XGRAD_API Tensor special_xlog1py(const Scalar& self, const Tensor& other);
XGRAD_API Tensor special_xlog1py(const Tensor& self, const Scalar& other);

/// The names of torch::special: ONE(name, operation) for operations of `self` alone, each with name_out(result, self); ALSO for those that
/// torch::special_name names too; TWO for two tensors, or a tensor and a number, which have name_out as well.
// clang-format off
#define XGRAD_EACH_SPECIAL(ONE, ALSO, TWO)                                                                                            \
  ONE(entr, special_entr) ONE(erfcx, special_erfcx) ONE(i0e, special_i0e) ONE(i1, special_i1) ONE(i1e, special_i1e)                   \
  ONE(log_ndtr, special_log_ndtr) ONE(ndtr, special_ndtr) ONE(ndtri, special_ndtri)                                                   \
  ONE(airy_ai, special_airy_ai) ONE(bessel_j0, special_bessel_j0) ONE(bessel_j1, special_bessel_j1)                                   \
  ONE(bessel_y0, special_bessel_y0) ONE(bessel_y1, special_bessel_y1)                                                                 \
  ONE(modified_bessel_i0, special_modified_bessel_i0) ONE(modified_bessel_i1, special_modified_bessel_i1)                             \
  ONE(modified_bessel_k0, special_modified_bessel_k0) ONE(modified_bessel_k1, special_modified_bessel_k1)                             \
  ONE(scaled_modified_bessel_k0, special_scaled_modified_bessel_k0) ONE(scaled_modified_bessel_k1, special_scaled_modified_bessel_k1) \
  ONE(spherical_bessel_j0, special_spherical_bessel_j0)                                                                               \
  ALSO(digamma, digamma) ALSO(erf, erf) ALSO(erfc, erfc) ALSO(erfinv, erfinv) ALSO(exp2, exp2) ALSO(expit, sigmoid)                   \
  ALSO(expm1, expm1) ALSO(gammaln, lgamma) ALSO(i0, i0) ALSO(log1p, log1p) ALSO(psi, digamma) ALSO(round, round) ALSO(sinc, sinc)     \
  TWO(xlog1py, special_xlog1py) TWO(xlogy, xlogy) TWO(zeta, special_zeta)
// clang-format on

#define XGRAD_SPECIAL_ONE(name, operation)                          \
  namespace special {                                               \
  XGRAD_API Tensor name(const Tensor& self);                        \
  XGRAD_API Tensor& name##_out(Tensor& result, const Tensor& self); \
  }
#define XGRAD_SPECIAL_ALSO(name, operation)            \
  XGRAD_SPECIAL_ONE(name, operation)                   \
  XGRAD_API Tensor special_##name(const Tensor& self); \
  XGRAD_API Tensor& special_##name##_out(Tensor& out, const Tensor& self);
#define XGRAD_SPECIAL_TWO(name, operation)                                               \
  namespace special {                                                                    \
  XGRAD_API Tensor name(const Tensor& self, const Tensor& other);                        \
  XGRAD_API Tensor name(const Scalar& self, const Tensor& other);                        \
  XGRAD_API Tensor name(const Tensor& self, const Scalar& other);                        \
  XGRAD_API Tensor& name##_out(Tensor& result, const Tensor& self, const Tensor& other); \
  XGRAD_API Tensor& name##_out(Tensor& result, const Scalar& self, const Tensor& other); \
  XGRAD_API Tensor& name##_out(Tensor& result, const Tensor& self, const Scalar& other); \
  }
XGRAD_EACH_SPECIAL(XGRAD_SPECIAL_ONE, XGRAD_SPECIAL_ALSO, XGRAD_SPECIAL_TWO)
#undef XGRAD_SPECIAL_ONE
#undef XGRAD_SPECIAL_ALSO
#undef XGRAD_SPECIAL_TWO

namespace special {

XGRAD_API Tensor gammainc(const Tensor& self, const Tensor& other);
XGRAD_API Tensor gammaincc(const Tensor& self, const Tensor& other);
XGRAD_API Tensor logit(const Tensor& self);
XGRAD_API Tensor multigammaln(const Tensor& self, int64_t p);
XGRAD_API Tensor polygamma(int64_t n, const Tensor& self);
XGRAD_API Tensor logsumexp(const Tensor& self, IntArrayRef dims, bool keepdim);
XGRAD_API Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype);
XGRAD_API Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype);
XGRAD_API Tensor& gammainc_out(Tensor& result, const Tensor& self, const Tensor& other);
XGRAD_API Tensor& gammaincc_out(Tensor& result, const Tensor& self, const Tensor& other);
XGRAD_API Tensor& logit_out(Tensor& result, const Tensor& self);
XGRAD_API Tensor& multigammaln_out(Tensor& result, const Tensor& self, int64_t p);
XGRAD_API Tensor& polygamma_out(Tensor& result, int64_t n, const Tensor& self);
XGRAD_API Tensor& logsumexp_out(Tensor& result, const Tensor& self, IntArrayRef dims, bool keepdim);

}  // namespace special

/// The same operations as at:: names them.
XGRAD_API Tensor special_gammainc(const Tensor& self, const Tensor& other);
XGRAD_API Tensor special_gammaincc(const Tensor& self, const Tensor& other);
XGRAD_API Tensor special_round(const Tensor& self, int64_t decimals);
XGRAD_API Tensor& special_round_out(Tensor& out, const Tensor& self, int64_t decimals);
XGRAD_API Tensor special_logit(const Tensor& self, std::optional<double> eps = std::nullopt);
XGRAD_API Tensor special_multigammaln(const Tensor& self, int64_t p);
XGRAD_API Tensor special_polygamma(int64_t n, const Tensor& self);
XGRAD_API Tensor special_logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
XGRAD_API Tensor special_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor special_log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor special_xlogy(const Tensor& self, const Tensor& other);
XGRAD_API Tensor special_xlogy(const Scalar& self, const Tensor& other);
XGRAD_API Tensor special_xlogy(const Tensor& self, const Scalar& other);

}}  // namespace torch::xgrad
