// A single number of any supported kind, as operations take it.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad {

/// A floating number, an integer or a boolean, remembering which.
class Scalar {
 public:
  Scalar() : Scalar(int64_t{0}) {}
  /// Of bool alone: pointers, which convert to bool, are no numbers.
  template <class T, std::enable_if_t<std::is_same_v<T, bool>, int> = 0> Scalar(T v) : kind_(Kind::Bool) { value_.i = v; }
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0> Scalar(T v) : kind_(Kind::Integer) {
    value_.i = static_cast<int64_t>(v);
  }
  template <class T, std::enable_if_t<is_floating<T>, int> = 0> Scalar(T v) : kind_(Kind::Floating) { value_.d = static_cast<double>(v); }

  bool isFloatingPoint() const { return kind_ == Kind::Floating; }
  bool isIntegral(bool includeBool) const { return kind_ == Kind::Integer || (includeBool && isBoolean()); }
  bool isBoolean() const { return kind_ == Kind::Bool; }
  bool isComplex() const { return false; }

  /// kDouble, kLong or kBool.
  ScalarType type() const { return kind_ == Kind::Floating ? kDouble : kind_ == Kind::Integer ? kLong : kBool; }

  template <class T> T to() const {
    if constexpr (std::is_same_v<T, bool>) return kind_ == Kind::Floating ? value_.d != 0 : value_.i != 0;
    else return kind_ == Kind::Floating ? static_cast<T>(value_.d) : static_cast<T>(value_.i);
  }
  double toDouble() const { return to<double>(); }
  float toFloat() const { return to<float>(); }
  int64_t toLong() const { return to<int64_t>(); }
  int toInt() const { return to<int>(); }
  bool toBool() const { return to<bool>(); }

  Scalar operator-() const { return isFloatingPoint() ? Scalar(-value_.d) : Scalar(-value_.i); }
  /// True iff both hold the same number.
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0> bool equal(T v) const {
    if (isFloatingPoint() || std::is_floating_point_v<T>) return toDouble() == static_cast<double>(v);
    return value_.i == static_cast<int64_t>(v);
  }

  /// Writes the number as an element of `dtype`, converted, to `where`. Throws for a dtype that is not supported.
  void store(ScalarType dtype, void* where) const {
    dispatch_stored(dtype, "Scalar", [&](auto zero) {
      using T = decltype(zero);
      *static_cast<T*>(where) = to<T>();
    });
  }

 private:
  enum class Kind : uint8_t { Floating, Integer, Bool } kind_;
  union {
    double d;
    int64_t i;
  } value_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, Scalar value);

}}  // namespace torch::xgrad
