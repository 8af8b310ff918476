#include <xgrad/autograd/kernels/pointwise/number_parts.h>

#include <cmath>
#include <numeric>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

struct CopySign {
  template <class T> T operator()(T a, T b) const { return std::copysign(a, b); }
};
struct NextAfter {
  template <class T> T operator()(T a, T b) const { return std::nextafter(a, b); }
};
struct FrexpMantissa {
  template <class T> T operator()(T a) const {
    int exponent;
    return std::isfinite(a) ? std::frexp(a, &exponent) : a;
  }
};
struct FrexpExponent {
  template <class T> int32_t operator()(T a) const {
    int exponent = 0;
    if (std::isfinite(a)) std::frexp(a, &exponent);
    return exponent;
  }
};
struct NanToNum : Replacements {
  template <class T> T operator()(T a) const {
    const T finite = a == T(INFINITY) ? static_cast<T>(posinf) : a == -T(INFINITY) ? static_cast<T>(neginf) : a;
    return a != a ? static_cast<T>(nan) : finite;
  }
};
struct Heaviside {
  template <class T> T operator()(T a, T b) const {
    const T step = a == 0 ? b : static_cast<T>(a > 0);
    return a != a ? a : step;
  }
};
struct Angle {
  template <class T> T operator()(T a) const { return a < 0 ? T(M_PI) : std::isnan(a) ? a : T(0); }
};

// Without a sign, so that the least number has an absolute value.
template <class T> uint64_t size_of(T a) {
  if constexpr (std::is_signed_v<T>)
    if (a < 0) return -static_cast<uint64_t>(a);
  return static_cast<uint64_t>(a);
}

struct Gcd {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(std::gcd(size_of(a), size_of(b))); }
};
struct Lcm {
  template <class T> T operator()(T a, T b) const {
    const uint64_t x = size_of(a), y = size_of(b), divisor = std::gcd(x, y);
    const T multiple = static_cast<T>(divisor == 0 ? 0 : x / divisor * y);
    return static_cast<T>(size_of(multiple));
  }
};

constexpr Types<int64_t, int32_t, uint8_t> kIntegers;

}  // namespace

const LoopTable copysign = binary_table<CopySign, Vectors::kArithmetic>(kFloating, 0.5);
const LoopTable nextafter = binary_table<NextAfter>(kFloating, 3);
const LoopTable frexp_mantissa = unary_table<FrexpMantissa>(kFloating, 3);
const LoopTable frexp_exponent = unary_table<FrexpExponent>(kFloating, 3);
const LoopTable nan_to_num = unary_table<NanToNum, Vectors::kArithmetic>(kFloating, 1);
const LoopTable heaviside = binary_table<Heaviside, Vectors::kArithmetic>(kAllTypes, 0.5);
const LoopTable angle = unary_table<Angle>(kFloating, 0.5);
const LoopTable gcd = binary_table<Gcd>(kIntegers, 30);
const LoopTable lcm = binary_table<Lcm>(kIntegers, 40);

}}}  // namespace torch::xgrad::kernels
