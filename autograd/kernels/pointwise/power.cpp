#include <xgrad/autograd/kernels/pointwise/power.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>
#include <xgrad/autograd/kernels/vector/vector_power.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> T integer_power(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < 0) return base == 1 ? T(1) : base == -1 ? (exponent % 2 == 0 ? T(1) : T(-1)) : T(0);
  }
  uint64_t result = 1, factor = static_cast<uint64_t>(base);
  for (auto e = static_cast<uint64_t>(exponent); e; e >>= 1, factor *= factor)
    if (e & 1) result *= factor;
  return static_cast<T>(result);
}

struct Pow {
  template <class T> T operator()(T a, T b) const {
    if constexpr (std::is_floating_point_v<T>) return vector_math::pow(a, b);
    else return integer_power(a, b);
  }
};
struct Square {
  template <class T> T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>) return a * a;
    else return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(a));
  }
};
struct Cube {
  template <class T> T operator()(T a) const { return a * a * a; }
};
struct Reciprocal {
  template <class T> T operator()(T a) const { return 1 / a; }
};
struct ReciprocalSquare {
  template <class T> T operator()(T a) const { return 1 / (a * a); }
};
struct Sqrt {
  template <class T> T operator()(T a) const { return std::sqrt(a); }
};
struct Rsqrt {
  template <class T> T operator()(T a) const { return 1 / std::sqrt(a); }
};

}  // namespace

const LoopTable pow = binary_table<Pow, Vectors::kFunction>(kNumeric, 3);
const LoopTable square = unary_table<Square, Vectors::kArithmetic>(kNumeric, 0.3);
const LoopTable cube = unary_table<Cube, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable reciprocal = unary_table<Reciprocal, Vectors::kWideArithmetic>(kFloating, 0.5);
const LoopTable reciprocal_square = unary_table<ReciprocalSquare, Vectors::kWideArithmetic>(kFloating, 0.5);
const LoopTable sqrt = unary_table<Sqrt, Vectors::kWideArithmetic>(kFloating, 0.8);
const LoopTable rsqrt = unary_table<Rsqrt, Vectors::kWideArithmetic>(kFloating, 1.2);

}}}  // namespace torch::xgrad::kernels
