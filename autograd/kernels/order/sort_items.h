// Elements as whole numbers that sort as they do: a key in the order of the elements, and the position, which decides between equal
// ones. So there are two kinds of items for all types, and no comparison with NaN.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> using Key = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

/// Grows with x; NaN is the largest, and -0 the same as 0.
template <class T> Key<T> ascending_key(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    using K = Key<T>;
    if (x != x) return std::numeric_limits<K>::max();
    x += T(0);
    K bits;
    std::memcpy(&bits, &x, sizeof bits);
    constexpr K sign = K{1} << (8 * sizeof(K) - 1);
    return bits & sign ? ~bits : bits | sign;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Key<T>>(x) ^ (Key<T>{1} << (8 * sizeof(T) - 1));
  } else {
    return static_cast<Key<T>>(x);
  }
}

/// Key and position in one number: for keys of 32 bits and lines that a position of 32 bits can count.
struct Narrow {
  static constexpr int kDigits = 4;
  static constexpr int64_t kLong = 100;  ///< from here on sorting by digits is faster than comparing
  uint64_t both;
  Narrow() = default;
  Narrow(uint64_t key, int64_t position) : both(key << 32 | static_cast<uint64_t>(position)) {}
  uint64_t key() const { return both >> 32; }
  int64_t position() const { return static_cast<int64_t>(both & 0xffffffff); }
  int digit(int d) const { return static_cast<int>(both >> (32 + 8 * d) & 0xff); }
  bool operator<(const Narrow& other) const { return both < other.both; }
};

struct Wide {
  static constexpr int kDigits = 8;
  static constexpr int64_t kLong = 250;
  uint64_t value;
  int64_t at;
  Wide() = default;
  Wide(uint64_t key, int64_t position) : value(key), at(position) {}
  uint64_t key() const { return value; }
  int64_t position() const { return at; }
  int digit(int d) const { return static_cast<int>(value >> (8 * d) & 0xff); }
  bool operator<(const Wide& other) const { return value != other.value ? value < other.value : at < other.at; }
};

/// f(Narrow{}) or f(Wide{}): what lines of n elements of T are sorted as.
template <class T, class F> void with_item(int64_t n, F f) {
  if (sizeof(Key<T>) == 4 && n <= std::numeric_limits<uint32_t>::max()) f(Narrow{});
  else f(Wide{});
}

}}}  // namespace torch::xgrad::kernels
