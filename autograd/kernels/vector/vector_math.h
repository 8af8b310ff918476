// Elementary functions of one float, written without branches, so that a loop over them becomes vector code.
//
// Only correctly rounded operations (+ - * /, conversions, bit patterns) in a stated order. Sources that include this are
// compiled with -ffp-contract=fast: products that are added to become fused multiply-adds in the instruction sets that have
// them, twice as fast and a little nearer to the truth; they give the same bits, and a processor without fused multiply-adds
// other ones, within the same bounds. Polynomials are minimax fits with float coefficients. float64 goes
// to the C library; but see vector_math_double.h.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels::vector_math {

inline float from_bits(int32_t bits) { return std::bit_cast<float>(bits); }
inline int32_t to_bits(float x) { return std::bit_cast<int32_t>(x); }
inline float with_sign_of(float size, float x) { return from_bits(to_bits(size) | (to_bits(x) & INT32_MIN)); }

/// x = n ln(2) + r with |r| <= ln(2) / 2, for |x| below 2^14. Half of n and the other half each have a float power of 2.
struct Reduced {
  float r;
  int32_t n;
};
inline Reduced reduce_by_ln2(float x) {
  constexpr float kRound = 0x1.8p23f;  // adding it leaves an integer in the low bits
  const float shifted = x * 1.44269504f + kRound, k = shifted - kRound;
  // In unsigned numbers, since x may be anything.
  const auto n = static_cast<int32_t>(static_cast<uint32_t>(to_bits(shifted)) - static_cast<uint32_t>(to_bits(kRound)));
  return {(x - k * 0.693359375f) - k * -2.12194440e-4f, n};
}

/// 2^n for n in [-126, 127].
inline float power_of_two(int32_t n) { return from_bits(static_cast<int32_t>((static_cast<uint32_t>(n) + 127) << 23)); }

/// exp(r) - 1 for |r| <= ln(2) / 2.
inline float expm1_polynomial(float r) {
  float q = 1.9764331e-04f;
  q = q * r + 1.3932365e-03f;
  q = q * r + 8.333543e-03f;
  q = q * r + 4.1666493e-02f;
  q = q * r + 1.6666666e-01f;
  q = q * r + 0.5f;
  return r + r * r * q;
}

/// exp(r) - 1 for |r| <= ln(2) / 2, near enough to be added to 1.
inline float exp_beyond_1(float r) {
  float q = 1.3818939e-03f;
  q = q * r + 8.368704e-03f;
  q = q * r + 4.166829e-02f;
  q = q * r + 1.6666521e-01f;
  q = q * r + 4.9999994e-01f;
  return r + r * r * q;
}
inline float exp_polynomial(float r) { return 1.0f + exp_beyond_1(r); }

/// p 2^n for n in [-250, 250], in two steps, which may end at infinity or a denormal; another number for other n.
inline float scaled(float p, int32_t n) {
  const auto biased = static_cast<uint32_t>(n) + 254;  // the halves are exponents with their bias of 127
  const auto half = static_cast<uint32_t>(static_cast<int32_t>(biased) >> 1);
  return p * from_bits(static_cast<int32_t>(half << 23)) * from_bits(static_cast<int32_t>((biased - half) << 23));
}

/// exp(x) for x <= 89.
inline float exp_without_overflow(float x) {
  const Reduced e = reduce_by_ln2(x);
  const float y = scaled(exp_polynomial(e.r), e.n);
  return x < -104.0f ? 0.0f : y;
}

inline float exp(float x) {
  const float y = exp_without_overflow(x);
  return x > 89.0f ? std::numeric_limits<float>::infinity() : y;
}

/// exp(x) for x <= 0, taken as 0 from where it is no normal number.
inline float exp_of_nonpositive(float a) {
  const float x = a < -87.0f ? -87.0f : a;
  const Reduced e = reduce_by_ln2(x);
  const float y = exp_polynomial(e.r) * power_of_two(e.n);
  return a < -87.0f ? 0.0f : y;
}

inline float exp2(float x) {
  x = x > 129.0f ? 129.0f : x;
  x = x < -151.0f ? -151.0f : x;
  constexpr float kRound = 0x1.8p23f;
  const float shifted = x + kRound;
  return scaled(exp_polynomial((x - (shifted - kRound)) * 0.693147182f), to_bits(shifted) - to_bits(kRound));
}

inline float expm1(float a) {
  float x = a > 89.0f ? 89.0f : a;
  x = x < -20.0f ? -20.0f : x;
  const Reduced e = reduce_by_ln2(x);
  const float p = expm1_polynomial(e.r), half_scale = power_of_two(e.n - 1);
  const float y = (half_scale * p + (half_scale - 0.5f)) * 2.0f;
  return e.n == 0 ? (a == 0 ? a : p) : y;
}

