#include <xgrad/autograd/ops/pointwise/elementary.h>

#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/arithmetic.h>
#include <xgrad/autograd/kernels/pointwise/elementary.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/pointwise/gaussian.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/reduction/root_divisor.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// x, but 0 where it is infinite: keeps the limit 0 of products like x / (1 + x^2)^2 from becoming inf * 0.
Tensor finite_part(const Tensor& x) { return where(isinf(x), 0.0, x); }

template <class F> Forward without_graph(const Operation& operation, F f) {
  const StepsOfOne steps;
  return Forward(operation, f());
}

// 1 / (x^2 + 1)
Tensor atan_slope(const Tensor& x) {
  return record(without_graph(operation<"atan_slope">, [&] { return reciprocal(x * x + 1); }),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& r) { return gy * (finite_part(x) * r * r * -2); }));
}

// 1 / sqrt(x^2 + c)
Tensor root_slope(const Tensor& x, double c) {
  return record(without_graph(operation<"root_slope">, [&] { return rsqrt(x * x + c); }),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& r) { return -gy * (finite_part(x) * r * r * r); }));
}

}  // namespace

// ---- exponentials and logarithms

Tensor into::exp(const Tensor& self, Out out) {
  return record(floating(operation<"exp">, kernels::exp, self, out),
                wrt_in_place(self, [](const Tensor& gy, const Tensor& y, Out out) { return into::mul(gy, y, out); }));
}

Tensor into::exp2(const Tensor& self, Out out) {
  return record(floating(operation<"exp2">, kernels::exp2, self, out), wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * y * M_LN2; }));
}

Tensor into::expm1(const Tensor& self, Out out) {
  return record(floating(operation<"expm1">, kernels::expm1, self, out), wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (y + 1); }));
}

Tensor into::log(const Tensor& self, Out out) {
  return record(floating(operation<"log">, kernels::log, self, out),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return into::div(gy, *x, out); }));
}

Tensor into::log2(const Tensor& self, Out out) {
  return record(floating(operation<"log2">, kernels::log2, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x * M_LN2); }));
}

Tensor into::log10(const Tensor& self, Out out) {
  return record(floating(operation<"log10">, kernels::log10, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x * M_LN10); }));
}

Tensor into::log1p(const Tensor& self, Out out) {
  return record(floating(operation<"log1p">, kernels::log1p, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy / (*x + 1); }));
}

// ---- circular functions

Tensor into::sin(const Tensor& self, Out out) {
  return record(floating(operation<"sin">, kernels::sin, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * cos(x); }));
}

Tensor into::cos(const Tensor& self, Out out) {
  return record(floating(operation<"cos">, kernels::cos, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * -sin(x); }));
}

Tensor into::tan(const Tensor& self, Out out) {
  return record(floating(operation<"tan">, kernels::tan, self, out), wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * (y * y + 1); }));
}

Tensor into::asin(const Tensor& self, Out out) {
  return record(floating(operation<"asin">, kernels::asin, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * rsqrt(1 - *x * *x); }));
}

Tensor into::acos(const Tensor& self, Out out) {
  return record(floating(operation<"acos">, kernels::acos, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * -rsqrt(1 - *x * *x); }));
}

Tensor into::atan(const Tensor& self, Out out) {
  return record(floating(operation<"atan">, kernels::atan, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * atan_slope(x); }));
}

Tensor into::deg2rad(const Tensor& self, Out out) {
  return record(pointwise(operation<"deg2rad">, kernels::mul, floating_result_type(self), {self, Scalar(M_PI / 180)}, {}, out),
                wrt_in_place(self, into::deg2rad));
}

Tensor into::rad2deg(const Tensor& self, Out out) {
  return record(pointwise(operation<"rad2deg">, kernels::mul, floating_result_type(self), {self, Scalar(180 / M_PI)}, {}, out),
                wrt_in_place(self, into::rad2deg));
}

Tensor atan2(const Tensor& self, const Tensor& other) {
  // x / (x^2 + y^2) as (x / r) / r, which neither overflows nor underflows.
  const auto partial = [](const Tensor& x, const Tensor& y) {
    const Tensor r = hypot(x, y);
    return x / r / r;
  };
  return record(floating(operation<"atan2">, kernels::atan2, self, other),
                wrt(self, [partial, y = save(self), x = save(other)](const Tensor& gy) { return gy * partial(x, y); }),
                wrt(other, [partial, y = save(self), x = save(other)](const Tensor& gy) { return -gy * partial(y, x); }));
}

