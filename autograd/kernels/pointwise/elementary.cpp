#include <xgrad/autograd/kernels/pointwise/elementary.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>
#include <xgrad/autograd/kernels/pointwise/unusual_arguments.h>
#include <xgrad/autograd/kernels/vector/vector_hyperbolic.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>
#include <xgrad/autograd/kernels/vector/vector_special.h>
#include <xgrad/autograd/kernels/vector/vector_trigonometry.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

struct Exp {
  template <class T> T operator()(T a) const { return vector_math::wide::exp(a); }
};
struct Exp2 {
  template <class T> T operator()(T a) const { return vector_math::exp2(a); }
};
struct Expm1 {
  template <class T> T operator()(T a) const { return vector_math::expm1(a); }
};
struct Log {
  template <class T> T operator()(T a) const { return vector_math::wide::log(a); }
};
struct Log2 {
  template <class T> T operator()(T a) const { return vector_math::log2(a); }
};
struct Log10 {
  template <class T> T operator()(T a) const { return vector_math::log10(a); }
};
struct Log1p {
  template <class T> T operator()(T a) const { return vector_math::log1p(a); }
};
struct AngleFunction {
  template <class T> static bool usual(T a) { return std::fabs(a) < vector_math::kLargestAngle; }
};
struct Sin : AngleFunction {
  template <class T> T operator()(T a) const { return vector_math::sin(a); }
  template <class T> static T unusual(T a) { return std::sin(a); }
};
struct Cos : AngleFunction {
  template <class T> T operator()(T a) const { return vector_math::cos(a); }
  template <class T> static T unusual(T a) { return std::cos(a); }
};
struct Tan : AngleFunction {
  template <class T> T operator()(T a) const { return vector_math::tan(a); }
  template <class T> static T unusual(T a) { return static_cast<T>(std::tan(static_cast<double>(a))); }  // the float's is 1.5 units off
};
struct Asin {
  template <class T> T operator()(T a) const { return vector_math::asin(a); }
};
struct Acos {
  template <class T> T operator()(T a) const { return vector_math::acos(a); }
};
struct Atan {
  template <class T> T operator()(T a) const { return vector_math::atan(a); }
};
struct Atan2 {
  template <class T> T operator()(T a, T b) const { return vector_math::atan2(a, b); }
};
struct Sinh {
  template <class T> T operator()(T a) const { return vector_math::sinh(a); }
};
struct Cosh {
  template <class T> T operator()(T a) const { return vector_math::cosh(a); }
};
struct Asinh {
  template <class T> T operator()(T a) const { return vector_math::asinh(a); }
};
struct Acosh {
  template <class T> T operator()(T a) const { return vector_math::acosh(a); }
};
struct Atanh {
  template <class T> T operator()(T a) const { return vector_math::atanh(a); }
};
struct Erf {
  template <class T> T operator()(T a) const { return vector_math::erf(a); }
};
struct Erfc {
  template <class T> T operator()(T a) const { return vector_math::erfc(a); }
};
struct Hypot {
  double operator()(double a, double b) const { return std::hypot(a, b); }
  // Squares of floats are exact in double and don't overflow.
  float operator()(float a, float b) const {
    const double x = a, y = b;
    const auto length = static_cast<float>(std::sqrt(x * x + y * y));
    const float of_a = std::isinf(a) ? INFINITY : length;  // even if the other is NaN
    return std::isinf(b) ? INFINITY : of_a;
  }
};
struct Gaussian {
  template <class T> T operator()(T a) const { return vector_math::wide::exp(-a * a); }
};

struct Sinc {
  template <class T> T operator()(T a) const {
    const T x = a * T(M_PI);
    return a == 0 ? T(1) : std::sin(x) / x;
  }
};

struct Erfinv {
  double operator()(double a) const { return vector_math::erfinv(a); }
};

