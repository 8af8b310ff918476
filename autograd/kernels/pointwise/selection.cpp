#include <xgrad/autograd/kernels/pointwise/selection.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> bool is_nan(T v) { return v != v; }

// The inner choice is one instruction, which takes a if either is NaN.
struct Maximum {
  template <class T> T operator()(T a, T b) const { return is_nan(b) ? b : b > a ? b : a; }
};
struct Minimum {
  template <class T> T operator()(T a, T b) const { return is_nan(b) ? b : b < a ? b : a; }
};
struct FMax {
  template <class T> T operator()(T a, T b) const { return a < b || is_nan(a) ? b : a; }
};
struct FMin {
  template <class T> T operator()(T a, T b) const { return b < a || is_nan(a) ? b : a; }
};
struct Clamp {
  template <class T> T operator()(T a, T low, T high) const {
    const T raised = low > a ? low : a, limited = high < raised ? high : raised;
    if constexpr (std::is_floating_point_v<T>) return std::isunordered(low, high) ? std::numeric_limits<T>::quiet_NaN() : limited;
    else return limited;
  }
};

struct Where {
  template <class T> T operator()(uint8_t condition, T a, T b) const { return condition ? a : b; }
};
template <class... T> constexpr LoopTable where_table(Types<T...>) {
  LoopTable table{.cost = 0.4};
  (set_loop<T>(table, loop_of<Where, Vectors::kArithmetic, T, uint8_t, T, T>()), ...);
  return table;
}

// Orders for the shares: whether b is chosen before c.
struct Larger {
  template <class T> bool operator()(T b, T c) const { return b > c; }
};
struct Smaller {
  template <class T> bool operator()(T b, T c) const { return b < c; }
};

template <class Before> struct Share {
  template <class T> T operator()(T g, T b, T c) const {
    if (Before()(b, c) || (is_nan(b) && !is_nan(c))) return g;
    return b == c || (is_nan(b) && is_nan(c)) ? g / 2 : T(0);
  }
};
template <class Before> struct SoleShare : Chosen {
  template <class T> T operator()(T g, T b, T c) const {
    const bool first = Before()(b, c) || b == c || is_nan(c);
    return first != second ? g : T(0);
  }
};

struct InsideRange : Range {
  template <class T> T operator()(T g, T b) const { return b >= static_cast<T>(low) && b <= static_cast<T>(high) ? g : T(0); }
};

}  // namespace

const LoopTable maximum = binary_table<Maximum, Vectors::kWideArithmetic>(kAllTypes, 0.4);
const LoopTable minimum = binary_table<Minimum, Vectors::kWideArithmetic>(kAllTypes, 0.4);
const LoopTable fmax = binary_table<FMax, Vectors::kArithmetic>(kAllTypes, 0.4);
const LoopTable fmin = binary_table<FMin, Vectors::kArithmetic>(kAllTypes, 0.4);
const LoopTable clamp = ternary_table<Clamp, Vectors::kWideArithmetic>(kNumeric, 0.5);
const LoopTable clamp_min = binary_table<Maximum, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable clamp_max = binary_table<Minimum, Vectors::kWideArithmetic>(kNumeric, 0.4);
const LoopTable where = where_table(kAllTypes);
const LoopTable maximum_share = ternary_table<Share<Larger>, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable minimum_share = ternary_table<Share<Smaller>, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable fmax_share = ternary_table<SoleShare<Larger>>(kFloating, 0.6);
const LoopTable fmin_share = ternary_table<SoleShare<Smaller>>(kFloating, 0.6);
const LoopTable inside_range = binary_table<InsideRange, Vectors::kArithmetic>(kFloating, 0.4);

}}}  // namespace torch::xgrad::kernels