Tensor hypot(const Tensor& self, const Tensor& other) {
  // The subgradient at (0, 0) is 0.
  const auto share = [](const Tensor& a, const Tensor& y) { return a / root_divisor(y); };
  return record(pointwise(operation<"hypot">, kernels::hypot, result_type(self, other), {self, other}),
                wrt(self, [share, a = save(self)](const Tensor& gy, const Tensor& y) { return gy * share(a, y); }),
                wrt(other, [share, b = save(other)](const Tensor& gy, const Tensor& y) { return gy * share(b, y); }));
}

Tensor into::sinc(const Tensor& self, Out out) {
  return record(floating(operation<"sinc">, kernels::sinc, self, out), wrt(self, [x = save(self)](const Tensor& gy) {
                  // The quotient away from 0, and near it the series' first term, whose own derivative is right at 0.
                  const Tensor zero = *x * *x == 0, other = where(zero, 1.0, *x), px = other * M_PI;
                  const Tensor slope = (px * cos(px) - sin(px)) / (px * other);
                  return gy * where(zero, *x * (-M_PI * M_PI / 3), slope);
                }));
}

// ---- hyperbolic functions

Tensor into::sinh(const Tensor& self, Out out) {
  return record(floating(operation<"sinh">, kernels::sinh, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * cosh(x); }));
}

Tensor into::cosh(const Tensor& self, Out out) {
  return record(floating(operation<"cosh">, kernels::cosh, self, out), wrt(self, [x = save(self)](const Tensor& gy) { return gy * sinh(x); }));
}

Tensor into::asinh(const Tensor& self, Out out) {
  return record(floating(operation<"asinh">, kernels::asinh, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * root_slope(x, 1); }));
}

Tensor into::acosh(const Tensor& self, Out out) {
  return record(floating(operation<"acosh">, kernels::acosh, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * root_slope(x, -1); }));
}

Tensor into::atanh(const Tensor& self, Out out) {
  return record(floating(operation<"atanh">, kernels::atanh, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy / (1 - *x * *x); }));
}

// ---- the error function

Tensor gaussian(const Tensor& x) {
  return record(floating(operation<"gaussian">, kernels::gaussian, x),
                wrt(x, [x = save(x)](const Tensor& gy, const Tensor& y) { return gy * (y * finite_part(x) * -2); }));
}

Tensor into::erf(const Tensor& self, Out out) {
  return record(floating(operation<"erf">, kernels::erf, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * (gaussian(x) * M_2_SQRTPI); }));
}

Tensor into::erfc(const Tensor& self, Out out) {
  return record(floating(operation<"erfc">, kernels::erfc, self, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * (gaussian(x) * -M_2_SQRTPI); }));
}

Tensor into::erfinv(const Tensor& self, Out out) {
  return record(floating(operation<"erfinv">, kernels::erfinv, self, out), wrt(self, [x = save(self)](const Tensor& gy) {
                  const Tensor y = erfinv(x);
                  return gy * (exp(y * y) * (1 / M_2_SQRTPI));
                }));
}

// ---- logarithms of sums and products

Tensor xlogy(const Tensor& self, const Tensor& other) {
  return record(floating(operation<"xlogy">, kernels::xlogy, self, other),
                wrt(self, [x = save(self), y = save(other)](const Tensor& gy) { return where(logical_and(*x == 0, *y <= 0), 0.0, xlogy(gy, y)); }),
                wrt(other, [x = save(self), y = save(other)](const Tensor& gy) { return gy * *x / *y; }));
}

Tensor xlogy(const Scalar& self, const Tensor& other) {
  return record(floating(operation<"xlogy", 1>, kernels::xlogy, self, other), with("self", self),
                wrt(other, [self, y = save(other)](const Tensor& gy) { return gy * self / *y; }));
}

Tensor xlogy(const Tensor& self, const Scalar& other) {
  return record(floating(operation<"xlogy", 2>, kernels::xlogy, self, other), with("other", other),
                wrt(self, [other, x = save(self)](const Tensor& gy) {
                  const Tensor slope = gy * std::log(other.toDouble());
                  return other.toDouble() > 0 ? slope : where(*x == 0, 0.0, slope);
                }));
}

namespace {

// The weight of `a` in softmax([a, b]); 0 where both are -inf.
Tensor softmax_of_two(const Tensor& a, const Tensor& b) {
  return record(floating(operation<"softmax_of_two">, kernels::softmax_of_two, a, b),
                wrt(a, [](const Tensor& gy, const Tensor& w) { return gy * (w * (1 - w)); }),
                wrt(b, [](const Tensor& gy, const Tensor& w) { return -gy * (w * (1 - w)); }));
}

}  // namespace