/// log((1 + f) 2^n) for 1 + f in [sqrt(1/2), sqrt(2)].
inline float log_of_reduced(float f, float n) {
  float q = 6.749539e-02f;
  q = q * f + -1.1670183e-01f;
  q = q * f + 1.1883471e-01f;
  q = q * f + -1.2406208e-01f;
  q = q * f + 1.4220363e-01f;
  q = q * f + -1.666799e-01f;
  q = q * f + 2.0002072e-01f;
  q = q * f + -2.500001e-01f;
  q = q * f + 3.3333313e-01f;
  const float square = f * f;
  const float rest = (square * f * q + n * -2.12194440e-4f) - 0.5f * square;
  return (f + rest) + n * 0.693359375f;
}

/// The n for which x 2^-n is in [sqrt(1/2), sqrt(2)), for a positive normal x. Unsigned differences, since x may be anything.
inline int32_t nearest_exponent(float x) { return static_cast<int32_t>(static_cast<uint32_t>(to_bits(x)) - 0x3f3504f3u) >> 23; }
inline float divided_by_power(float x, int32_t n) {
  return from_bits(static_cast<int32_t>(static_cast<uint32_t>(to_bits(x)) - (static_cast<uint32_t>(n) << 23)));
}

/// a = (1 + f) 2^n for a positive a.
struct Normalised {
  float f, n;
};
inline Normalised normalise(float a) {
  const bool denormal = a < 0x1p-126f;
  const float x = denormal ? a * 0x1p24f : a;
  const int32_t n = nearest_exponent(x);
  return {divided_by_power(x, n) - 1.0f, static_cast<float>(denormal ? n - 24 : n)};
}

/// y for positive finite a; what the logarithms share elsewhere.
inline float at_ends_of_logarithm(float a, float y) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  y = a == kInfinity ? a : y;
  y = a == 0 ? -kInfinity : y;
  return a >= 0 ? y : std::numeric_limits<float>::quiet_NaN();
}

inline float log(float a) {
  const Normalised x = normalise(a);
  return at_ends_of_logarithm(a, log_of_reduced(x.f, x.n));
}

inline float log2(float a) {
  const Normalised x = normalise(a);
  return at_ends_of_logarithm(a, log_of_reduced(x.f, 0.0f) * 1.44269504f + x.n);
}

inline float log1p(float a) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float u = 1.0f + a;
  const int32_t n = nearest_exponent(u);
  const float lost = a < 1.0f ? a - (u - 1.0f) : 1.0f - (u - a);  // what rounding took from 1 + a
  const float f = (divided_by_power(u, n) - 1.0f) + lost * power_of_two(n > 64 ? -64 : -n);
  float y = log_of_reduced(f, static_cast<float>(n));
  y = a == 0 ? a : y;
  y = a == kInfinity ? a : y;
  y = a == -1.0f ? -kInfinity : y;
  return a >= -1.0f ? y : std::numeric_limits<float>::quiet_NaN();
}

inline float tanh(float a) {
  const float x = std::fabs(a);
  const Reduced e = reduce_by_ln2(2.0f * x);  // exp(2x) - 1 over exp(2x) + 1, both by 2^-n
  const float p = expm1_polynomial(e.r), inverse = power_of_two(-e.n);
  const float y = (p + (1.0f - inverse)) / (p + (1.0f + inverse));
  return with_sign_of(x > 10.0f ? 1.0f : y, a);
}

/// 1 / (1 + exp(-x)); through exp(-|x|), which keeps the small values at the left exact.
inline float sigmoid(float a) {
  const float e = exp_without_overflow(-std::fabs(a));
  return (a < 0 ? e : 1.0f) / (1.0f + e);
}

/// tanh(log(1 + exp(x))) without either function, through e = exp(-|x|).
inline float tanh_of_softplus(float a) {
  const float e = exp_without_overflow(-std::fabs(a)), square = e * e;
  const float part = a < 0 ? e * (e + 1.0f) : 2.0f * square, whole = (a < 0 ? square + 2.0f : 2.0f * square + 1.0f) + 2.0f * e;
  const float leading = a < 0 ? e : 1.0f;  // subtracting from it keeps its digits
  return leading - leading * (part / whole);
}

/// erf(x) for |x| <= 1.
inline float erf_polynomial(float x) {
  const float t = x * x;
  float q = 7.806904e-05f;
  q = q * t + -7.997853e-04f;
  q = q * t + 5.187162e-03f;
  q = q * t + -2.6853347e-02f;
  q = q * t + 1.1283579e-01f;
  q = q * t + -3.7612626e-01f;
  q = q * t + 1.2837917e-01f;
  return x + x * q;
}

