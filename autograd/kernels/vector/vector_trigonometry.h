// Sine, cosine, tangent and their inverses of one float, written without branches like the functions of vector_math.h, and
// compiled like them. They compute in double: floats would need as many steps to reduce an angle, and more care. Polynomials
// are minimax fits. float64: vector_trigonometry_double.h.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include <xgrad/autograd/kernels/vector/vector_trigonometry_double.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math {

/// sin, cos and tan of a float are for arguments below this in size, whose multiples of pi's leading 33 bits are exact.
inline constexpr float kLargestAngle = 0x1p20f;
static_assert(kLargestAngle == wide::kLargestAngle);

/// (-1)^shifted sin(x - n pi), for x - n pi in [-pi/2, pi/2] and the integer in the low bits of `shifted`.
inline double sin_of_reduced(double x, double n, double shifted) {
  const double r = (x - n * 0x1.921fb544p+1) - n * 0x1.0b4611a626331p-33, t = r * r;
  double q = -2.3888908536985633e-8;
  q = q * t + 2.7525384398178686e-6;
  q = q * t + -0.00019840868209768274;
  q = q * t + 0.0083333311086058417;
  q = q * t + -0.16666666626149797;
  return wide::negated_if_odd(r * (1 + t * q), std::bit_cast<uint64_t>(shifted));
}
inline float sin(float a) {
  const double x = a, shifted = x * M_1_PI + wide::kRound;
  return static_cast<float>(sin_of_reduced(x, shifted - wide::kRound, shifted));
}
/// cos(x) = sin(x + pi/2).
inline float cos(float a) {
  const double x = a, shifted = (x * M_1_PI + 0.5) + wide::kRound;
  return static_cast<float>(sin_of_reduced(x, (shifted - wide::kRound) - 0.5, shifted));
}

inline float tan(float a) {
  const double x = a, shifted = x * M_2_PI + wide::kRound, n = shifted - wide::kRound;
  const double r = (x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a626331p-34, t = r * r;
  double p = 2.7181215538472863e-6;
  p = p * t + -0.00019839312262211367;
  p = p * t + 0.0083333293048203128;
  p = p * t + -0.16666666640796811;
  double q = 2.4383566202053105e-5;
  q = q * t + -0.0013886681636584938;
  q = q * t + 0.041666620356802201;
  q = q * t + -0.49999999694474145;
  const auto sine = std::bit_cast<uint64_t>(r * (1 + t * p)), cosine = std::bit_cast<uint64_t>(1 + t * q);
  // A quarter turn further both change places, and one its sign.
  const uint64_t quarters = std::bit_cast<uint64_t>(shifted), exchanged = (sine ^ cosine) & (0 - (quarters & 1));
  return static_cast<float>(wide::negated_if_odd(std::bit_cast<double>(sine ^ exchanged), quarters) / std::bit_cast<double>(cosine ^ exchanged));
}

/// The angle at the origin of the point (x, y), as std::atan2 has it.
inline float angle(double y, double x) {
  const double height = std::fabs(y), width = std::fabs(x);
  const bool steep = height > width;
  const double shorter = steep ? width : height, longer = steep ? height : width;
  double slope = shorter == longer ? 1.0 : shorter / longer;
  slope = longer == 0 ? shorter : slope;  // 0, or NaN
  const double t = slope * slope;
  double q = 0.0011137908069958007;
  q = q * t + -0.0073179655981531271;
  q = q * t + 0.02253988381159313;
  q = q * t + -0.044689958738448566;
  q = q * t + 0.067415981947616857;
  q = q * t + -0.088110918099776066;
  q = q * t + 0.11058223809447981;
  q = q * t + -0.14279833077325476;
  q = q * t + 0.19999671125801089;
  q = q * t + -0.33333326899671684;
  double a = slope * (1 + t * q);
  a = steep ? M_PI_2 - a : a;
  a = std::copysign(1.0, x) < 0 ? M_PI - a : a;
  return static_cast<float>(std::copysign(a, y));
}
inline float atan2(float a, float b) { return angle(a, b); }
inline float atan(float a) { return angle(a, 1); }
inline float asin(float a) { return angle(a, std::sqrt((1.0 - a) * (1.0 + a))); }
inline float acos(float a) { return angle(std::sqrt((1.0 - a) * (1.0 + a)), a); }

inline double sin(double x) { return wide::sin(x); }
inline double cos(double x) { return wide::cos(x); }
inline double tan(double x) { return wide::tan(x); }
inline double atan2(double y, double x) { return wide::atan2(y, x); }
inline double atan(double x) { return wide::atan(x); }
inline double asin(double x) { return wide::asin(x); }
inline double acos(double x) { return wide::acos(x); }

}}}  // namespace torch::xgrad::kernels::vector_math
