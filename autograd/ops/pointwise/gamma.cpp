// The gamma function's kin, declared in special.h and in the list of operations.
#include <cmath>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/gamma.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/ops/pointwise/special.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor into::lgamma(const Tensor& self, Out out) {
  return record(floating(operation<"lgamma">, kernels::lgamma, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * digamma(x); }));
}

Tensor into::digamma(const Tensor& self, Out out) {
  return record(floating(operation<"digamma">, kernels::digamma, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * polygamma(1, x); }));
}

Tensor polygamma(int64_t n, const Tensor& self) {
  const Operation& op = operation<"polygamma">;
  XGRAD_CHECK(n >= 0, op, "polygamma(n, x) does not support negative n, got ", n);
  const kernels::PolygammaOrder order{n};
  return record(pointwise(op, kernels::polygamma, floating_result_type(self), {self}, &order), with("n", n),
                wrt(self, [n, x = save(self)](const Tensor& gy) { return gy * polygamma(n + 1, x); }));
}
Tensor Tensor::polygamma(int64_t n) const { return xgrad::polygamma(n, *this); }
Tensor& Tensor::polygamma_(int64_t n) const {
  return edit_in_place("polygamma_", *this, [n](const Tensor& x) { return xgrad::polygamma(n, x); });
}

// ---- the multivariate gamma function

namespace {

// x - i / 2 for 0 <= i < p, along a new last axis.
Tensor lowered(const Tensor& x, int64_t p) {
  const double least = -0.5 * static_cast<double>(p - 1);
  return arange(least, 0.25, 0.5, TensorOptions(floating_result_type(x))).add(x.unsqueeze(-1));
}

}  // namespace

Tensor mvlgamma(const Tensor& self, int64_t p) {
  const Operation& op = operation<"mvlgamma">;
  XGRAD_CHECK(self.dtype() != kBool, op, "The input tensor may not be a boolean tensor.");
  XGRAD_CHECK(p >= 1, op, "p has to be greater than or equal to 1, got ", p);
  const auto value = [&] {
    const StepsOfOne steps;
    const auto order = static_cast<double>(p);
    return lgamma(lowered(self, p)).sum(-1).add_(order * (order - 1) * std::log(M_PI) / 4);
  };
  return record(Forward(op, value()), with("p", p), wrt(self, [p, x = save(self)](const Tensor& gy) { return gy * digamma(lowered(x, p)).sum(-1); }));
}

// ---- the incomplete gamma functions

namespace {

// other^(self - 1) e^-other / Gamma(self), in logarithms; xlogy is right where other is 0 and self 1.
Tensor gamma_density(const Tensor& self, const Tensor& other) { return exp(xlogy(self - 1, other) - other - lgamma(self)); }

}  // namespace

Tensor igamma(const Tensor& self, const Tensor& other) {
  return record(pointwise(operation<"igamma">, kernels::igamma, result_type(self, other), {self, other}), wrt(self, no_derivative<"igamma: input">),
                wrt(other, [a = save(self), x = save(other)](const Tensor& gy) { return gy * gamma_density(a, x); }));
}

Tensor igammac(const Tensor& self, const Tensor& other) {
  return record(pointwise(operation<"igammac">, kernels::igammac, result_type(self, other), {self, other}),
                wrt(self, no_derivative<"igammac: input">),
                wrt(other, [a = save(self), x = save(other)](const Tensor& gy) { return -gy * gamma_density(a, x); }));
}

// ---- the Hurwitz zeta function

Tensor special_zeta(const Tensor& self, const Tensor& other) {
  return record(floating(operation<"special_zeta">, kernels::zeta, self, other), wrt(self, no_derivative<"zeta">),
                wrt(other, [s = save(self), q = save(other)](const Tensor& gy) { return gy * -*s * special_zeta(*s + 1, q); }));
}

Tensor special_zeta(const Scalar& self, const Tensor& other) {
  return record(floating(operation<"special_zeta", 1>, kernels::zeta, self, other), with("self", self),
                wrt(other, [s = self.toDouble(), q = save(other)](const Tensor& gy) { return gy * -s * special_zeta(s + 1, q); }));
}

