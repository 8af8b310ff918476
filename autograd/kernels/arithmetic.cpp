#include <xgrad/autograd/kernels/arithmetic.h>

#include <xgrad/autograd/kernels/elementwise.h>

namespace xgrad::kernels {
namespace {

struct AddScaled : AlphaParameter {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>) return a || (integer != 0 && b);
    else if constexpr (std::is_floating_point_v<T>) return a + static_cast<T>(real) * b;
    else return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(integer) * static_cast<uint64_t>(b));
  }
};
struct Mul {
  template <class T>
  T operator()(T a, T b) const {
    if constexpr (std::is_same_v<T, bool>) return a && b;
    else if constexpr (std::is_floating_point_v<T>) return a * b;
    else return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  }
};
struct Div {
  template <class T>
  T operator()(T a, T b) const { return a / b; }
};
struct Neg {
  template <class T>
  T operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>) return -a;
    else return static_cast<T>(-static_cast<uint64_t>(a));
  }
};

template <class F, class T>
constexpr Loop binary = &binary_loop<F, T, T, T>;
template <class F, class T>
constexpr Loop unary = &unary_loop<F, T, T>;

template <class F>
constexpr LoopTable all_binary{binary<F, float>, binary<F, double>, binary<F, int64_t>, binary<F, int32_t>, binary<F, uint8_t>, binary<F, bool>, 0.3};

}  // namespace

const LoopTable add_scaled = all_binary<AddScaled>;
const LoopTable mul = all_binary<Mul>;
const LoopTable div{.f32 = binary<Div, float>, .f64 = binary<Div, double>, .cost = 0.5};
const LoopTable neg{unary<Neg, float>, unary<Neg, double>, unary<Neg, int64_t>, unary<Neg, int32_t>, unary<Neg, uint8_t>, nullptr, 0.3};

}  // namespace xgrad::kernels
