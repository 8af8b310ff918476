#include <xgrad/autograd/kernels/pointwise/rounding.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>
#include <xgrad/autograd/kernels/pointwise/unusual_arguments.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> constexpr bool is_float = std::is_floating_point_v<T>;

// Sets from AVX2 on have instructions for these; the baseline calls the C library.
struct Floor {
  template <class T> T operator()(T a) const {
    if constexpr (is_float<T>) return std::floor(a);
    else return a;
  }
};
struct Ceil {
  template <class T> T operator()(T a) const {
    if constexpr (is_float<T>) return std::ceil(a);
    else return a;
  }
};
struct Trunc {
  template <class T> T operator()(T a) const {
    if constexpr (is_float<T>) return std::trunc(a);
    else return a;
  }
};
struct Frac {
  template <class T> T operator()(T a) const { return a - std::trunc(a); }
};
struct Round {
  template <class T> T operator()(T a) const {
    if constexpr (is_float<T>) return std::nearbyint(a);
    else return a;
  }
};
struct RoundDecimals : Decimals {
  template <class T> T operator()(T a) const {
    const T s = static_cast<T>(scale);
    return negative ? std::nearbyint(a / s) * s : std::nearbyint(a * s) / s;
  }
};

// Integer quotients; -1 is taken apart because the least integer has no opposite.
template <class T> T quotient(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return static_cast<T>(-static_cast<uint64_t>(a));
  return static_cast<T>(a / b);
}
template <class T> T rest(T a, T b) {
  if constexpr (std::is_signed_v<T>)
    if (b == -1) return 0;
  return static_cast<T>(a % b);
}

struct DivTrunc {
  template <class T> T operator()(T a, T b) const {
    if constexpr (is_float<T>) return std::trunc(a / b);
    else return quotient(a, b);
  }
};

// Without branches, for floats whose quotient is below 2^27: in double its integer part is exact, and so are that times b and
// what is left.
float fmod_of_usual(float a, float b) {
  const double size = std::fabs(a), step = std::fabs(b), q = size / step;
  return std::copysign(static_cast<float>(size - std::floor(q) * step), a);
}

// The same of doubles, for quotients below 2^52: their integer part is right, or 1 too large by rounding, and what is left is exact.
double fmod_of_usual(double a, double b) {
  const double size = std::fabs(a), step = std::fabs(b), left = std::fma(-std::floor(size / step), step, size);
  return std::copysign(left < 0 ? left + step : left, a);
}

// True iff a rest r is not 0 and has another sign than the divisor b.
template <class T> bool is_opposite(T r, T b) {
  if constexpr (is_float<T>) return std::copysign(r, b) != r;
  else return r != 0 && (r < 0) != (b < 0);
}

// The three as functions of a, b and std::fmod(a, b).
struct Fmod {
  template <class T> static T from_rest(T, T, T r) { return r; }
};
struct Remainder {
  template <class T> static T from_rest(T, T b, T r) { return is_opposite(r, b) ? static_cast<T>(r + b) : r; }
};
struct DivFloor {
  // Through the rest, so that a quotient just below an integer is not rounded up to it.
  template <class T> static T from_rest(T a, T b, T r) {
    if constexpr (is_float<T>) {
      const T near = (a - r) / b, q = is_opposite(r, b) ? near - 1 : near;
      const T below = std::floor(q), whole = q - below > T(0.5) ? below + 1 : below, exact = a / b;
      return b == 0 ? exact : q == 0 ? std::copysign(T(0), exact) : whole;
    } else {
      const T q = quotient(a, b);
      return is_opposite(r, b) ? static_cast<T>(q - 1) : q;
    }
  }
};

template <class F> struct Division {
  template <class T> T operator()(T a, T b) const {
    if constexpr (is_float<T>) return F::from_rest(a, b, fmod_of_usual(a, b));
    else return F::from_rest(a, b, rest(a, b));
  }
  template <class T> static bool usual(T a, T b) {
    constexpr T kMost = std::is_same_v<T, float> ? T(0x1p27) : T(0x1p52);
    return std::fabs(a) < std::fabs(b) * kMost && std::fabs(b) < T(INFINITY);
  }
  template <class T> static T unusual(T a, T b) { return F::from_rest(a, b, std::fmod(a, b)); }
};
template <class F> constexpr LoopTable division_table() {
  LoopTable table = with_watched_floats<Division<F>, 2>(binary_table<Division<F>>(Types<int64_t, int32_t, uint8_t>{}, 1.5));
  table.f64 = &watched_loop<Division<F>, double, 2>;
  return table;
}

}  // namespace

const LoopTable floor = unary_table<Floor, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable ceil = unary_table<Ceil, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable trunc = unary_table<Trunc, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable frac = unary_table<Frac, Vectors::kWideArithmetic>(kFloating, 0.4);
const LoopTable round = unary_table<Round, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable round_decimals = unary_table<RoundDecimals, Vectors::kWideArithmetic>(kFloating, 0.6);
const LoopTable div_floor = division_table<DivFloor>();
const LoopTable div_trunc = binary_table<DivTrunc, Vectors::kWideArithmetic>(kNumeric, 0.5);
const LoopTable remainder = division_table<Remainder>();
const LoopTable fmod = division_table<Fmod>();

}}}  // namespace torch::xgrad::kernels
