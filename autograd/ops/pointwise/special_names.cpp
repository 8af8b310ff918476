// The names of torch::special, declared in special.h.
#include <xgrad/autograd/ops/out_forms.h>
#include <xgrad/autograd/ops/pointwise/special.h>

namespace torch { inline namespace xgrad {

#define XGRAD_SPECIAL_ONE(name, operation)                                    \
  Tensor special::name(const Tensor& self) { return xgrad::operation(self); } \
  Tensor& special::name##_out(Tensor& result, const Tensor& self) { return xgrad::operation##_out(result, self); }
#define XGRAD_SPECIAL_ALSO(name, operation)                             \
  XGRAD_SPECIAL_ONE(name, operation)                                    \
  Tensor special_##name(const Tensor& self) { return operation(self); } \
  Tensor& special_##name##_out(Tensor& out, const Tensor& self) { return operation##_out(out, self); }
#define XGRAD_SPECIAL_TWO(name, operation)                                                                                                     \
  Tensor special::name(const Tensor& self, const Tensor& other) { return xgrad::operation(self, other); }                                      \
  Tensor special::name(const Scalar& self, const Tensor& other) { return xgrad::operation(self, other); }                                      \
  Tensor special::name(const Tensor& self, const Scalar& other) { return xgrad::operation(self, other); }                                      \
  Tensor& special::name##_out(Tensor& result, const Tensor& self, const Tensor& other) { return xgrad::operation##_out(result, self, other); } \
  Tensor& special::name##_out(Tensor& result, const Scalar& self, const Tensor& other) { return xgrad::operation##_out(result, self, other); } \
  Tensor& special::name##_out(Tensor& result, const Tensor& self, const Scalar& other) { return xgrad::operation##_out(result, self, other); }
XGRAD_EACH_SPECIAL(XGRAD_SPECIAL_ONE, XGRAD_SPECIAL_ALSO, XGRAD_SPECIAL_TWO)
#undef XGRAD_SPECIAL_ONE
#undef XGRAD_SPECIAL_ALSO
#undef XGRAD_SPECIAL_TWO

Tensor special_gammainc(const Tensor& self, const Tensor& other) { return igamma(self, other); }
Tensor special_gammaincc(const Tensor& self, const Tensor& other) { return igammac(self, other); }
Tensor special_round(const Tensor& self, int64_t decimals) { return round(self, decimals); }
Tensor& special_round_out(Tensor& out, const Tensor& self, int64_t decimals) { return round_out(out, self, decimals); }
Tensor special_logit(const Tensor& self, std::optional<double> eps) { return logit(self, eps); }
Tensor special_multigammaln(const Tensor& self, int64_t p) { return mvlgamma(self, p); }
Tensor special_polygamma(int64_t n, const Tensor& self) { return polygamma(n, self); }
Tensor special_logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) { return logsumexp(self, dim, keepdim); }
Tensor special_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return softmax(self, dim, dtype); }
Tensor special_log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return log_softmax(self, dim, dtype); }
Tensor special_xlogy(const Tensor& self, const Tensor& other) { return xlogy(self, other); }
Tensor special_xlogy(const Scalar& self, const Tensor& other) { return xlogy(self, other); }
Tensor special_xlogy(const Tensor& self, const Scalar& other) { return xlogy(self, other); }

Tensor special::gammainc(const Tensor& self, const Tensor& other) { return igamma(self, other); }
Tensor special::gammaincc(const Tensor& self, const Tensor& other) { return igammac(self, other); }
Tensor special::logit(const Tensor& self) { return xgrad::logit(self); }
Tensor special::multigammaln(const Tensor& self, int64_t p) { return mvlgamma(self, p); }
Tensor special::polygamma(int64_t n, const Tensor& self) { return xgrad::polygamma(n, self); }
Tensor special::logsumexp(const Tensor& self, IntArrayRef dims, bool keepdim) { return xgrad::logsumexp(self, dims, keepdim); }
Tensor special::softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return xgrad::softmax(self, dim, dtype); }
Tensor special::log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) { return xgrad::log_softmax(self, dim, dtype); }

Tensor& special::gammainc_out(Tensor& result, const Tensor& self, const Tensor& other) { return igamma_out(result, self, other); }
Tensor& special::gammaincc_out(Tensor& result, const Tensor& self, const Tensor& other) { return igammac_out(result, self, other); }
Tensor& special::logit_out(Tensor& result, const Tensor& self) { return xgrad::logit_out(result, self); }
Tensor& special::multigammaln_out(Tensor& result, const Tensor& self, int64_t p) { return mvlgamma_out(result, self, p); }
Tensor& special::polygamma_out(Tensor& result, int64_t n, const Tensor& self) { return special_polygamma_out(result, n, self); }
Tensor& special::logsumexp_out(Tensor& result, const Tensor& self, IntArrayRef dims, bool keepdim) {
  return special_logsumexp_out(result, self, dims, keepdim);
}

}}  // namespace torch::xgrad
