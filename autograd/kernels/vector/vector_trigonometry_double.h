// Sine, cosine, tangent and their inverses of one double, without branches; the rules are those of vector_math.h.
//
// Within 3 units of the last place. Sine and cosine are Taylor's polynomials, the arc tangent's is a
// minimax fit that is 2^-57 off.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math::wide {

/// sin, cos and tan of a double are for arguments below this in size, of whose multiples of pi/2 three parts are exact.
inline constexpr double kLargestAngle = 0x1p20;

inline double negated_if_odd(double x, uint64_t n) { return from_bits(to_bits(x) ^ (n << 63)); }

/// x - n pi / 2 as the sum of a double and what rounding it left.
struct Angle {
  double r, low;
};
inline Angle reduce_by_half_pi(double x, double n) {
  // 31 bits each, which products with n don't round, and the rest.
  constexpr double kFirst = 0x1.921fb544p+0, kSecond = 0x1.0b4611a4p-34, kThird = 0x1.13198a2cp-65, kRest = 0x1.01b839a25204ap-96;
  const double first = x - n * kFirst, second = n * kSecond, third = n * kThird;
  const double middle = first - second, r = middle - third;
  const double part = middle - first, middle_low = (first - (middle - part)) - (second + part);  // either may be the larger
  return {r, middle_low + (((middle - r) - third) - n * kRest)};
}

/// (sin(r) - r) / r^3 for |r| <= pi / 2, of t = r^2.
inline double sin_polynomial(double t) {
  double q = 1.0 / 51090942171709440000.0;
  q = q * t - 1.0 / 121645100408832000;
  q = q * t + 1.0 / 355687428096000;
  q = q * t - 1.0 / 1307674368000;
  q = q * t + 1.0 / 6227020800;
  q = q * t - 1.0 / 39916800;
  q = q * t + 1.0 / 362880;
  q = q * t - 1.0 / 5040;
  q = q * t + 1.0 / 120;
  return q * t - 1.0 / 6;
}
/// (cos(r) - 1 + r^2 / 2) / r^4 for |r| <= pi / 4, of t = r^2.
inline double cos_polynomial(double t) {
  double q = -1.0 / 6402373705728000;
  q = q * t + 1.0 / 20922789888000;
  q = q * t - 1.0 / 87178291200;
  q = q * t + 1.0 / 479001600;
  q = q * t - 1.0 / 3628800;
  q = q * t + 1.0 / 40320;
  q = q * t - 1.0 / 720;
  return q * t + 1.0 / 24;
}
inline double sin_of(const Angle& a) {
  const double t = a.r * a.r;
  return std::copysign(a.r + (a.r * t * sin_polynomial(t) + a.low * (1 - 0.5 * t)), a.r);
}
inline double cos_of(const Angle& a) {
  const double t = a.r * a.r, half = 0.5 * t, one = 1 - half;
  return one + (((1 - one) - half) + (t * t * cos_polynomial(t) - a.r * a.low));
}

inline double sin(double x) {
  const double shifted = x * M_1_PI + kRound;
  return negated_if_odd(sin_of(reduce_by_half_pi(x, 2 * (shifted - kRound))), to_bits(shifted));
}
/// cos(x) = sin(x + pi/2).
inline double cos(double x) {
  const double shifted = (x * M_1_PI + 0.5) + kRound;
  return negated_if_odd(sin_of(reduce_by_half_pi(x, 2 * (shifted - kRound) - 1)), to_bits(shifted));
}

inline double tan(double x) {
  const double shifted = x * M_2_PI + kRound;
  const Angle a = reduce_by_half_pi(x, shifted - kRound);
  const uint64_t sine = to_bits(sin_of(a)), cosine = to_bits(cos_of(a));
  // A quarter turn further both change places, and one its sign.
  const uint64_t quarters = to_bits(shifted), exchanged = (sine ^ cosine) & (0 - (quarters & 1));
  return negated_if_odd(from_bits(sine ^ exchanged), quarters) / from_bits(cosine ^ exchanged);
}

/// The angle at the origin of the point (x, y), as std::atan2 has it.
inline double atan2(double y, double x) {
  constexpr double kTanOfEighth = 0x1.a827999fcef32p-2, kQuarter = 0x1.921fb54442d18p-1, kQuarterLow = 0x1.1a62633145c07p-55;
  constexpr double kThreeQuartersLow = 0x1.a79394c9e8a0ap-54;                              // what rounding left of three of them
  const double scale = std::fabs(x) > 0x1p1000 || std::fabs(y) > 0x1p1000 ? 0x1p-100 : 1;  // so that sums are finite
  const double height = std::fabs(y) * scale, width = std::fabs(x) * scale;
  const bool steep = height > width, left = std::copysign(1.0, x) < 0;
  const double shorter = steep ? width : height, longer = steep ? height : width;
  // tan(a - pi/4) = (tan(a) - 1) / (tan(a) + 1)
  const bool near_diagonal = shorter > kTanOfEighth * longer || (shorter == longer && longer > 0);
  double slope = (near_diagonal ? shorter - longer : shorter) / (near_diagonal ? shorter + longer : longer);
  slope = shorter == longer ? 0 : slope;
  slope = longer == 0 ? shorter : slope;  // 0, or NaN
  const double t = slope * slope;
  double q = -0.019175404711104935;
  q = q * t + 0.03923044778479309;
  q = q * t - 0.050854078345894844;
  q = q * t + 0.05858140904866328;
  q = q * t - 0.06664510525508936;
  q = q * t + 0.07692183125376892;
  q = q * t - 0.0909090457530649;
  q = q * t + 0.11111111015187018;
  q = q * t - 0.14285714284665682;
  q = q * t + 0.19999999999995516;
  q = q * t - 0.3333333333333333;
  // The angle is `eighths` pi/4 and, by the side on which it lies, more or less.
  const double eighths = near_diagonal ? (left ? 3 : 1) : steep ? 2 : left ? 4 : 0;
  const double base = eighths * kQuarter, base_low = eighths == 3 ? kThreeQuartersLow : eighths * kQuarterLow;
  const double signed_slope = steep != left ? -slope : slope;
  return std::copysign(base + (signed_slope + (signed_slope * t * q + base_low)), y);
}
inline double atan(double x) { return atan2(x, 1); }
inline double asin(double x) { return atan2(x, std::sqrt((1 - x) * (1 + x))); }
inline double acos(double x) { return atan2(std::sqrt((1 - x) * (1 + x)), x); }

}}}  // namespace torch::xgrad::kernels::vector_math::wide
