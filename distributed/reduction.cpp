#include <xgrad/distributed/reduction.h>

#include <type_traits>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

// Calls f(T()) for the element type.
template <class F> bool with_type(ScalarType dtype, const F& f) {
  switch (dtype) {
    case kFloat: return f(float()), true;
    case kDouble: return f(double()), true;
    case kInt: return f(int32_t()), true;
    case kLong: return f(int64_t()), true;
    case kByte: return f(uint8_t()), true;
    default: return false;
  }
}

template <class T, class F> void combine(void* to, const void* from, int64_t n, const F& f) {
  T* const a = static_cast<T*>(to);
  const T* const b = static_cast<const T*>(from);
  for (int64_t i = 0; i < n; ++i) a[i] = f(a[i], b[i]);
}

// Integers wrap around.
template <class T> struct Wrapping { using type = T; };
template <> struct Wrapping<int32_t> { using type = uint32_t; };
template <> struct Wrapping<int64_t> { using type = uint64_t; };

template <class T> void reduce_as(ReduceOp op, void* to, const void* from, int64_t n) {
  using W = typename Wrapping<T>::type;
  switch (op) {
    case ReduceOp::Sum:
    case ReduceOp::Average: return combine<T>(to, from, n, [](T a, T b) { return static_cast<T>(static_cast<W>(a) + static_cast<W>(b)); });
    case ReduceOp::Product: return combine<T>(to, from, n, [](T a, T b) { return static_cast<T>(static_cast<W>(a) * static_cast<W>(b)); });
    // -0 is below 0, so that the result doesn't hang on the order.
    case ReduceOp::Min:
      return combine<T>(to, from, n, [](T a, T b) {
        if constexpr (std::is_floating_point_v<T>)
          if (a == 0 && b == 0) return __builtin_signbit(a) ? a : b;
        return a != a || a < b ? a : b;
      });
    case ReduceOp::Max:
      return combine<T>(to, from, n, [](T a, T b) {
        if constexpr (std::is_floating_point_v<T>)
          if (a == 0 && b == 0) return __builtin_signbit(a) ? b : a;
        return a != a || a > b ? a : b;
      });
  }
}

}  // namespace

void check_reducible(const char* operation, ScalarType dtype, ReduceOp op) {
  XGRAD_CHECK_AS(TypeError, with_type(dtype, [](auto) {}), "[", operation, "] expected float32, float64, int32, int64 or uint8, got ", dtype);
  XGRAD_CHECK_AS(TypeError, op != ReduceOp::Average || isFloatingType(dtype), "[", operation, "] Average needs floating-point numbers, got ", dtype);
}

void reduce_into(ScalarType dtype, ReduceOp op, void* to, const void* from, int64_t n) {
  with_type(dtype, [&](auto zero) { reduce_as<decltype(zero)>(op, to, from, n); });
}

void finish_reduction(ScalarType dtype, ReduceOp op, void* x, int64_t n, int ranks) {
  if (op != ReduceOp::Average) return;
  with_type(dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_floating_point_v<T>) {
      const T scale = T(1) / static_cast<T>(ranks);
      for (int64_t i = 0; i < n; ++i) static_cast<T*>(x)[i] *= scale;
    }
  });
}

}}}  // namespace torch::xgrad::distributed