Tensor logaddexp(const Tensor& self, const Tensor& other) {
  return record(pointwise(operation<"logaddexp">, kernels::logaddexp, result_type(self, other), {self, other}),
                wrt(self, [a = save(self), b = save(other)](const Tensor& gy) { return gy * softmax_of_two(a, b); }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return gy * softmax_of_two(b, a); }));
}

Tensor logaddexp2(const Tensor& self, const Tensor& other) {
  // In powers of 2 the weights are those of the numbers times log(2).
  const auto weight = [](const Tensor& a, const Tensor& b) { return softmax_of_two(a * M_LN2, b * M_LN2); };
  return record(pointwise(operation<"logaddexp2">, kernels::logaddexp2, result_type(self, other), {self, other}),
                wrt(self, [weight, a = save(self), b = save(other)](const Tensor& gy) { return gy * weight(a, b); }),
                wrt(other, [weight, a = save(self), b = save(other)](const Tensor& gy) { return gy * weight(b, a); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

// torch.`name`: away from poles, at the usual special values and at `point`.
void function_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&), const catalogue::Domain& domain, double point) {
  const std::string call = "torch." + name + "(x[0])";
  std::vector<double> points = catalogue::special_values();
  points.push_back(point);
  catalogue::unary_samples(s, call, f, domain, points);
  catalogue::integer_samples(s, call, f);
}

const catalogue::Entry exp_entry("exp", [](Samples& s) { function_samples(s, "exp", exp, {-2, 2}, 710); });
const catalogue::Entry exp2_entry("exp2", [](Samples& s) { function_samples(s, "exp2", exp2, {-2, 2}, 1024); });
const catalogue::Entry expm1_entry("expm1", [](Samples& s) { function_samples(s, "expm1", expm1, {-2, 2}, 1e-17); });
const catalogue::Entry log_entry("log", [](Samples& s) { function_samples(s, "log", log, {0.2, 3}, 3); });
const catalogue::Entry log2_entry("log2", [](Samples& s) { function_samples(s, "log2", log2, {0.2, 3}, 8); });
const catalogue::Entry log10_entry("log10", [](Samples& s) { function_samples(s, "log10", log10, {0.2, 3}, 100); });
const catalogue::Entry log1p_entry("log1p", [](Samples& s) { function_samples(s, "log1p", log1p, {-0.7, 3}, 1e-17); });
const catalogue::Entry sin_entry("sin", [](Samples& s) { function_samples(s, "sin", sin, {-4, 4}, 3); });
const catalogue::Entry cos_entry("cos", [](Samples& s) { function_samples(s, "cos", cos, {-4, 4}, 3); });
const catalogue::Entry tan_entry("tan", [](Samples& s) { function_samples(s, "tan", tan, {-1.2, 1.2}, 3); });
const catalogue::Entry asin_entry("asin", [](Samples& s) { function_samples(s, "asin", asin, {-0.9, 0.9}, 0.9); });
const catalogue::Entry acos_entry("acos", [](Samples& s) { function_samples(s, "acos", acos, {-0.9, 0.9}, 0.9); });
const catalogue::Entry atan_entry("atan", [](Samples& s) { function_samples(s, "atan", atan, {-3, 3}, 3); });
const catalogue::Entry sinh_entry("sinh", [](Samples& s) { function_samples(s, "sinh", sinh, {-2, 2}, 3); });
const catalogue::Entry cosh_entry("cosh", [](Samples& s) { function_samples(s, "cosh", cosh, {-2, 2}, 3); });
const catalogue::Entry asinh_entry("asinh", [](Samples& s) { function_samples(s, "asinh", asinh, {-3, 3}, 1e-17); });
const catalogue::Entry acosh_entry("acosh", [](Samples& s) { function_samples(s, "acosh", acosh, {1.2, 4}, 3); });
const catalogue::Entry atanh_entry("atanh", [](Samples& s) { function_samples(s, "atanh", atanh, {-0.9, 0.9}, 1e-17); });
const catalogue::Entry erf_entry("erf", [](Samples& s) { function_samples(s, "erf", erf, {-2, 2}, 1e-17); });
const catalogue::Entry erfc_entry("erfc", [](Samples& s) { function_samples(s, "erfc", erfc, {-2, 2}, 20); });
const catalogue::Entry erfinv_entry("erfinv", [](Samples& s) { function_samples(s, "erfinv", erfinv, {-0.9, 0.9}, 0.99); });
const catalogue::Entry sinc_entry("sinc", [](Samples& s) { function_samples(s, "sinc", sinc, {-2, 2}, 0.01); });
const catalogue::Entry deg2rad_entry("deg2rad", [](Samples& s) { function_samples(s, "deg2rad", deg2rad, {-200, 200}, 180); });
const catalogue::Entry rad2deg_entry("rad2deg", [](Samples& s) { function_samples(s, "rad2deg", rad2deg, {-4, 4}, 3); });

const std::vector<double> kPairs = {0.0, -0.0, 1, -1, 0.5, 3, -2.5, INFINITY, -INFINITY, NAN};

const catalogue::Entry atan2_entry("atan2", [](Samples& s) {
  catalogue::binary_samples(s, "torch.atan2(x[0], x[1])", atan2, {0.3, 2}, {-2, 2, {0}});
  catalogue::binary_samples(s, "torch.atan2(x[0], x[1])", atan2, {-2, 2, {0}}, {0.3, 2});
  catalogue::pair_samples(s, "torch.atan2(x[0], x[1])", atan2, kPairs);
  catalogue::promotion_samples(s, "torch.atan2(x[0], x[1])", atan2);
  catalogue::pair_samples(s, "torch.atan2(x[0], x[1])", atan2, {1e200, -1e-200}).deviation = "atan2-range";
});

const catalogue::Entry hypot_entry("hypot", [](Samples& s) {
  catalogue::binary_samples(s, "torch.hypot(x[0], x[1])", hypot, {0.3, 2}, {-2, 2, {0}});
  catalogue::pair_samples(s, "torch.hypot(x[0], x[1])", hypot, {1, -1, 0.5, 1e200, INFINITY, -INFINITY, NAN});
  s.at("torch.hypot(x[0], x[1])", {catalogue::vector_of({0, -0.0}), catalogue::vector_of({0, 0})}, [](Inputs x) {
     return hypot(x[0], x[1]);
   }).deviation = "hypot-at-zero";
});

const catalogue::Entry xlogy_entry("xlogy", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return xlogy(a, b); };
  catalogue::binary_samples(s, "torch.xlogy(x[0], x[1])", tensors, {}, {0.2, 3});
  catalogue::pair_samples(s, "torch.xlogy(x[0], x[1])", tensors, kPairs);
  catalogue::promotion_samples(s, "torch.xlogy(x[0], x[1])", tensors);
  for (const auto& [text, value] : std::vector<std::pair<std::string, double> >{{"1.5", 1.5}, {"0", 0}, {"-2", -2}}) {
    s.at("torch.xlogy(" + text + ", x[0])", {catalogue::vector_of(catalogue::special_values())}, [v = value](Inputs x) { return xlogy(v, x[0]); });
    s.at("torch.xlogy(x[0], " + text + ")", {catalogue::vector_of(catalogue::special_values())}, [v = value](Inputs x) { return xlogy(x[0], v); });
  }
  s.add("torch.xlogy(1.5, x[0])", {s.uniform({2, 3}, 0.2, 3)}, [](Inputs x) { return xlogy(1.5, x[0]); });
  s.add("torch.xlogy(x[0], 2.5)", {s.normal({2, 3})}, [](Inputs x) { return xlogy(x[0], 2.5); });
});

void logaddexp_samples(Samples& s, const std::string& call, Tensor (*f)(const Tensor&, const Tensor&)) {
  catalogue::binary_samples(s, call, f);
  catalogue::pair_samples(s, call, f, {0.0, 1, -1, 1000, -1000, INFINITY, NAN});
  s.at(call, {catalogue::vector_of({-INFINITY, 3}), catalogue::vector_of({2, -INFINITY})}, [f](Inputs x) { return f(x[0], x[1]); });
  s.at(call, {catalogue::vector_of({-INFINITY}), catalogue::vector_of({-INFINITY})}, [f](Inputs x) { return f(x[0], x[1]); }).deviation =
      "logaddexp-of-minus-infinity";
  s.rejects("integers", "not implemented for 'Long'", [f] { f(ones({2}, kLong), ones({2}, kLong)); });
}

const catalogue::Entry logaddexp_entry("logaddexp", [](Samples& s) { logaddexp_samples(s, "torch.logaddexp(x[0], x[1])", logaddexp); });
const catalogue::Entry logaddexp2_entry("logaddexp2", [](Samples& s) { logaddexp_samples(s, "torch.logaddexp2(x[0], x[1])", logaddexp2); });

}  // namespace

}}  // namespace torch::xgrad

#endif
