// Loops over one row of elements, made from a function of one element.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/kernels/strided.h>

namespace xgrad::kernels {

/// F is stateless, or a plain struct that the parameters point to; operator()(In...) is the function of one element.
/// For floating elements the usual layouts (all contiguous; one input a constant) get loops of their own that the
/// compiler vectorises; integers, which no training step waits for, share one small strided loop.
template <class F>
F make_function([[maybe_unused]] const void* parameters) {
  if constexpr (std::is_empty_v<F>) return F{};
  else return *static_cast<const F*>(parameters);
}

template <class F, class Out, class A>
void unary_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const F f = make_function<F>(parameters);
  if constexpr (std::is_floating_point_v<A>) {
    if (s[0] == sizeof(Out) && s[1] == sizeof(A)) {
      auto* y = reinterpret_cast<Out*>(p[0]);
      auto* a = reinterpret_cast<const A*>(p[1]);
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i]);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<Out*>(p[0] + i * s[0]) = f(*reinterpret_cast<const A*>(p[1] + i * s[1]));
}

template <class F, class Out, class A, class B>
void binary_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const F f = make_function<F>(parameters);
  if (std::is_floating_point_v<A> && s[0] == sizeof(Out)) {
    auto* y = reinterpret_cast<Out*>(p[0]);
    auto* a = reinterpret_cast<const A*>(p[1]);
    auto* b = reinterpret_cast<const B*>(p[2]);
    if (s[1] == sizeof(A) && s[2] == sizeof(B)) {
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i]);
      return;
    }
    if (s[1] == sizeof(A) && s[2] == 0) {
      const B c = *b;
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], c);
      return;
    }
    if (s[1] == 0 && s[2] == sizeof(B)) {
      const A c = *a;
      for (int64_t i = 0; i < n; ++i) y[i] = f(c, b[i]);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<Out*>(p[0] + i * s[0]) =
        f(*reinterpret_cast<const A*>(p[1] + i * s[1]), *reinterpret_cast<const B*>(p[2] + i * s[2]));
}

template <class F, class Out, class A, class B, class C>
void ternary_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const F f = make_function<F>(parameters);
  if (std::is_floating_point_v<C> && s[0] == sizeof(Out) && s[1] == sizeof(A)) {
    auto* y = reinterpret_cast<Out*>(p[0]);
    auto* a = reinterpret_cast<const A*>(p[1]);
    auto* b = reinterpret_cast<const B*>(p[2]);
    auto* c = reinterpret_cast<const C*>(p[3]);
    if (s[2] == sizeof(B) && s[3] == sizeof(C)) {
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i], c[i]);
      return;
    }
    if (s[2] == sizeof(B) && s[3] == 0) {
      const C k = *c;
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i], k);
      return;
    }
    if (s[2] == 0 && s[3] == 0) {
      const B j = *b;
      const C k = *c;
      for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], j, k);
      return;
    }
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<Out*>(p[0] + i * s[0]) =
        f(*reinterpret_cast<const A*>(p[1] + i * s[1]), *reinterpret_cast<const B*>(p[2] + i * s[2]),
          *reinterpret_cast<const C*>(p[3] + i * s[3]));
}

/// The element types an operation is defined for.
template <class... T>
struct Types {};
inline constexpr Types<float, double> kFloating;
inline constexpr Types<float, double, int64_t, int32_t, uint8_t> kNumeric;
inline constexpr Types<float, double, int64_t, int32_t, uint8_t, bool> kAllTypes;
inline constexpr Types<int64_t, int32_t, uint8_t, bool> kIntegral;

template <class T>
constexpr void set_loop(LoopTable& table, Loop loop) {
  if constexpr (std::is_same_v<T, float>) table.f32 = loop;
  else if constexpr (std::is_same_v<T, double>) table.f64 = loop;
  else if constexpr (std::is_same_v<T, int64_t>) table.i64 = loop;
  else if constexpr (std::is_same_v<T, int32_t>) table.i32 = loop;
  else if constexpr (std::is_same_v<T, uint8_t>) table.u8 = loop;
  else table.b = loop;
}

/// Tables of F's loops, whose results have the type that F returns. `cost`: nanoseconds per element, roughly.
template <class F, class... T>
constexpr LoopTable unary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, &unary_loop<F, std::invoke_result_t<F, T>, T>), ...);
  return table;
}
template <class F, class... T>
constexpr LoopTable binary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, &binary_loop<F, std::invoke_result_t<F, T, T>, T, T>), ...);
  return table;
}
template <class F, class... T>
constexpr LoopTable ternary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, &ternary_loop<F, std::invoke_result_t<F, T, T, T>, T, T, T>), ...);
  return table;
}

}  // namespace xgrad::kernels
