#include <xgrad/autograd/kernels/rounding.h>

#include <cmath>

#include <xgrad/autograd/kernels/elementwise.h>

namespace xgrad::kernels {
namespace {

template <class T>
constexpr bool is_float = std::is_floating_point_v<T>;

struct Floor {
  template <class T>
  T operator()(T a) const { if constexpr (is_float<T>) return std::floor(a); else return a; }
};
struct Ceil {
  template <class T>
  T operator()(T a) const { if constexpr (is_float<T>) return std::ceil(a); else return a; }
};
struct Trunc {
  template <class T>
  T operator()(T a) const { if constexpr (is_float<T>) return std::trunc(a); else return a; }
};
struct Round {
  template <class T>
  T operator()(T a) const { if constexpr (is_float<T>) return std::nearbyint(a); else return a; }
};
struct RoundDecimals : Decimals {
  template <class T>
  T operator()(T a) const {
    const T s = static_cast<T>(scale);
    return negative ? std::nearbyint(a / s) * s : std::nearbyint(a * s) / s;
  }
};

// Integer quotients; -1 is taken apart because the least integer has no opposite.
template <class T>
T quotient(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return static_cast<T>(-static_cast<uint64_t>(a));
  return static_cast<T>(a / b);
}
template <class T>
T rest(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return 0;
  return static_cast<T>(a % b);
}

struct DivTrunc {
  template <class T>
  T operator()(T a, T b) const { if constexpr (is_float<T>) return std::trunc(a / b); else return quotient(a, b); }
};

struct DivFloor {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (!is_float<T>) {
      const T q = quotient(a, b);
      return rest(a, b) != 0 && (a < 0) != (b < 0) ? static_cast<T>(q - 1) : q;
    } else {
      if (b == 0) return a / b;
      // From the exact rest, so that a quotient just below an integer is not rounded up to it.
      const T r = std::fmod(a, b);
      T q = (a - r) / b;
      if (r != 0 && (b < 0) != (r < 0)) q -= 1;
      if (q == 0) return std::copysign(T(0), a / b);
      const T whole = std::floor(q);
      return q - whole > T(0.5) ? whole + 1 : whole;
    }
  }
};

struct Fmod {
  template <class T>
  T operator()(T a, T b) const { if constexpr (is_float<T>) return std::fmod(a, b); else return rest(a, b); }
};

struct Remainder {
  template <class T>
  T operator()(T a, T b) const {
    const T r = Fmod()(a, b);
    return r != 0 && (r < 0) != (b < 0) ? static_cast<T>(r + b) : r;
  }
};

}  // namespace

const LoopTable floor = unary_table<Floor>(kNumeric, 1);
const LoopTable ceil = unary_table<Ceil>(kNumeric, 1);
const LoopTable trunc = unary_table<Trunc>(kNumeric, 1);
const LoopTable round = unary_table<Round>(kNumeric, 1);
const LoopTable round_decimals = unary_table<RoundDecimals>(kFloating, 2);
const LoopTable div_floor = binary_table<DivFloor>(kNumeric, 10);
const LoopTable div_trunc = binary_table<DivTrunc>(kNumeric, 2);
const LoopTable remainder = binary_table<Remainder>(kNumeric, 10);
const LoopTable fmod = binary_table<Fmod>(kNumeric, 10);

}  // namespace xgrad::kernels
