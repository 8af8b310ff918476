#include <xgrad/autograd/kernels/pointwise/arithmetic.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// Integers are computed without sign, where overflow is defined, and cut to their width.
template <class T> auto wide(T v) { return static_cast<std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>(v); }

struct Sum {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(wide(a) + wide(b)); }
};
struct Difference {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(wide(a) - wide(b)); }
};
struct AddScaled : Factor {
  // Products of int64 take longer than their sums, outside AVX-512.
  template <class Loop> void simplified(Loop loop) const {
    if (integer == 1) loop(Sum());
    else if (integer == -1) loop(Difference());
    else loop(*this);
  }
  template <class T> T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>) return a || (integer != 0 && b);
    else if constexpr (std::is_floating_point_v<T>) return a + static_cast<T>(real) * b;
    else return static_cast<T>(wide(a) + wide(static_cast<T>(integer)) * wide(b));
  }
};
struct Mul {
  template <class T> T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>) return a && b;
    else if constexpr (std::is_floating_point_v<T>) return a * b;
    else return static_cast<T>(wide(a) * wide(b));
  }
};
struct Div {
  template <class T> T operator()(T a, T b) const { return a / b; }
};
struct Neg {
  template <class T> T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>) return -a;
    else return static_cast<T>(-wide(a));
  }
};
struct Abs {
  template <class T> T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>) return std::fabs(a);
    else return a < T(0) ? static_cast<T>(-wide(a)) : a;
  }
};
struct AbsSlope {
  template <class T> T operator()(T a) const { return static_cast<T>((a > T(0)) - (a < T(0))); }
};
struct Sign {
  template <class T> T operator()(T a) const { return a != a ? a : AbsSlope()(a); }
};
struct AddCMul : Factor {
  template <class T> T operator()(T a, T b, T c) const {
    if constexpr (std::is_floating_point_v<T>) return a + static_cast<T>(real) * b * c;
    else return static_cast<T>(wide(a) + wide(static_cast<T>(integer)) * wide(b) * wide(c));
  }
};
struct AddCDiv : Factor {
  template <class T> T operator()(T a, T b, T c) const { return a + static_cast<T>(real) * b / c; }
};
struct Lerp {
  template <class T> T operator()(T a, T b, T w) const { return w < T(0.5) ? a + w * (b - a) : b - (b - a) * (1 - w); }
};

}  // namespace

const LoopTable add_scaled = binary_table<AddScaled, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable mul = binary_table<Mul, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable div = binary_table<Div, Vectors::kWideArithmetic>(kFloating, 0.5);
const LoopTable neg = unary_table<Neg, Vectors::kArithmetic>(kNumeric, 0.3);
const LoopTable abs = unary_table<Abs, Vectors::kArithmetic>(kNumeric, 0.3);
const LoopTable sign = unary_table<Sign, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable abs_slope = unary_table<AbsSlope, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable addcmul = ternary_table<AddCMul, Vectors::kArithmetic>(kNumeric, 0.4);
const LoopTable addcdiv = ternary_table<AddCDiv, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable lerp = ternary_table<Lerp, Vectors::kArithmetic>(kFloating, 0.6);

}}}  // namespace torch::xgrad::kernels