struct XLogY {
  template <class T> T operator()(T a, T b) const { return a == 0 && b == b ? T(0) : a * vector_math::log(b); }
};
struct XLog1PY {
  template <class T> T operator()(T a, T b) const { return a == 0 && b == b ? T(0) : a * vector_math::log1p(b); }
};
struct Entr {
  template <class T> T operator()(T a) const {
    const T below = a < 0 ? -std::numeric_limits<T>::infinity() : a;  // 0 or NaN otherwise
    return a > 0 ? -a * vector_math::log(a) : below;
  }
};
struct Logit : LogitRange {
  template <class T> T operator()(T a) const {
    const T from_above = a > static_cast<T>(high) ? static_cast<T>(high) : a;
    const T x = a < static_cast<T>(low) ? static_cast<T>(low) : from_above;  // which counts where they cross
    return vector_math::wide::log(x / (1 - x));
  }
};
struct LogAddExp {
  template <class T> T operator()(T a, T b) const {
    if (a == b && std::isinf(a)) return a;
    return (a < b ? b : a) + vector_math::log1p(vector_math::exp(-std::fabs(a - b)));
  }
};
struct LogAddExp2 {
  template <class T> T operator()(T a, T b) const {
    if (a == b && std::isinf(a)) return a;
    return (a < b ? b : a) + vector_math::log1p(vector_math::exp2(-std::fabs(a - b))) * T(M_LOG2E);
  }
};
struct SoftmaxOfTwo {
  template <class T> T operator()(T a, T b) const { return a == b && std::isinf(a) && a < 0 ? T(0) : 1 / (1 + vector_math::exp(b - a)); }
};

}  // namespace

const LoopTable exp = unary_table<Exp, Vectors::kWideFunction>(kFloating, 0.7);
const LoopTable exp2 = unary_table<Exp2, Vectors::kFunction>(kFloating, 0.7);
const LoopTable expm1 = unary_table<Expm1, Vectors::kFunction>(kFloating, 1);
const LoopTable log = unary_table<Log, Vectors::kWideFunction>(kFloating, 1);
const LoopTable log2 = unary_table<Log2, Vectors::kFunction>(kFloating, 1);
const LoopTable log10 = unary_table<Log10, Vectors::kFunction>(kFloating, 1.5);
const LoopTable log1p = unary_table<Log1p, Vectors::kFunction>(kFloating, 1);
const LoopTable sin = watched_table<Sin>(1);
const LoopTable cos = watched_table<Cos>(1);
const LoopTable tan = watched_table<Tan>(2);
const LoopTable asin = unary_table<Asin, Vectors::kWideFunction>(kFloating, 2);
const LoopTable acos = unary_table<Acos, Vectors::kWideFunction>(kFloating, 2);
const LoopTable atan = unary_table<Atan, Vectors::kWideFunction>(kFloating, 2);
const LoopTable sinh = unary_table<Sinh, Vectors::kFunction>(kFloating, 1.5);
const LoopTable cosh = unary_table<Cosh, Vectors::kFunction>(kFloating, 1.5);
const LoopTable asinh = unary_table<Asinh, Vectors::kFunction>(kFloating, 1.5);
const LoopTable acosh = unary_table<Acosh, Vectors::kFunction>(kFloating, 1.5);
const LoopTable atanh = unary_table<Atanh, Vectors::kFunction>(kFloating, 1.5);
const LoopTable erf = unary_table<Erf, Vectors::kFunction>(kFloating, 1.5);
const LoopTable erfc = unary_table<Erfc, Vectors::kFunction>(kFloating, 1.5);
const LoopTable erfinv = table_of_doubles<&vector_loop<Erfinv, Vectors::kWideFunction, double, double>>(2);
const LoopTable gaussian = unary_table<Gaussian, Vectors::kWideFunction>(kFloating, 0.8);
const LoopTable sinc = unary_table<Sinc>(kFloating, 12);
const LoopTable atan2 = binary_table<Atan2, Vectors::kWideFunction>(kFloating, 2);
const LoopTable hypot = binary_table<Hypot, Vectors::kFunction>(kFloating, 1);
const LoopTable xlogy = binary_table<XLogY, Vectors::kFunction>(kFloating, 1);
const LoopTable xlog1py = binary_table<XLog1PY, Vectors::kFunction>(kFloating, 1);
const LoopTable entr = unary_table<Entr, Vectors::kFunction>(kFloating, 1);
const LoopTable logit = unary_table<Logit, Vectors::kWideFunction>(kFloating, 1);
const LoopTable logaddexp = binary_table<LogAddExp, Vectors::kFunction>(kFloating, 2);
const LoopTable logaddexp2 = binary_table<LogAddExp2, Vectors::kFunction>(kFloating, 2);
const LoopTable softmax_of_two = binary_table<SoftmaxOfTwo, Vectors::kFunction>(kFloating, 1);

}}}  // namespace torch::xgrad::kernels
