// Hyperbolic functions of one float and their inverses, and log10, through exponentials and logarithms in double; without branches
// like the functions of vector_math.h, and compiled like them. Near 0, where these would lose digits, two terms of a series.
#pragma once

#include <cmath>

#include <xgrad/autograd/kernels/vector/vector_power.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math {

/// log(x) for a double x, within 2^-37 of it; -inf at 0, NaN below.
inline double log_in_double(double x) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double y = log2_in_double(x) * M_LN2;
  y = x == kInfinity ? x : y;
  y = x == 0 ? -kInfinity : y;
  return x >= 0 ? y : std::numeric_limits<double>::quiet_NaN();
}

/// y, or a + third a^3 for small a.
inline float unless_small(double a, double third, double y) { return static_cast<float>(std::fabs(a) < 0x1p-7 ? a * (1 + a * a * third) : y); }

inline float log10(float a) { return static_cast<float>(log_in_double(a) * M_LOG10E); }

inline float sinh(float a) {
  const double e = exp2_in_double(a * M_LOG2E);
  return unless_small(a, 1.0 / 6, 0.5 * (e - 1 / e));
}
inline float cosh(float a) {
  const double e = exp2_in_double(a * M_LOG2E);
  return static_cast<float>(0.5 * (e + 1 / e));
}
inline float asinh(float a) {
  const double size = std::fabs(static_cast<double>(a));
  return unless_small(a, -1.0 / 6, std::copysign(log_in_double(size + std::sqrt(size * size + 1)), a));
}
inline float acosh(float a) {
  const double x = a;
  const auto y = static_cast<float>(log_in_double(x + std::sqrt((x - 1) * (x + 1))));
  return a >= 1 ? y : std::numeric_limits<float>::quiet_NaN();
}
inline float atanh(float a) {
  const double x = a;
  return unless_small(x, 1.0 / 3, 0.5 * log_in_double((1 + x) / (1 - x)));
}

inline double log10(double x) { return std::log10(x); }
inline double sinh(double x) { return std::sinh(x); }
inline double cosh(double x) { return std::cosh(x); }
inline double asinh(double x) { return std::asinh(x); }
inline double acosh(double x) { return std::acosh(x); }
inline double atanh(double x) { return std::atanh(x); }

}}}  // namespace torch::xgrad::kernels::vector_math
