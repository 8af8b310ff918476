// The functions of one float that the library computes itself, each with its truth in double and how far it may be off.
#pragma once

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

namespace torch { inline namespace xgrad { namespace test {

struct FloatFunction {
  const char* name;
  Tensor (*ours)(const Tensor&);
  double (*truth)(double);
  double ulps;             ///< of the correctly rounded result
  float from = -INFINITY;  ///< inputs below are not measured: the result loses digits among the denormals
};

inline double sigmoid_truth(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
inline double softplus_truth(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
// x f(x), where f is 0 at -inf
inline double scaled_truth(double x, double f) { return f == 0 ? f * 0 : x * f; }

// Halley's method, each step of which trebles the digits that are right, from the leading term of the logarithm (Winitzki).
inline double erfinv_truth(double a) {
  const double size = std::fabs(a), rest = 1 - size;
  if (!(size < 1)) return size == 1 ? a * INFINITY : NAN;
  const double l = std::log(rest * (1 + size)), k = 2 / (M_PI * 0.147) + l / 2;
  double x = std::sqrt(std::max(std::sqrt(k * k - l / 0.147) - k, 0.0));
  for (int step = 0; step < 4; ++step) {
    const double newton = (size < 0.5 ? std::erf(x) - size : rest - std::erfc(x)) / (M_2_SQRTPI * std::exp(-x * x));
    x -= newton / (1 + x * newton);
  }
  return std::copysign(x, a);
}
// The recurrence up to where the asymptotic series has all digits; and near the root what either differs by from there, where it is 0.
inline long double digamma_truth(long double x) {
  if (x < 0) {
    if (x == std::floor(x)) return NAN;
    const long double pi = std::acos(-1.0L);
    return digamma_truth(1 - x) - pi / std::tan(pi * (x - std::nearbyint(x)));
  }
  constexpr double kRoot = 1.4616321449683622, kRootRest = 9.549995429965697e-17;
  const auto behind_first = [](long double t) { return t * t * (1.0L / 120 - t * (1.0L / 252 - t * (1.0L / 240 - t / 132))); };
  const long double root = static_cast<long double>(kRoot) + kRootRest, far = (x - kRoot) - kRootRest;
  long double sum = 0;
  if (std::fabs(far) < 0.5L) {
    for (int k = 0; k < 30; ++k) sum += far / ((x + k) * (root + k));
    const long double y = x + 30, from = root + 30, squares = y * y * from * from;
    return sum + std::log1p(far / from) + far / (2 * y * from) + far * (y + from) / (12 * squares) + behind_first(1 / (y * y)) -
           behind_first(1 / (from * from));
  }
  for (; x < 30; ++x) sum += 1 / x;
  return std::log(x) - 0.5L / x - 1 / (12 * x * x) + behind_first(1 / (x * x)) - sum;
}

inline const std::vector<FloatFunction>& float_functions() {
  static const std::vector<FloatFunction> all = {
      {"exp", [](const Tensor& x) { return exp(x); }, [](double x) { return std::exp(x); }, 1.1},
      {"exp2", [](const Tensor& x) { return exp2(x); }, [](double x) { return std::exp2(x); }, 1.5},
      {"expm1", [](const Tensor& x) { return expm1(x); }, [](double x) { return std::expm1(x); }, 2},
      {"log", [](const Tensor& x) { return log(x); }, [](double x) { return std::log(x); }, 1},
      {"log2", [](const Tensor& x) { return log2(x); }, [](double x) { return std::log2(x); }, 2.5},
      {"log1p", [](const Tensor& x) { return log1p(x); }, [](double x) { return std::log1p(x); }, 2},
      {"tanh", [](const Tensor& x) { return tanh(x); }, [](double x) { return std::tanh(x); }, 3},
      {"sigmoid", [](const Tensor& x) { return sigmoid(x); }, sigmoid_truth, 2.5},
      {"erf", [](const Tensor& x) { return erf(x); }, [](double x) { return std::erf(x); }, 2},
      {"erfc", [](const Tensor& x) { return erfc(x); }, [](double x) { return std::erfc(x); }, 3.5},
      {"log_sigmoid", [](const Tensor& x) { return log_sigmoid(x); }, [](double x) { return 0 - softplus_truth(-x); }, 3.5},
      {"softplus", [](const Tensor& x) { return softplus(x); }, softplus_truth, 2.5, -87},
      {"silu", [](const Tensor& x) { return silu(x); }, [](double x) { return scaled_truth(x, sigmoid_truth(x)); }, 3.5, -80},
      {"gelu", [](const Tensor& x) { return gelu(x); }, [](double x) { return scaled_truth(x, std::erfc(-x * M_SQRT1_2) / 2); }, 3.5, -12},
      {"elu", [](const Tensor& x) { return elu(x); }, [](double x) { return x > 0 ? x : std::expm1(x); }, 2},
      {"sin", [](const Tensor& x) { return sin(x); }, [](double x) { return std::sin(x); }, 0.6},
      {"cos", [](const Tensor& x) { return cos(x); }, [](double x) { return std::cos(x); }, 0.6},
      {"tan", [](const Tensor& x) { return tan(x); }, [](double x) { return std::tan(x); }, 0.6},
      {"asin", [](const Tensor& x) { return asin(x); }, [](double x) { return std::asin(x); }, 0.6},
      {"acos", [](const Tensor& x) { return acos(x); }, [](double x) { return std::acos(x); }, 0.6},
      {"atan", [](const Tensor& x) { return atan(x); }, [](double x) { return std::atan(x); }, 0.6},
      {"log10", [](const Tensor& x) { return log10(x); }, [](double x) { return std::log10(x); }, 0.6},
      {"sinh", [](const Tensor& x) { return sinh(x); }, [](double x) { return std::sinh(x); }, 0.6},
      {"cosh", [](const Tensor& x) { return cosh(x); }, [](double x) { return std::cosh(x); }, 0.6},
      {"asinh", [](const Tensor& x) { return asinh(x); }, [](double x) { return std::asinh(x); }, 0.6},
      {"acosh", [](const Tensor& x) { return acosh(x); }, [](double x) { return std::acosh(x); }, 0.6},
      {"atanh", [](const Tensor& x) { return atanh(x); }, [](double x) { return std::atanh(x); }, 0.6},
      {"erfinv", [](const Tensor& x) { return erfinv(x); }, erfinv_truth, 0.6},
      {"lgamma", [](const Tensor& x) { return lgamma(x); }, [](double x) { return std::lgamma(x); }, 0.6},
      {"digamma", [](const Tensor& x) { return digamma(x); }, [](double x) { return static_cast<double>(digamma_truth(x)); }, 0.6, -0.0f},
      {"mish", [](const Tensor& x) { return mish(x); }, [](double x) { return scaled_truth(x, std::tanh(softplus_truth(x))); }, 4, -80},
  };
  return all;
}

inline double ulp_of(float x) {
  int exponent;
  std::frexp(std::max(std::fabs(x), std::numeric_limits<float>::min()), &exponent);
  return std::ldexp(1.0, exponent - 24);
}

/// How far y is from the truth r, in units of the last place of r's float; infinity where a special value is wrong.
inline double ulps_off(float y, double r) {
  const float rounded = static_cast<float>(r);
  if (std::isnan(rounded) || std::isnan(y)) return std::isnan(rounded) && std::isnan(y) ? 0 : INFINITY;
  if (std::isinf(rounded) || std::isinf(y)) {
    const double distance = std::fabs(r) - static_cast<double>(std::numeric_limits<float>::max());
    const bool at_the_edge = std::fabs(distance) < 3 * ulp_of(std::numeric_limits<float>::max());
    return rounded == y ? 0 : at_the_edge ? 1 : INFINITY;
  }
  if (r == 0 && y == 0) return std::signbit(r) == std::signbit(y) ? 0 : INFINITY;
  return std::fabs(y - r) / ulp_of(rounded);
}

struct Worst {
  double ulps = 0;
  float at = 0;
};
/// Compares ys, each of them f(x) computed in some way, with the truth.
inline void measure(const FloatFunction& f, const Tensor& x, const std::vector<Tensor>& ys, Worst& worst) {
  const float* in = x.data_ptr<float>();
  std::vector<double> truth(static_cast<size_t>(x.numel()));
  for (size_t i = 0; i < truth.size(); ++i) truth[i] = f.truth(in[i]);
  for (const Tensor& y : ys) {
    const float* out = y.data_ptr<float>();
    for (size_t i = 0; i < truth.size(); ++i) {
      const auto nearest = static_cast<float>(truth[i]);
      if (std::memcmp(&nearest, out + i, sizeof nearest) == 0 || in[i] < f.from) continue;  // at most half a unit off, or not measured
      const double off = ulps_off(out[i], truth[i]);
      if (off > worst.ulps) worst = {off, in[i]};
    }
  }
}

/// The floats whose bits are first, first + step ...
inline Tensor floats(uint64_t first, uint64_t step, int64_t n) {
  Tensor x = empty({n});
  float* out = x.data_ptr<float>();
  for (int64_t i = 0; i < n; ++i) {
    const auto bits = static_cast<uint32_t>(first + static_cast<uint64_t>(i) * step);
    std::memcpy(out + i, &bits, sizeof bits);
  }
  return x;
}

/// NaN counts as equal to NaN, whatever its bits.
inline bool same_floats(const Tensor& a, const Tensor& b) {
  if (a.numel() != b.numel()) return false;
  const float *p = a.data_ptr<float>(), *q = b.data_ptr<float>();
  for (int64_t i = 0; i < a.numel(); ++i)
    if (std::memcmp(p + i, q + i, sizeof(float)) != 0 && !(std::isnan(p[i]) && std::isnan(q[i]))) return false;
  return true;
}

inline Tensor in_set(kernels::InstructionSet set, const FloatFunction& f, const Tensor& x) {
  const InSet in(set);
  return f.ours(x);
}

}}}  // namespace torch::xgrad::test
