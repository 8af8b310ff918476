// Of the list in operations.h: functions that torch::special has too, elementwise. Integers and Bool give the default floating dtype where
// nothing else is said. What is no method stands in autograd/ops/pointwise/special.h.
#ifdef XGRAD_METHOD

/// log |Gamma(self)|: inf at 0 and at negative integers.
Tensor lgamma(XGRAD_SELF) XGRAD_METHOD(lgamma(*this)) XGRAD_IN_PLACE(lgamma_());
/// The derivative of lgamma: NaN at negative integers, -inf at 0 and inf at -0.
Tensor digamma(XGRAD_SELF) XGRAD_METHOD(digamma(*this)) XGRAD_IN_PLACE(digamma_());
/// The logarithm of the multivariate gamma function: log(pi) p (p - 1) / 4 + the sum of lgamma(self - i / 2) for 0 <= i < p. Throws for
/// p < 1 and Bool.
Tensor mvlgamma(XGRAD_SELF_AND int64_t p) XGRAD_METHOD(mvlgamma(*this, p)) XGRAD_REPLACED_BY(mvlgamma_(int64_t p), mvlgamma(x, p));
/// The regularised incomplete gamma functions: the integral of t^(self - 1) e^-t / Gamma(self) from 0 to other, and from other on. NaN where
/// one is negative. Floating dtypes only. Have no derivative in self, in the sweep.
Tensor igamma(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(igamma(*this, other))
    XGRAD_REPLACED_BY(igamma_(const Tensor& other), igamma(x, other));
Tensor igammac(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(igammac(*this, other))
    XGRAD_REPLACED_BY(igammac_(const Tensor& other), igammac(x, other));
/// The modified Bessel function of the first kind of order 0.
Tensor i0(XGRAD_SELF) XGRAD_METHOD(i0(*this)) XGRAD_IN_PLACE(i0_());
/// log(self / (1 - self)) for self limited to [eps, 1 - eps], beyond which the derivative is 0. Without eps, or for eps < 0: NaN outside [0, 1].
Tensor logit(XGRAD_SELF_AND std::optional<double> eps = std::nullopt) XGRAD_METHOD(logit(*this, eps))
    XGRAD_REPLACED_BY(logit_(std::optional<double> eps XGRAD_OR(std::nullopt)), logit(x, eps));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