Tensor special_zeta(const Tensor& self, const Scalar& other) {
  return record(floating(operation<"special_zeta", 2>, kernels::zeta, self, other), with("other", other), wrt(self, no_derivative<"zeta">));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::vector_of;

namespace {

// Apart from poles, whose neighbours are infinite: -1, -2, ....
const std::vector<double> kPoints = {0.0, -0.0, 1, 0.5, -0.5, 2, -2.5, 1.25, 1.7, 9.5, 20, 1e-5, 1e-300, -1e-300, NAN};

const catalogue::Entry lgamma_entry("lgamma", [](Samples& s) {
  catalogue::unary_samples(s, "torch.lgamma(x[0])", lgamma, {0.3, 5}, kPoints);
  catalogue::unary_samples(s, "torch.lgamma(x[0])", lgamma, {-0.8, -0.2}, {1000, 1e200, INFINITY});
  catalogue::integer_samples(s, "torch.lgamma(x[0])", lgamma);
  s.add("x[0].clone().lgamma_()", {s.uniform({3}, 0.3, 5)}, [](Inputs x) { return x[0].clone().lgamma_(); });
});
const catalogue::Entry digamma_entry("digamma", [](Samples& s) {
  s.answers_are_within(1e-9);  // trigamma-in-ten-digits
  catalogue::unary_samples(s, "torch.digamma(x[0])", digamma, {0.3, 5}, kPoints);
  catalogue::unary_samples(s, "torch.digamma(x[0])", digamma, {-0.8, -0.2}, {1000, 1e200, INFINITY});
  catalogue::integer_samples(s, "torch.digamma(x[0])", digamma);
  s.add("torch.digamma(x[0]) * 1e3", {s.uniform({8}, 1.3, 1.6)}, [](Inputs x) { return digamma(x[0]) * 1e3; });
});
const catalogue::Entry polygamma_entry("polygamma", [](Samples& s) {
  s.answers_are_within(1e-9);  // trigamma-in-ten-digits
  for (const int64_t n : {0, 1, 2, 5}) {
    const std::string call = "torch.polygamma(" + std::to_string(n) + ", x[0])";
    const auto f = [n](const Tensor& x) { return polygamma(n, x); };
    catalogue::unary_samples(s, call, f, {0.5, 5}, {1, 0.5, 2, 1.25, 9.5, 20, 1000, NAN});
    s.at(call, {vector_of({-0.5, -2.5, -7.25})}, [f](Inputs x) { return f(x[0]); });
    s.flat(call, {s.integers({4}, 1, 9)}, [f](Inputs x) { return f(x[0]); });
    s.flat(call, {s.integers({4}, 1, 9).to(kByte)}, [f](Inputs x) { return f(x[0]); });
  }
  s.at("torch.polygamma(1, x[0])", {vector_of({0.0, -0.0, 1e-3, 1e200})}, [](Inputs x) { return polygamma(1, x[0]); });
  s.add("x[0].clone().polygamma_(1)", {s.uniform({3}, 0.5, 5)}, [](Inputs x) { return x[0].clone().polygamma_(1); });
  s.answers_are_within(0);
  s.at("torch.polygamma(1, x[0])", {vector_of({-1, -2, -1000})}, [](Inputs x) { return polygamma(1, x[0]); }).deviation = "polygamma-at-limits";
  s.at("torch.polygamma(2, x[0])", {vector_of({INFINITY})}, [](Inputs x) { return polygamma(2, x[0]); }).deviation = "polygamma-at-limits";
  s.rejects("a negative order", "polygamma(n, x) does not support negative n", [] { polygamma(-1, ones({2})); });
});

const catalogue::Entry mvlgamma_entry("mvlgamma", [](Samples& s) {
  for (const int64_t p : {1, 2, 4}) {
    const std::string call = "torch.mvlgamma(x[0], " + std::to_string(p) + ")";
    const auto f = [p](const Tensor& x) { return mvlgamma(x, p); };
    catalogue::unary_samples(s, call, f, {1.8, 6}, {20, 100, NAN});
    s.flat(call, {s.integers({4}, 2, 9)}, [f](Inputs x) { return f(x[0]); });
    s.flat(call, {s.integers({4}, 2, 9).to(kByte)}, [f](Inputs x) { return f(x[0]); });
  }
  s.add("x[0].clone().mvlgamma_(2)", {s.uniform({3}, 1.8, 5)}, [](Inputs x) { return x[0].clone().mvlgamma_(2); });
  s.add("torch.special.multigammaln(x[0], 3)", {s.uniform({3}, 1.8, 5)}, [](Inputs x) { return special::multigammaln(x[0], 3); });
  s.rejects("p = 0", "p has to be greater than or equal to 1", [] { mvlgamma(ones({2}), 0); });
  s.rejects("Bool", "The input tensor may not be a boolean tensor", [] { mvlgamma(ones({2}, kBool), 1); });
});

void incomplete_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&), const std::string& special_name,
                        Tensor (*special)(const Tensor&, const Tensor&)) {
  s.answers_are_within(1e-8);  // igamma-in-nine-digits
  const std::string call = "torch." + name + "(x[0], x[1])";
  const auto run = [f](Inputs x) { return f(x[0], x[1]); };
  // Small and large, both sides of where a series takes over from a fraction or the uniform expansion.
  for (const auto& [low, high] : std::vector<std::pair<double, double> >{{0.1, 1}, {0.5, 5}, {3, 15}, {21, 30}})
    for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{0}, {1}}, {{}, {}}})
      s.add(call, {constant(s.uniform(a, low, high)), s.uniform(b, low, high)}, run);
  for (const double a : {1e-3, 0.5, 1.0, 5.0, 19.0, 25.0, 150.0, 1e3, 1e5}) {
    std::vector<double> points;
    for (const double ratio : {1e-3, 0.1, 0.5, 0.75, 0.97, 1.0, 1.02, 1.25, 1.5, 3.0}) points.push_back(a * ratio);
    s.at(call, {constant(vector_of({a})), vector_of(points)}, run);
  }
  s.at(call,
       {constant(vector_of({0, 0, 2, 2, -1, 2, INFINITY, 3, INFINITY, NAN, 2})), vector_of({0, 2, 0, -1, 2, INFINITY, 2, 1e300, INFINITY, 1, NAN})},
       run);
  s.at(call, {constant(vector_of({1})), vector_of({0})}, run).deviation = "igamma-slope-at-zero";
  s.flat(call, {s.integers({3}, 1, 9), constant(s.uniform({3}, 0.5, 5))}, run);
  s.flat(call, {constant(s.uniform({3}, 0.5, 5).to(kFloat)), constant(s.uniform({3}, 0.5, 5).to(kFloat))}, run);
  s.add("torch.special." + special_name + "(x[0], x[1])", {constant(s.uniform({3}, 0.5, 5)), s.uniform({3}, 0.5, 5)},
        [special](Inputs x) { return special(x[0], x[1]); });
  s.rejects("integers", "not implemented for 'Long'", [f] { f(ones({2}, kLong), ones({2}, kLong)); });
  s.rejects("the derivative in the first", "the derivative for 'igamma", [f] { f(ones({2}).set_requires_grad(true), ones({2})).sum().backward(); });
}

