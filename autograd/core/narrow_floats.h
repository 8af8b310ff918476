// Floating numbers of 16 bits: storage that computes as float.
#pragma once

#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

namespace detail {

inline uint32_t bits_of_float(float v) {
  uint32_t bits;
  std::memcpy(&bits, &v, sizeof bits);
  return bits;
}
inline float float_of_bits(uint32_t bits) {
  float v;
  std::memcpy(&v, &bits, sizeof v);
  return v;
}

/// IEEE 754 binary16: 1 bit of sign, 5 of the exponent, 10 of the fraction. Exact.
inline float float_of_half(uint16_t half) {
  const uint32_t sign = (half & 0x8000u) << 16, magnitude = half & 0x7fffu;
  uint32_t bits = (magnitude << 13) + (112u << 23);                                                                // exponents are 112 apart
  if (magnitude >= 0x7c00u) bits |= 0x7f800000u;                                                                   // infinity, NaN
  else if (magnitude < 0x0400u) bits = bits_of_float(float_of_bits((113u << 23) + (magnitude << 13)) - 0x1p-14f);  // without a leading 1
  return float_of_bits(sign | bits);
}
/// Rounded to nearest, halves to even; from 65520 on infinity.
inline uint16_t half_of_float(float v) {
  const uint32_t bits = bits_of_float(v), magnitude = bits & 0x7fffffffu;
  uint32_t half;
  if (magnitude > 0x7f800000u) half = 0x7e00u;
  else if (magnitude >= (143u << 23)) half = 0x7c00u;
  else if (magnitude < (113u << 23)) half = bits_of_float(float_of_bits(magnitude) + 0.5f) - (126u << 23);  // 0.5's last bit is half's
  else half = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
  return static_cast<uint16_t>(((bits >> 16) & 0x8000u) | half);
}

/// The upper half of a float. Exact.
inline float float_of_bfloat16(uint16_t v) { return float_of_bits(static_cast<uint32_t>(v) << 16); }
/// Rounded to nearest, halves to even.
inline uint16_t bfloat16_of_float(float v) {
  const uint32_t bits = bits_of_float(v);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fc0u;
  return static_cast<uint16_t>((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

}  // namespace detail

/// A number of 16 bits made of a float and read as one: operations compute in float and round. `Encode` rounds, `Decode` is exact.
template <uint16_t (*Encode)(float), float (*Decode)(uint16_t)> struct NarrowFloat {
  struct from_bits_t {};
  static constexpr from_bits_t from_bits() { return {}; }

  /// What it makes with a number of type T: of a wider floating type that one, of an integer this.
  template <class T> using With = std::conditional_t<std::is_floating_point_v<T>, T, NarrowFloat>;

  uint16_t x = 0;  ///< the bits

  constexpr NarrowFloat() = default;
  constexpr NarrowFloat(uint16_t bits, from_bits_t) : x(bits) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0> NarrowFloat(T v) : x(Encode(static_cast<float>(v))) {}
  operator float() const { return Decode(x); }

  NarrowFloat operator-() const { return NarrowFloat(static_cast<uint16_t>(x ^ 0x8000u), from_bits()); }
#define XGRAD_NARROW_OPERATOR(sign)                                                                                        \
  friend NarrowFloat operator sign(NarrowFloat a, NarrowFloat b) { return float(a) sign float(b); }                        \
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>> friend With<T> operator sign(NarrowFloat a, T b) { \
    return With<T>(float(a) sign b);                                                                                       \
  }                                                                                                                        \
  template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>> friend With<T> operator sign(T a, NarrowFloat b) { \
    return With<T>(a sign float(b));                                                                                       \
  }                                                                                                                        \
  NarrowFloat& operator sign##=(NarrowFloat b) { return *this = float(*this) sign float(b); }
  XGRAD_NARROW_OPERATOR(+)
  XGRAD_NARROW_OPERATOR(-)
  XGRAD_NARROW_OPERATOR(*)
  XGRAD_NARROW_OPERATOR(/)
#undef XGRAD_NARROW_OPERATOR
};

/// IEEE 754 binary16.
using Half = NarrowFloat<detail::half_of_float, detail::float_of_half>;
/// A float without its lower 16 bits of fraction.
using BFloat16 = NarrowFloat<detail::bfloat16_of_float, detail::float_of_bfloat16>;

template <class T> constexpr bool is_narrow_float = std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>;
/// True of these and of float and double.
template <class T> constexpr bool is_floating = std::is_floating_point_v<T> || is_narrow_float<T>;

XGRAD_API std::ostream& operator<<(std::ostream& stream, Half v);
XGRAD_API std::ostream& operator<<(std::ostream& stream, BFloat16 v);

}}  // namespace torch::xgrad

namespace std {

template <> struct numeric_limits<torch::xgrad::Half> {
  using T = torch::xgrad::Half;
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false, has_infinity = true, has_quiet_NaN = true,
                        has_signaling_NaN = true, is_iec559 = true, is_bounded = true;
  static constexpr int radix = 2, digits = 11, digits10 = 3, max_digits10 = 5, min_exponent = -13, max_exponent = 16;
  static constexpr T min() { return T(0x0400, T::from_bits()); }
  static constexpr T lowest() { return T(0xfbff, T::from_bits()); }
  static constexpr T max() { return T(0x7bff, T::from_bits()); }
  static constexpr T epsilon() { return T(0x1400, T::from_bits()); }
  static constexpr T infinity() { return T(0x7c00, T::from_bits()); }
  static constexpr T quiet_NaN() { return T(0x7e00, T::from_bits()); }
  static constexpr T signaling_NaN() { return T(0x7d00, T::from_bits()); }
  static constexpr T denorm_min() { return T(0x0001, T::from_bits()); }
};

template <> struct numeric_limits<torch::xgrad::BFloat16> {
  using T = torch::xgrad::BFloat16;
  static constexpr bool is_specialized = true, is_signed = true, is_integer = false, is_exact = false, has_infinity = true, has_quiet_NaN = true,
                        has_signaling_NaN = true, is_iec559 = false, is_bounded = true;
  static constexpr int radix = 2, digits = 8, digits10 = 2, max_digits10 = 4, min_exponent = -125, max_exponent = 128;
  static constexpr T min() { return T(0x0080, T::from_bits()); }
  static constexpr T lowest() { return T(0xff7f, T::from_bits()); }
  static constexpr T max() { return T(0x7f7f, T::from_bits()); }
  static constexpr T epsilon() { return T(0x3c00, T::from_bits()); }
  static constexpr T infinity() { return T(0x7f80, T::from_bits()); }
  static constexpr T quiet_NaN() { return T(0x7fc0, T::from_bits()); }
  static constexpr T signaling_NaN() { return T(0x7fa0, T::from_bits()); }
  static constexpr T denorm_min() { return T(0x0001, T::from_bits()); }
};

}  // namespace std
