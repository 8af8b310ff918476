#include <xgrad/autograd/ops/pointwise/special.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/bessel.h>
#include <xgrad/autograd/kernels/pointwise/elementary.h>
#include <xgrad/autograd/kernels/pointwise/normal_distribution.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/pointwise/gaussian.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/selection.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- modified Bessel functions; their derivatives: DLMF 10.29 (https://dlmf.nist.gov)

Tensor into::i0(const Tensor& self, Out out) {
  return record(floating(operation<"i0">, kernels::i0, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * special_i1(x); }));
}

Tensor special_i0e(const Tensor& self) {
  return record(floating(operation<"special_i0e">, kernels::i0e, self),
                wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) { return gy * (special_i1e(x) - sgn(x) * y); }));
}

namespace {

// slope(x), where x is no divisor, and at 0 its limit 1/2.
template <class F> Tensor slope_of_order_1(const Tensor& x, F slope) {
  const double near = x.dtype() == kFloat ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
  const Tensor tiny = abs(x) <= near;
  return where(tiny, 0.5, slope(where(tiny, near, x)));
}

}  // namespace

Tensor special_i1(const Tensor& self) {
  return record(floating(operation<"special_i1">, kernels::i1, self), wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) {
                  return gy * slope_of_order_1(x, [&](const Tensor& x) { return i0(x) - y / x; });
                }));
}

Tensor special_i1e(const Tensor& self) {
  return record(floating(operation<"special_i1e">, kernels::i1e, self), wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) {
                  return gy * slope_of_order_1(x, [&](const Tensor& x) { return special_i0e(x) - y * (sgn(x) + reciprocal(x)); });
                }));
}

// ---- the normal distribution

namespace {

constexpr double kRoot2Pi = 2.5066282746310005;

// phi / Phi, with the density phi: the derivative of log(Phi), called the inverse Mills ratio.
Tensor mills_ratio(const Tensor& x) {
  const auto value = [&] {
    const StepsOfOne steps;
    return 2 / kRoot2Pi / special_erfcx(x * -M_SQRT1_2);
  };
  return record(Forward(operation<"mills_ratio">, value()),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& m) { return -gy * (m * (*x + m)); }));
}

}  // namespace

Tensor special_erfcx(const Tensor& self) {
  return record(floating(operation<"special_erfcx">, kernels::erfcx, self),
                wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) { return gy * (*x * y * 2 - M_2_SQRTPI); }));
}

Tensor special_ndtr(const Tensor& self) {
  const Tensor t =
      Recording::needs(self) ? untraced([&] { return self * M_SQRT1_2; }) : self;  // saved in its place, so that `self` may be edited, as in PyTorch
  return record(floating(operation<"special_ndtr">, kernels::ndtr, self),
                wrt(self, [t = save(t)](const Tensor& gy) { return gy * (gaussian(t) * (1 / kRoot2Pi)); }));
}

Tensor special_log_ndtr(const Tensor& self) {
  return record(floating(operation<"special_log_ndtr">, kernels::log_ndtr, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * mills_ratio(x); }));
}

Tensor special_ndtri(const Tensor& self) {
  return record(floating(operation<"special_ndtri">, kernels::ndtri, self),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (exp(y * y * 0.5) * kRoot2Pi); }));
}

// ---- logarithms

Tensor special_entr(const Tensor& self) {
  return record(floating(operation<"special_entr">, kernels::entr, self),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * (-1 - log(x)); }));
}

Tensor special_xlog1py(const Tensor& self, const Tensor& other) {
  return record(
      floating(operation<"special_xlog1py">, kernels::xlog1py, self, other),
      wrt(self, [x = save(self), y = save(other)](const Tensor& gy) { return where(logical_and(*x == 0, *y <= -1), 0.0, special_xlog1py(gy, y)); }),
      wrt(other, [x = save(self), y = save(other)](const Tensor& gy) { return gy * *x / (*y + 1); }));
}

Tensor special_xlog1py(const Scalar& self, const Tensor& other) {
  return record(floating(operation<"special_xlog1py", 1>, kernels::xlog1py, self, other), with("self", self),
                wrt(other, [self, y = save(other)](const Tensor& gy) { return gy * self / (*y + 1); }));
}

