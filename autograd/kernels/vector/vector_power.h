// A float to the power of another, without branches like the functions of vector_math.h, and compiled like them. It computes in
// double, so that the logarithm keeps the digits that a large exponent multiplies. Polynomials are minimax fits.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math {

/// log2(x) for a float x > 0, within 2^-37 of it.
inline double log2_in_double(double x) {
  const auto [f, n] = wide::normalise(x);
  const double s = f / (2 + f), t = s * s;
  double q = 0.34072805012329483;
  q = q * t + 0.41167282496255352;
  q = q * t + 0.57708358329358069;
  q = q * t + 0.96179667335000189;
  q = q * t + 2.8853900817900801;
  return s * q + n;
}

/// 2^t, within 2^-34 of it; as floats 2^200 is infinite and 2^-200 is 0.
inline double exp2_in_double(double t) {
  constexpr double kRound = wide::kRound + 1023;  // leaves the exponent with its bias
  t = t > 200 ? 200 : t;
  t = t < -200 ? -200 : t;
  const double shifted = t + kRound, r = t - (shifted - kRound);
  double q = 1.5201924045361917e-5;
  q = q * r + 0.000154692916693208;
  q = q * r + 0.0013333922557830159;
  q = q * r + 0.0096180272518812052;
  q = q * r + 0.055504103534507819;
  q = q * r + 0.24022651198173225;
  q = q * r + 0.69314718072844112;
  q = q * r + 0.99999999996167873;
  return q * std::bit_cast<double>(std::bit_cast<uint64_t>(shifted) << 52);
}

/// a^b for finite a other than 0, negative b included; the sign is left out.
inline float size_of_power(float a, float b) {
  constexpr float kMost = std::numeric_limits<float>::max();  // infinity would make NaN of log2(1) = 0
  b = b > kMost ? kMost : b;
  b = b < -kMost ? -kMost : b;
  return static_cast<float>(exp2_in_double(b * log2_in_double(std::fabs(a))));
}

/// a^b as std::pow has it.
inline float pow(float a, float b) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity(), kNan = std::numeric_limits<float>::quiet_NaN();
  const float small = std::fabs(b) < 0x1p24f ? b : 0;  // the others are even
  const auto integer = static_cast<int32_t>(small);
  const bool whole = static_cast<float>(integer) == small;

  float y = size_of_power(a, b);
  const float of_zero = b > 0 ? 0 : kInfinity, of_infinity = b > 0 ? kInfinity : 0, size = std::fabs(a);
  y = size == 0 ? of_zero : y;
  y = size == kInfinity ? of_infinity : y;
  const float with_sign = std::bit_cast<float>(std::bit_cast<uint32_t>(y) | (std::bit_cast<uint32_t>(a) & static_cast<uint32_t>(integer) << 31));
  const float of_negative = size == kInfinity ? y : kNan;
  y = whole ? with_sign : a < 0 ? of_negative : y;
  y = a != a ? a : y;
  y = b != b ? b : y;
  y = a == 1 ? 1 : y;
  return b == 0 ? 1 : y;
}
inline double pow(double a, double b) { return std::pow(a, b); }

}}}  // namespace torch::xgrad::kernels::vector_math
