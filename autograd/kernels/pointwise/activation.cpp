#include <xgrad/autograd/kernels/pointwise/activation.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> T logistic(T x) { return vector_math::wide::sigmoid(x); }

struct Sigmoid {
  template <class T> T operator()(T x) const { return logistic(x); }
};
struct SigmoidSlope {
  template <class T> T operator()(T g, T y) const { return g * (1 - y) * y; }
};
struct Tanh {
  template <class T> T operator()(T x) const { return vector_math::wide::tanh(x); }
};
// No product is added to: the loops of short rows have no fused multiply-adds, those of long ones may.
struct TanhSlope {
  template <class T> T operator()(T g, T y) const { return g * ((1 - y) * (1 + y)); }
};
struct TanhBend {
  template <class T> T operator()(T a, T b, T y) const { return -2 * (a * b * y); }
};
struct SigmoidBend {
  template <class T> T operator()(T a, T b, T y) const { return a * b * (1 - (y + y)); }
};

struct LogSigmoid {
  template <class T> T operator()(T x) const { return (x < 0 ? x : T(0)) - vector_math::log1p(vector_math::exp(-std::fabs(x))); }
};
struct LogSigmoidSlope {
  template <class T> T operator()(T g, T x) const {
    const T z = vector_math::exp(-std::fabs(x));
    return g * ((x < 0 ? T(1) : z) / (1 + z));
  }
};

// silu, mish and gelu are 0 at -inf, where the formulas are inf * 0; their slopes are 0 and 1 at -inf and inf.
template <class T> T slope_at_infinity(T g, T x) { return x > 0 ? g : T(0); }

struct Silu {
  template <class T> T operator()(T x) const { return x == -T(INFINITY) ? T(0) : x * logistic(x); }
};
struct SiluSlope {
  template <class T> T operator()(T g, T x) const {
    if (std::isinf(x)) return slope_at_infinity(g, x);
    const T s = logistic(x);
    return g * s * (1 + x * (1 - s));
  }
};
struct Mish {
  template <class T> T operator()(T x) const { return x == -T(INFINITY) ? T(0) : x * vector_math::tanh_of_softplus(x); }
};
struct MishSlope {
  template <class T> T operator()(T g, T x) const {
    if (std::isinf(x)) return slope_at_infinity(g, x);
    const T t = vector_math::tanh_of_softplus(x);
    return g * (t + x * logistic(x) * (1 - t * t));
  }
};

// The normal distribution function and its density.
template <class T> T normal_cdf(T x) { return vector_math::normal_cdf(x); }
template <class T> T normal_density(T x) { return vector_math::exp(T(-0.5) * x * x) * T(0.5 * M_2_SQRTPI * M_SQRT1_2); }

struct Gelu {
  template <class T> T operator()(T x) const { return x == -T(INFINITY) ? T(0) : x * normal_cdf(x); }
};
struct GeluSlope {
  template <class T> T operator()(T g, T x) const { return std::isinf(x) ? slope_at_infinity(g, x) : g * (normal_cdf(x) + x * normal_density(x)); }
};

// sqrt(2 / pi) (x + 0.044715 x^3), the argument of the approximation's tanh.
template <class T> T gelu_argument(T x) { return T(M_2_SQRTPI * M_SQRT1_2) * (x + T(0.044715) * x * x * x); }

struct GeluTanh {
  template <class T> T operator()(T x) const { return x == -T(INFINITY) ? T(0) : T(0.5) * x * (1 + vector_math::tanh(gelu_argument(x))); }
};
struct GeluTanhSlope {
  template <class T> T operator()(T g, T x) const {
    if (std::isinf(x)) return slope_at_infinity(g, x);
    const T t = vector_math::tanh(gelu_argument(x)), u = T(M_2_SQRTPI * M_SQRT1_2) * (1 + T(3 * 0.044715) * x * x);
    return g * T(0.5) * (1 + t + x * (1 - t * t) * u);
  }
};

// max and min that keep a NaN of x.
template <class T> T between(T x, T low, T high) { return x < low ? low : x > high ? high : x; }

struct Hardsigmoid {
  template <class T> T operator()(T x) const { return between(x + 3, T(0), T(6)) / 6; }
};
struct Hardswish {
  template <class T> T operator()(T x) const { return x * between(x + 3, T(0), T(6)) / 6; }
};
struct HardswishSlope {
  template <class T> T operator()(T g, T x) const { return x < -3 ? T(0) : x > 3 ? g : g * (x / 3 + T(0.5)); }
};