Tensor special_xlog1py(const Tensor& self, const Scalar& other) {
  return record(floating(operation<"special_xlog1py", 2>, kernels::xlog1py, self, other), with("other", other),
                wrt(self, [other, x = save(self)](const Tensor& gy) {
                  const Tensor slope = gy * std::log1p(other.toDouble());
                  return other.toDouble() > -1 ? slope : where(*x == 0, 0.0, slope);
                }));
}

Tensor logit(const Tensor& self, std::optional<double> eps) {
  const bool limited = eps && *eps >= 0;
  const double infinity = std::numeric_limits<double>::infinity();
  const kernels::LogitRange range{limited ? *eps : -infinity, limited ? 1 - *eps : infinity};
  return record(pointwise(operation<"logit">, kernels::logit, floating_result_type(self), {self}, &range), with("eps", eps),
                wrt(self, [limited, eps, x = save(self)](const Tensor& gy) {
                  const Tensor outside = logical_or(*x<(limited ? *eps : 0), *x>(limited ? 1 - *eps : 1));
                  return where(outside, limited ? 0.0 : std::numeric_limits<double>::quiet_NaN(), gy / (*x * (1 - *x)));
                }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Domain;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::special_values;
using catalogue::special_values_without;
using catalogue::vector_of;

namespace {

// torch.special.`name`, in `domain` and at `points`; of integers, in float32, PyTorch's answers are right to `integers_within`.
void special_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&), const Domain& domain, const std::vector<double>& points,
                     double integers_within = 0) {
  const std::string call = "torch.special." + name + "(x[0])";
  catalogue::unary_samples(s, call, f, domain, points);
  s.answers_are_within(integers_within);
  catalogue::integer_samples(s, call, f);
}
Tensor sample_at(Samples& s, const std::string& name, Tensor (*f)(const Tensor&), const std::vector<double>& points, const char* deviation) {
  const Tensor x = vector_of(points);
  s.at("torch.special." + name + "(x[0])", {x}, [f](Inputs x) { return f(x[0]); }).deviation = deviation;
  return x;
}

const std::vector<double> kFinite = {0.0, -0.0, 1, -1, 0.5, -0.5, 3, -4, 1e-300, -1e-300, 1e-5};  // the tolerance grows with the largest value

const catalogue::Entry i0_entry("i0", [](Samples& s) {
  special_samples(s, "i0", special::i0, {-4, 4}, kFinite);
  for (const double x : {9.0, 19.9, -20.1, 100.0, 700.0, -1000.0, double{NAN}})
    s.at("torch.i0(x[0])", {vector_of({x})}, [](Inputs x) { return i0(x[0]); });
  s.at("x[0].clone().i0_()", {s.normal({3})}, [](Inputs x) { return x[0].clone().i0_(); });
  sample_at(s, "i0", special::i0, {INFINITY, -INFINITY}, "bessel-at-infinity");
});
const catalogue::Entry i0e_entry("special_i0e", [](Samples& s) { special_samples(s, "i0e", special::i0e, {-4, 4, {0}}, special_values()); });
const catalogue::Entry i1_entry("special_i1", [](Samples& s) {
  special_samples(s, "i1", special::i1, {-4, 4, {0}}, kFinite);
  for (const double x : {9.0, 19.9, -20.1, 100.0, 700.0, -1000.0})
    s.at("torch.special.i1(x[0])", {vector_of({x})}, [](Inputs x) { return special::i1(x[0]); });
  sample_at(s, "i1", special::i1, {INFINITY, -INFINITY}, "bessel-at-infinity");
  sample_at(s, "i1", special::i1, {NAN}, "bessel-slope-of-nan");
});
const catalogue::Entry i1e_entry("special_i1e", [](Samples& s) {
  special_samples(s, "i1e", special::i1e, {-4, 4, {0}}, special_values_without({NAN}));
  sample_at(s, "i1e", special::i1e, {NAN}, "bessel-slope-of-nan");
});

const catalogue::Entry erfcx_entry("special_erfcx", [](Samples& s) {
  std::vector<double> points = special_values();
  points.insert(points.end(), {10, 24.9, 25.1, 50});
  special_samples(s, "erfcx", special::erfcx, {-2, 3}, points);
  s.at("torch.special.erfcx(x[0])", {vector_of({-10, -26, -26.7})}, [](Inputs x) { return special::erfcx(x[0]); });
});
const catalogue::Entry ndtr_entry("special_ndtr", [](Samples& s) {
  std::vector<double> points = special_values();
  points.insert(points.end(), {-5, -20, 5});
  special_samples(s, "ndtr", special::ndtr, {-3, 3}, points, 1e-3);  // ndtr-in-four-digits
});
const catalogue::Entry log_ndtr_entry("special_log_ndtr", [](Samples& s) {
  special_samples(s, "log_ndtr", special::log_ndtr, {-3, 3}, {0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 5, -7, 1000, 1e200, INFINITY, NAN});
  sample_at(s, "log_ndtr", special::log_ndtr, {-1e200, -INFINITY}, "log-ndtr-slope");
});
const catalogue::Entry ndtri_entry("special_ndtri", [](Samples& s) {
  special_samples(s, "ndtri", special::ndtri, {0.05, 0.95}, {0.0, -0.0, 1, -1, 0.5, 2, 0.25, 0.75, 0.2499, 0.1, 0.9, 1e-3, 1e-20, INFINITY, NAN});
});

const catalogue::Entry entr_entry("special_entr", [](Samples& s) { special_samples(s, "entr", special::entr, {0.2, 3}, special_values()); });

const catalogue::Entry xlog1py_entry("special_xlog1py", [](Samples& s) {
  s.sums_depend_on_layout();
  const auto tensors = [](const Tensor& a, const Tensor& b) { return special::xlog1py(a, b); };
  const std::string call = "torch.special.xlog1py(x[0], x[1])";
  catalogue::binary_samples(s, call, tensors, {}, {-0.7, 3});
  catalogue::pair_samples(s, call, tensors, {0.0, -0.0, 1, -1, 0.5, 3, -2.5, INFINITY, -INFINITY, NAN});
  catalogue::promotion_samples(s, call, tensors);
  for (const auto& [text, value] : std::vector<std::pair<std::string, double> >{{"1.5", 1.5}, {"0", 0}, {"-2", -2}}) {
    s.at("torch.special.xlog1py(" + text + ", x[0])", {vector_of(special_values())}, [v = value](Inputs x) { return special::xlog1py(v, x[0]); });
    s.at("torch.special.xlog1py(x[0], " + text + ")", {vector_of(special_values())}, [v = value](Inputs x) { return special::xlog1py(x[0], v); });
  }
  s.add("torch.special.xlog1py(1.5, x[0])", {s.uniform({2, 3}, -0.7, 3)}, [](Inputs x) { return special::xlog1py(1.5, x[0]); });
  s.add("torch.special.xlog1py(x[0], 2.5)", {s.normal({2, 3})}, [](Inputs x) { return special::xlog1py(x[0], 2.5); });
});

const catalogue::Entry logit_entry("logit", [](Samples& s) {
  const std::vector<double> points = {0, 0.05, 0.1, 0.5, 0.9, 0.95, 1, -1, 2, NAN, INFINITY, -INFINITY};
  catalogue::unary_samples(s, "torch.special.logit(x[0])", special::logit, {0.1, 0.9}, points);
  catalogue::integer_samples(s, "torch.logit(x[0])", special::logit);
  for (const auto& [text, eps] : std::vector<std::pair<std::string, double> >{{"0.1", 0.1}, {"0.0", 0}, {"-0.5", -0.5}}) {
    const auto f = [e = eps](const Tensor& x) { return logit(x, e); };
    s.at("torch.logit(x[0], " + text + ")", {vector_of(points)}, [f](Inputs x) { return f(x[0]); });
    catalogue::integer_samples(s, "torch.logit(x[0], " + text + ")", f);
  }
  s.add("torch.logit(x[0], eps=0.3)", {s.avoiding({2, 3}, -0.5, 1.5, {0.3, 0.7}, 0.05)}, [](Inputs x) { return logit(x[0], 0.3); });
  s.add("x[0].clone().logit_(eps=0.01)", {s.uniform({3}, 0.1, 0.9)}, [](Inputs x) { return x[0].clone().logit_(0.01); });
});

// at::'s names of operations of torch::special.
void incomplete_name(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&)) {
  s.answers_are_within(1e-8);  // igamma-in-nine-digits
  s.add("torch.special." + name + "(x[0], x[1])", {catalogue::constant(s.uniform({3}, 0.5, 5)), s.uniform({3}, 0.5, 5)},
        [f](Inputs x) { return f(x[0], x[1]); });
}
const catalogue::Entry special_gammainc_entry("special_gammainc", [](Samples& s) { incomplete_name(s, "gammainc", special_gammainc); });
const catalogue::Entry special_gammaincc_entry("special_gammaincc", [](Samples& s) { incomplete_name(s, "gammaincc", special_gammaincc); });
const catalogue::Entry special_logit_entry("special_logit", [](Samples& s) {
  s.add("torch.special.logit(x[0])", {s.uniform({3}, 0.1, 0.9)}, [](Inputs x) { return special_logit(x[0]); });
  s.at("torch.special.logit(x[0], 0.2)", {s.uniform({9}, 0.1, 0.9)}, [](Inputs x) { return special_logit(x[0], 0.2); });
});
const catalogue::Entry special_multigammaln_entry("special_multigammaln", [](Samples& s) {
  s.add("torch.special.multigammaln(x[0], 3)", {s.uniform({3}, 1.8, 5)}, [](Inputs x) { return special_multigammaln(x[0], 3); });
});
const catalogue::Entry special_polygamma_entry("special_polygamma", [](Samples& s) {
  s.add("torch.special.polygamma(2, x[0])", {s.uniform({3}, 0.5, 5)}, [](Inputs x) { return special_polygamma(2, x[0]); });
});
const catalogue::Entry special_logsumexp_entry("special_logsumexp", [](Samples& s) {
  s.add("torch.special.logsumexp(x[0], 1)", {s.normal({2, 3})}, [](Inputs x) { return special_logsumexp(x[0], 1); });
});
const catalogue::Entry special_softmax_entry("special_softmax", [](Samples& s) {
  s.add("torch.special.softmax(x[0], 1)", {s.normal({2, 3})}, [](Inputs x) { return special_softmax(x[0], 1); });
});
const catalogue::Entry special_log_softmax_entry("special_log_softmax", [](Samples& s) {
  s.add("torch.special.log_softmax(x[0], 1)", {s.normal({2, 3})}, [](Inputs x) { return special_log_softmax(x[0], 1); });
});
const catalogue::Entry special_xlogy_entry("special_xlogy", [](Samples& s) {
  s.add("torch.special.xlogy(x[0], x[1])", {s.normal({2, 3}), s.uniform({3}, 0.5, 2)}, [](Inputs x) { return special_xlogy(x[0], x[1]); });
  s.add("torch.special.xlogy(1.5, x[0])", {s.uniform({3}, 0.5, 2)}, [](Inputs x) { return special_xlogy(1.5, x[0]); });
  s.add("torch.special.xlogy(x[0], 2)", {s.normal({3})}, [](Inputs x) { return special_xlogy(x[0], 2); });
});

// torch::special's names of operations that have samples of their own.
const catalogue::Entry special_names_entry("special_names", [](Samples& s) {
  const auto one = [&s](const char* name, Tensor (*f)(const Tensor&)) {
    s.add(std::string("torch.special.") + name + "(x[0])", {s.uniform({2, 3}, 0.1, 0.9)}, [f](Inputs x) { return f(x[0]); });
  };
  one("erf", special::erf);
  one("erfc", special::erfc);
  one("erfinv", special::erfinv);
  one("exp2", special::exp2);
  one("expit", special_expit);
  one("expit", special::expit);
  one("expm1", special::expm1);
  one("gammaln", special::gammaln);
  one("log1p", special::log1p);
  one("sinc", special::sinc);
  s.add("torch.special.xlogy(x[0], x[1])", {s.normal({3}), s.uniform({3}, 0.5, 2)}, [](Inputs x) { return special::xlogy(x[0], x[1]); });
  s.add("torch.special.logsumexp(x[0], dim=(0, 1), keepdim=True)", {s.normal({2, 3})}, [](Inputs x) {
    return special::logsumexp(x[0], {0, 1}, true);
  });
  s.add("torch.special.softmax(x[0], 1)", {s.normal({2, 3})}, [](Inputs x) { return special::softmax(x[0], 1, std::nullopt); });
  s.add("torch.special.log_softmax(x[0], 0)", {s.normal({2, 3})}, [](Inputs x) { return special::log_softmax(x[0], 0, std::nullopt); });
  s.answers_are_within(1e-9);  // trigamma-in-ten-digits
  one("digamma", special::digamma);
  one("psi", special::psi);
});

}  // namespace

}}  // namespace torch::xgrad

#endif