/// exp(-scale x^2) = 2^n (1 + beyond_1), for scale a power of 2 and 0 <= x^2 scale <= 104. x^2 is taken apart, so that no digit of it is lost.
struct GaussianFactor {
  float beyond_1;
  int32_t n;
};
inline GaussianFactor gaussian_factor(float x, float scale) {
  const float head = from_bits(to_bits(x) & ~0xfff);
  const Reduced e = reduce_by_ln2(-scale * head * head);
  return {exp_beyond_1(e.r - scale * ((x - head) * (x + head))), e.n};
}

/// exp(-scale x^2) q(p) / (x + shift), p = (x - shift) / (x + shift), q the polynomial of these coefficients, for scale a
/// power of 2 and 0 <= x^2 scale <= 104. x^2 is taken apart, so that no digit of it is lost; what the last sums round away is
/// added again.
template <const auto& kCoefficients> inline float gaussian_tail(float x, float scale, float shift) {
  const GaussianFactor e = gaussian_factor(x, scale);
  const float sum = x + shift, lost_of_sum = x - (sum - shift), p = (x - shift) / sum;
  constexpr int kLast = std::size(kCoefficients) - 1;
  float q = kCoefficients[0];
#pragma GCC unroll 16
  for (int i = 1; i < kLast; ++i) q = q * p + kCoefficients[i];
  const float product = q * p, high = product + kCoefficients[kLast], low = product - (high - kCoefficients[kLast]);

  const float lost_part = lost_of_sum * (0.5f / shift) * (1.0f - p);  // lost_of_sum / sum
  return scaled((high + (low + high * (e.beyond_1 - lost_part))) / sum, e.n);
}

/// erfc(x) for x in [0.75, 10.1].
inline constexpr float kErfcCoefficients[] = {5.29159443e-4f,  9.22384555e-4f, -5.87065564e-3f, 5.06392564e-4f, 5.65409362e-2f,
                                              -2.19993085e-1f, 5.0489825e-1f,  -8.35209012e-1f, 1.06194222f};
inline float erfc_tail(float x) { return gaussian_tail<kErfcCoefficients>(x, 1.0f, 2.671875f); }

/// The normal distribution function at -x for x in [0.5, 14.3]: exp(-x^2 / 2) d(x) / (2 x d(x) + n(x)).
inline float normal_tail(float x) {
  constexpr float d_of[] = {0.00413927436f, 0.0407777689f, 0.183648974f, 0.438829452f, 0.500000179f};
  constexpr float n_of[] = {0.00209695194f, 0.0206655618f, 0.103269532f, 0.32652393f, 0.675544798f, 0.999999881f};
  const GaussianFactor e = gaussian_factor(x, 0.5f);
  float d = d_of[0], n = n_of[0];
#pragma GCC unroll 16
  for (size_t i = 1; i < std::size(d_of); ++i) d = d * x + d_of[i];
#pragma GCC unroll 16
  for (size_t i = 1; i < std::size(n_of); ++i) n = n * x + n_of[i];
  const float q = d / ((x + x) * d + n);
  return scaled(q + q * e.beyond_1, e.n);
}

inline float erf(float a) {
  const float x = std::fabs(a);
  const float y = 1.0f - erfc_tail(x > 4.0f ? 4.0f : x);
  return x < 0.75f ? erf_polynomial(a) : with_sign_of(y, a);
}

inline float erfc(float a) {
  const float x = std::fabs(a), tail = erfc_tail(x > 10.1f ? 10.1f : x);
  const float y = a < 0 ? 2.0f - tail : tail;
  return x < 0.75f ? 1.0f - erf_polynomial(a) : y;
}

/// The normal distribution function, whose lower tail keeps its digits.
inline float normal_cdf(float a) {
  const float x = std::fabs(a), tail = normal_tail(x > 14.3f ? 14.3f : x);
  const float y = a < 0 ? tail : 1.0f - tail;
  return a > -0.5f && a < 1.0f ? 0.5f + 0.5f * erf_polynomial(a * 0.70710678f) : y;
}

inline double exp(double x) { return std::exp(x); }
inline double exp_of_nonpositive(double x) { return std::exp(x); }
inline double exp2(double x) { return std::exp2(x); }
inline double expm1(double x) { return std::expm1(x); }
inline double log(double x) { return std::log(x); }
inline double log2(double x) { return std::log2(x); }
inline double log1p(double x) { return std::log1p(x); }
inline double tanh(double x) { return std::tanh(x); }
inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
inline double tanh_of_softplus(double x) { return std::tanh(x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x))); }
inline double erf(double x) { return std::erf(x); }
inline double erfc(double x) { return std::erfc(x); }
inline double normal_cdf(double x) { return 0.5 * std::erfc(-x * M_SQRT1_2); }

}}}  // namespace torch::xgrad::kernels::vector_math
