// The functions of one double that the library computes itself, in every instruction set, against long double.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <xgrad/xgrad.h>

#include "autograd/float_functions.h"

using namespace xgrad;

namespace {

struct DoubleFunction {
  const char* name;
  Tensor (*ours)(const Tensor&);
  long double (*truth)(long double);
  double ulps;
  double low, high;         ///< numbers are drawn from this range; outside the result hardly changes
  double from = -INFINITY;  ///< inputs below are not measured: the result loses digits among the denormals
};

long double long_sigmoid(long double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }

long double long_erfinv(long double a) {
  const long double size = std::fabs(a), rest = 1 - size;
  if (!(size < 1)) return size == 1 ? a * INFINITY : NAN;
  long double x = std::fabs(test::erfinv_truth(static_cast<double>(a)));
  for (int step = 0; step < 2; ++step) {
    const long double newton = (size < 0.5 ? std::erf(x) - size : rest - std::erfc(x)) / (2 / std::sqrt(std::acos(-1.0L)) * std::exp(-x * x));
    x -= newton / (1 + x * newton);
  }
  return std::copysign(x, a);
}

const DoubleFunction kFunctions[] = {
    {"exp", [](const Tensor& x) { return exp(x); }, [](long double x) { return std::exp(x); }, 1, -750, 712},
    {"log", [](const Tensor& x) { return log(x); }, [](long double x) { return std::log(x); }, 1, 0, 1e308},
    {"tanh", [](const Tensor& x) { return tanh(x); }, [](long double x) { return std::tanh(x); }, 3, -25, 25},
    {"sigmoid", [](const Tensor& x) { return sigmoid(x); }, long_sigmoid, 3, -750, 50},
    {"sin", [](const Tensor& x) { return sin(x); }, [](long double x) { return std::sin(x); }, 3, -1e6, 1e6},
    {"cos", [](const Tensor& x) { return cos(x); }, [](long double x) { return std::cos(x); }, 3, -1e6, 1e6},
    {"tan", [](const Tensor& x) { return tan(x); }, [](long double x) { return std::tan(x); }, 3, -1e6, 1e6},
    {"asin", [](const Tensor& x) { return asin(x); }, [](long double x) { return std::asin(x); }, 3, -1, 1},
    {"acos", [](const Tensor& x) { return acos(x); }, [](long double x) { return std::acos(x); }, 3, -1, 1},
    {"atan", [](const Tensor& x) { return atan(x); }, [](long double x) { return std::atan(x); }, 3, -10, 10},
    {"erfinv", [](const Tensor& x) { return erfinv(x); }, long_erfinv, 3.5, -1, 1},
    {"digamma", [](const Tensor& x) { return digamma(x); }, test::digamma_truth, 6, 0, 20, -0.0},
    {"silu", [](const Tensor& x) { return silu(x); }, [](long double x) { return x * long_sigmoid(x); }, 4, -700, 50, -700},
};

// Every power of 2 with its neighbours, of both signs; what the types' ends are; and many numbers between.
Tensor arguments(const DoubleFunction& f) {
  using Limits = std::numeric_limits<double>;
  std::vector<double> x = {
      0.0,   Limits::infinity(), Limits::quiet_NaN(), Limits::max(), Limits::min(), Limits::denorm_min(), 1e-310, 709.782712893384, 709.8, 745.13,
      745.14};
  for (int e = -1074; e <= 1023; ++e)
    for (double towards : {0.0, 1.0, Limits::infinity()}) x.push_back(std::nextafter(std::ldexp(1.0, e), towards));
  for (size_t i = 0, n = x.size(); i < n; ++i) x.push_back(-x[i]);
  const Tensor close = randn({100000}, kDouble), wide = rand({100000}, kDouble) * (f.high - f.low) + f.low;
  return cat({from_blob(x.data(), {static_cast<int64_t>(x.size())}, kDouble).clone(), close, wide, close.abs()});
}

// In units of the last place of the truth's double; infinity where a special value is wrong.
double long_ulps_off(double y, long double truth) {
  const double rounded = static_cast<double>(truth);
  if (std::isnan(rounded) || std::isnan(y)) return std::isnan(rounded) && std::isnan(y) ? 0 : INFINITY;
  if (std::isinf(rounded) || std::isinf(y)) return y == rounded ? 0 : INFINITY;
  if (y == 0 && rounded == 0) return std::signbit(y) == std::signbit(rounded) ? 0 : INFINITY;
  int exponent;
  std::frexp(rounded, &exponent);
  return static_cast<double>(std::fabs(static_cast<long double>(y) - truth)) / std::ldexp(1.0, std::max(exponent - 53, -1074));
}

}  // namespace

