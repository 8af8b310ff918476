#include <xgrad/autograd/kernels/pointwise/comparison.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

struct Eq {
  template <class T> bool operator()(T a, T b) const { return a == b; }
};
struct Ne {
  template <class T> bool operator()(T a, T b) const { return a != b; }
};
struct Lt {
  template <class T> bool operator()(T a, T b) const { return a < b; }
};
struct Le {
  template <class T> bool operator()(T a, T b) const { return a <= b; }
};
struct Gt {
  template <class T> bool operator()(T a, T b) const { return a > b; }
};
struct Ge {
  template <class T> bool operator()(T a, T b) const { return a >= b; }
};

struct IsNan {
  template <class T> bool operator()(T a) const { return std::isnan(a); }
};
struct IsInf {
  template <class T> bool operator()(T a) const { return std::isinf(a); }
};
struct IsFinite {
  template <class T> bool operator()(T a) const { return std::isfinite(a); }
};

struct IsPosInf {
  template <class T> bool operator()(T a) const { return std::isinf(a) && a > 0; }
};
struct IsNegInf {
  template <class T> bool operator()(T a) const { return std::isinf(a) && a < 0; }
};
struct SignBit {
  template <class T> bool operator()(T a) const {
    if constexpr (std::is_floating_point_v<T>) return std::signbit(a);
    else if constexpr (std::is_signed_v<T>) return a < 0;
    else return false;
  }
};

struct IsClose : Tolerance {
  template <class T> bool operator()(T a, T b) const {
    if (a == b) return true;
    if (equal_nan && std::isnan(a) && std::isnan(b)) return true;
    const T distance = std::fabs(a - b);
    return std::isfinite(distance) && distance <= static_cast<T>(atol) + std::fabs(static_cast<T>(rtol) * b);
  }
};

struct And {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(a & b); }
};
struct Or {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(a | b); }
};
struct Xor {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(a ^ b); }
};
struct Not {
  bool operator()(bool a) const { return !a; }
  template <class T> T operator()(T a) const { return static_cast<T>(~a); }
};

template <class T> constexpr int kLastBit = sizeof(T) == 8 ? 63 : 31;
struct LeftShift {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(static_cast<uint64_t>(a) << (b & kLastBit<T>)); }
};
struct RightShift {
  template <class T> T operator()(T a, T b) const { return static_cast<T>(a >> (b & kLastBit<T>)); }
};

constexpr Types<bool> kBoolOnly;
constexpr Types<int64_t, int32_t, uint8_t> kIntegers;

}  // namespace

const LoopTable eq = binary_table<Eq, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable ne = binary_table<Ne, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable lt = binary_table<Lt, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable le = binary_table<Le, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable gt = binary_table<Gt, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable ge = binary_table<Ge, Vectors::kArithmetic>(kAllTypes, 0.3);
const LoopTable isnan = unary_table<IsNan, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable isinf = unary_table<IsInf, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable isfinite = unary_table<IsFinite, Vectors::kArithmetic>(kFloating, 0.3);
const LoopTable isposinf = unary_table<IsPosInf>(kFloating, 0.3);
const LoopTable isneginf = unary_table<IsNegInf>(kFloating, 0.3);
const LoopTable signbit = unary_table<SignBit>(kAllTypes, 0.3);
const LoopTable isclose = binary_table<IsClose>(kFloating, 1);
const LoopTable logical_and = binary_table<And>(kBoolOnly, 0.3);
const LoopTable logical_or = binary_table<Or>(kBoolOnly, 0.3);
const LoopTable logical_xor = binary_table<Xor>(kBoolOnly, 0.3);
const LoopTable logical_not = unary_table<Not>(kBoolOnly, 0.3);
const LoopTable bitwise_and = binary_table<And, Vectors::kArithmetic>(kIntegral, 0.3);
const LoopTable bitwise_or = binary_table<Or, Vectors::kArithmetic>(kIntegral, 0.3);
const LoopTable bitwise_xor = binary_table<Xor, Vectors::kArithmetic>(kIntegral, 0.3);
const LoopTable bitwise_not = unary_table<Not, Vectors::kArithmetic>(kIntegral, 0.3);
const LoopTable left_shift = binary_table<LeftShift, Vectors::kArithmetic>(kIntegers, 0.5);
const LoopTable right_shift = binary_table<RightShift, Vectors::kArithmetic>(kIntegers, 0.5);

}}}  // namespace torch::xgrad::kernels
