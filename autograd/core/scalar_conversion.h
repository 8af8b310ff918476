// Numbers as elements of a tensor.
#pragma once

#include <cmath>
#include <limits>

#include <xgrad/autograd/core/scalar.h>

namespace torch { inline namespace xgrad {

/// `value` as an element of type T. Throws "value cannot be converted to type T without overflow" where T cannot hold
/// it; fractions are cut off, negative integers down to -max wrap in unsigned types, and bool takes everything.
template <class T> T element_of(const char* operation, const Scalar& value) {
  if constexpr (!std::is_same_v<T, bool>) {
    using Limits = std::numeric_limits<T>;
    const double d = value.toDouble(), max = static_cast<double>(Limits::max());
    bool fits;
    if constexpr (is_floating<T>) fits = !std::isfinite(d) || std::abs(d) <= max;
    else if constexpr (!std::is_signed_v<T>) fits = value.isFloatingPoint() ? d >= 0 && d <= max : std::abs(d) <= max;
    else if constexpr (sizeof(T) < sizeof(int64_t)) fits = d >= static_cast<double>(Limits::min()) && d <= max;
    else fits = !value.isFloatingPoint() || (d >= -max && d < max);
    XGRAD_CHECK(fits, "[", operation, "] value cannot be converted to type ", CppTypeToScalarType<T>::value, " without overflow, got ", d);
  }
  return value.to<T>();
}

/// Throws unless an element of `dtype` can hold `value`. Floating dtypes hold every number, if only as an infinity.
inline void check_fits(const char* operation, const Scalar& value, ScalarType dtype) {
  dispatch_stored(dtype, operation, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>) element_of<T>(operation, value);
  });
}

}}  // namespace torch::xgrad