TEST_CASE("functions of doubles are near the truth in every instruction set, and the same where multiply-adds are fused") {
  manual_seed(1);
  for (const DoubleFunction& f : kFunctions) {
    CAPTURE(f.name);
    const Tensor x = arguments(f);
    Tensor fused;
    for (const auto set : test::instruction_sets()) {
      CAPTURE(name(set));
      const test::InSet in(set);
      const Tensor y = f.ours(x);
      double worst = 0, where = 0;
      for (int64_t i = 0; i < x.numel(); ++i) {
        const double argument = x.data_ptr<double>()[i], off = long_ulps_off(y.data_ptr<double>()[i], f.truth(argument));
        if (off > worst && !(argument < f.from)) worst = off, where = argument;
      }
      CAPTURE(where);
      CHECK(worst <= f.ulps);
      if (!is_fused(set)) continue;
      if (fused.defined()) CHECK(std::memcmp(fused.data_ptr(), y.data_ptr(), static_cast<size_t>(y.nbytes())) == 0);
      fused = y;
    }
  }
}

TEST_CASE("digamma of negative doubles is near the truth, and NaN at the poles") {
  manual_seed(4);
  const Tensor x = -(rand({20000}, kDouble) * 6);
  for (const auto set : test::instruction_sets()) {
    CAPTURE(name(set));
    const test::InSet in(set);
    const Tensor y = digamma(x);
    double worst = 0;  // in units of the last place of the greatest term
    for (int64_t i = 0; i < x.numel(); ++i) {
      const double at = x.data_ptr<double>()[i];
      const long double off = std::fabs(y.data_ptr<double>()[i] - test::digamma_truth(at));
      worst = std::max(worst, static_cast<double>(off) / (2.3e-16 * std::max(4.0, 1 / std::fabs(at - std::nearbyint(at)))));
    }
    CHECK(worst <= 8);
    CHECK(isnan(digamma(arange(-5, 0, kDouble))).all().item<bool>());
  }
}

TEST_CASE("the angle of a point of doubles is near the truth, and at special points the C library's") {
  manual_seed(3);
  const double special[] = {0.0, -0.0, 1, -1, INFINITY, -INFINITY, NAN, 1.7e308, -1.7e308, 5e-324, -5e-324, 1e-310, 3, 1e-5};
  std::vector<double> y, x;
  for (const double a : special)
    for (const double b : special) y.push_back(a), x.push_back(b);
  const auto count = static_cast<int64_t>(y.size());
  const Tensor sizes = (rand({2, 100000}, kDouble) * 60 - 30).exp2() * randn({2, 100000}, kDouble);
  const Tensor ys = cat({from_blob(y.data(), {count}, kDouble), sizes[0]}), xs = cat({from_blob(x.data(), {count}, kDouble), sizes[1]});
  for (const auto set : test::instruction_sets()) {
    CAPTURE(name(set));
    const test::InSet in(set);
    const Tensor found = atan2(ys, xs);
    double worst = 0;
    for (int64_t i = 0; i < found.numel(); ++i) {
      const long double truth = std::atan2(static_cast<long double>(ys.data_ptr<double>()[i]), static_cast<long double>(xs.data_ptr<double>()[i]));
      worst = std::max(worst, long_ulps_off(found.data_ptr<double>()[i], truth));
    }
    CHECK(worst <= 3);
  }
}

TEST_CASE("a double's function does not depend on its place") {
  manual_seed(2);
  const Tensor any = randn({203}, kDouble) * 3;
  for (const DoubleFunction& f : kFunctions) {
    CAPTURE(f.name);
    const Tensor x = f.low < 0 ? any.clamp(f.low, f.high) : any.abs(), y = f.ours(x);
    for (int64_t first = 0; first < 40; ++first) CHECK(equal(f.ours(x.slice(0, first)), y.slice(0, first)));
    CHECK(equal(f.ours(x.slice(0, 0, 203, 3)), y.slice(0, 0, 203, 3)));
  }
}