struct LeakyRelu {
  double slope;
  template <class T> T operator()(T x) const { return x > 0 ? x : x * static_cast<T>(slope); }
};
struct EluValue : Elu {
  template <class T> T operator()(T x) const {
    return x > 0 ? x * static_cast<T>(positive) : vector_math::expm1(x * static_cast<T>(rate)) * static_cast<T>(negative);
  }
};
struct EluSlope : Elu {
  template <class T> T operator()(T g, T x) const {
    return x > 0 ? g * static_cast<T>(positive) : g * static_cast<T>(negative) * static_cast<T>(rate) * vector_math::exp(x * static_cast<T>(rate));
  }
};
struct SoftplusValue : Softplus {
  template <class T> T operator()(T x) const {
    const T z = x * static_cast<T>(beta);
    return z > static_cast<T>(threshold) ? x : vector_math::log1p(vector_math::exp(z)) / static_cast<T>(beta);
  }
};
struct SoftplusSlope : Softplus {
  template <class T> T operator()(T g, T x) const {
    const T z = x * static_cast<T>(beta);
    return z > static_cast<T>(threshold) ? g : g * logistic(z);
  }
};

struct Shrink {
  double lambd;
  template <class T> bool covers(T x) const { return x >= -static_cast<T>(lambd) && x <= static_cast<T>(lambd); }
};
struct Hardshrink : Shrink {
  template <class T> T operator()(T x) const { return covers(x) ? T(0) : x; }
};
struct Softshrink : Shrink {
  template <class T> T operator()(T x) const { return covers(x) ? T(0) : x > 0 ? x - static_cast<T>(lambd) : x + static_cast<T>(lambd); }
};
struct ShrinkSlope : Shrink {
  template <class T> T operator()(T g, T x) const { return covers(x) ? T(0) : g; }
};
struct ThresholdValue : Threshold {
  template <class T> T operator()(T x) const { return x <= static_cast<T>(limit) ? static_cast<T>(value) : x; }
};
struct BandSlope : Band {
  template <class T> T operator()(T g, T x) const {
    const bool beyond = x <= static_cast<T>(low) || x >= static_cast<T>(high);
    const T factor = static_cast<T>(x != x ? at_nan : beyond ? outside : inside);
    return factor == 0 ? T(0) : g * factor;
  }
};
struct SlopeAbove {
  double limit;
  template <class T> T operator()(T g, T x) const { return x <= static_cast<T>(limit) ? T(0) : g; }
};

}  // namespace

const LoopTable sigmoid = unary_table<Sigmoid, Vectors::kWideFunction>(kFloating, 0.8);
const LoopTable tanh = unary_table<Tanh, Vectors::kWideFunction>(kFloating, 0.8);
const LoopTable silu = unary_table<Silu, Vectors::kWideFunction>(kFloating, 0.9);
const LoopTable mish = unary_table<Mish, Vectors::kFunction>(kFloating, 3);
const LoopTable log_sigmoid = unary_table<LogSigmoid, Vectors::kFunction>(kFloating, 2);
const LoopTable hardsigmoid = unary_table<Hardsigmoid, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable hardswish = unary_table<Hardswish, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable gelu = unary_table<Gelu, Vectors::kFunction>(kFloating, 1.7);
const LoopTable gelu_tanh = unary_table<GeluTanh, Vectors::kFunction>(kFloating, 1.2);
const LoopTable silu_slope = binary_table<SiluSlope, Vectors::kWideFunction>(kFloating, 1);
const LoopTable mish_slope = binary_table<MishSlope, Vectors::kFunction>(kFloating, 4);
const LoopTable log_sigmoid_slope = binary_table<LogSigmoidSlope, Vectors::kFunction>(kFloating, 1);
const LoopTable hardswish_slope = binary_table<HardswishSlope, Vectors::kArithmetic>(kFloating, 0.6);
const LoopTable gelu_slope = binary_table<GeluSlope, Vectors::kFunction>(kFloating, 2.5);
const LoopTable gelu_tanh_slope = binary_table<GeluTanhSlope, Vectors::kFunction>(kFloating, 1.5);
const LoopTable sigmoid_slope = binary_table<SigmoidSlope, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable tanh_slope = binary_table<TanhSlope, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable sigmoid_bend = ternary_table<SigmoidBend, Vectors::kArithmetic>(kFloating, 0.5);
const LoopTable tanh_bend = ternary_table<TanhBend, Vectors::kArithmetic>(kFloating, 0.5);
const LoopTable leaky_relu = unary_table<LeakyRelu, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable elu = unary_table<EluValue, Vectors::kFunction>(kFloating, 1.2);
const LoopTable elu_slope = binary_table<EluSlope, Vectors::kFunction>(kFloating, 1);
const LoopTable softplus = unary_table<SoftplusValue, Vectors::kFunction>(kFloating, 2);
const LoopTable softplus_slope = binary_table<SoftplusSlope, Vectors::kFunction>(kFloating, 1);
const LoopTable hardshrink = unary_table<Hardshrink, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable softshrink = unary_table<Softshrink, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable shrink_slope = binary_table<ShrinkSlope, Vectors::kArithmetic>(kFloating, 0.4);
const LoopTable threshold = unary_table<ThresholdValue, Vectors::kArithmetic>(kNumeric, 0.4);
const LoopTable slope_above = binary_table<SlopeAbove, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable band_slope = binary_table<BandSlope, Vectors::kArithmetic>(kFloating, 0.5);

}}}  // namespace torch::xgrad::kernels