const catalogue::Entry igamma_entry("igamma", [](Samples& s) { incomplete_samples(s, "igamma", igamma, "gammainc", special::gammainc); });
const catalogue::Entry igammac_entry("igammac", [](Samples& s) { incomplete_samples(s, "igammac", igammac, "gammaincc", special::gammaincc); });

const catalogue::Entry zeta_entry("special_zeta", [](Samples& s) {
  const std::string call = "torch.special.zeta(x[0], x[1])";
  const auto f = [](Inputs x) { return special::zeta(x[0], x[1]); };
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{0}, {1}}, {{}, {}}})
    s.add(call, {constant(s.uniform(a, 1.2, 5)), s.uniform(b, 0.4, 3)}, f);
  std::vector<double> exponents, starts;
  for (const double a : {-1.0, 0.5, 1.0, 1.01, 2.0, 3.0, 3.5, 30.0})
    for (const double b : {0.0, 0.5, 1.0, 7.0, 30.0, -1.0, -0.5, -2.5, -3.25}) exponents.push_back(a), starts.push_back(b);
  s.at(call, {constant(vector_of(exponents)), vector_of(starts)}, f);
  catalogue::promotion_samples(s, call, [](const Tensor& a, const Tensor& b) { return special::zeta(a, b); });
  s.add("torch.special.zeta(2.5, x[0])", {s.uniform({2, 3}, 0.4, 3)}, [](Inputs x) { return special::zeta(2.5, x[0]); });
  s.flat("torch.special.zeta(x[0], 2)", {constant(s.uniform({2, 3}, 1.2, 5))}, [](Inputs x) { return special::zeta(x[0], 2); });
  s.flat("torch.special.zeta(x[0], 2)", {s.integers({3}, 2, 5)}, [](Inputs x) { return special::zeta(x[0], 2); });
  s.at(call, {constant(vector_of({3, INFINITY, 1})), vector_of({INFINITY, 3, NAN})}, f).deviation = "zeta-at-limits";
  s.rejects("the derivative in self", "the derivative for 'zeta' is not implemented",
            [] { special_zeta(ones({2}).mul(2).set_requires_grad(true), ones({2})).sum().backward(); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
