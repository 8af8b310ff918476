// Special functions, elementwise: what is no method too (autograd/tensor/operations/special.h), and the names of torch::special. Integers and
// Bool give the default floating dtype where nothing else is said.
#pragma once

#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/out_forms.h>
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

/// The names of torch::special, and torch::special_psi beside torch::special::psi.
#define XGRAD_SPECIAL_ONE(name, operation)                                                                       \
  namespace special {                                                                                            \
  inline Tensor name(const Tensor& self) { return xgrad::operation(self); }                                      \
  inline Tensor& name##_out(Tensor& result, const Tensor& self) { return xgrad::operation##_out(result, self); } \
  }
#define XGRAD_SPECIAL_TWO(name, operation)                                                              \
  namespace special {                                                                                   \
  inline Tensor name(const Tensor& self, const Tensor& other) { return xgrad::operation(self, other); } \
  inline Tensor name(const Scalar& self, const Tensor& other) { return xgrad::operation(self, other); } \
  inline Tensor name(const Tensor& self, const Scalar& other) { return xgrad::operation(self, other); } \
  }
#define XGRAD_SPECIAL_NAME(name, operation) \
  XGRAD_SPECIAL_ONE(name, operation)        \
  inline Tensor special_##name(const Tensor& self) { return xgrad::operation(self); }
XGRAD_SPECIAL_ONE(i0e, special_i0e)
XGRAD_SPECIAL_ONE(i1, special_i1)
XGRAD_SPECIAL_ONE(i1e, special_i1e)
XGRAD_SPECIAL_ONE(erfcx, special_erfcx)
XGRAD_SPECIAL_ONE(ndtr, special_ndtr)
XGRAD_SPECIAL_ONE(log_ndtr, special_log_ndtr)
XGRAD_SPECIAL_ONE(ndtri, special_ndtri)
XGRAD_SPECIAL_ONE(entr, special_entr)
XGRAD_SPECIAL_NAME(gammaln, lgamma)
XGRAD_SPECIAL_NAME(digamma, digamma)
XGRAD_SPECIAL_NAME(psi, digamma)
XGRAD_SPECIAL_NAME(i0, i0)
XGRAD_SPECIAL_NAME(erf, erf)
XGRAD_SPECIAL_NAME(erfc, erfc)
XGRAD_SPECIAL_NAME(erfinv, erfinv)
XGRAD_SPECIAL_NAME(exp2, exp2)
XGRAD_SPECIAL_NAME(expit, sigmoid)
XGRAD_SPECIAL_NAME(expm1, expm1)
XGRAD_SPECIAL_NAME(log1p, log1p)
XGRAD_SPECIAL_NAME(round, round)
XGRAD_SPECIAL_NAME(sinc, sinc)
XGRAD_SPECIAL_TWO(xlogy, xlogy)
XGRAD_SPECIAL_TWO(xlog1py, special_xlog1py)
XGRAD_SPECIAL_TWO(zeta, special_zeta)
#undef XGRAD_SPECIAL_ONE
#undef XGRAD_SPECIAL_TWO
#undef XGRAD_SPECIAL_NAME

namespace special {

inline Tensor gammainc(const Tensor& self, const Tensor& other) { return xgrad::igamma(self, other); }
inline Tensor gammaincc(const Tensor& self, const Tensor& other) { return xgrad::igammac(self, other); }
inline Tensor logit(const Tensor& self) { return xgrad::logit(self); }
inline Tensor multigammaln(const Tensor& self, int64_t p) { return xgrad::mvlgamma(self, p); }
inline Tensor polygamma(int64_t n, const Tensor& self) { return xgrad::polygamma(n, self); }
inline Tensor logsumexp(const Tensor& self, IntArrayRef dims, bool keepdim) { return xgrad::logsumexp(self, dims, keepdim); }
inline Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return xgrad::softmax(self, dim, dtype); }
inline Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return xgrad::log_softmax(self, dim, dtype); }

}  // namespace special
}}  // namespace torch::xgrad
