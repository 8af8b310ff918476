// Loops over one row of elements, made from a function of one element.
#pragma once

#include <cstdint>
#include <type_traits>

namespace xgrad::kernels {

/// F is stateless, or a plain struct that the parameters point to; operator()(In...) is
/// the function of one element. The usual layouts (all contiguous; one input a constant) get loops of their own that
/// the compiler vectorises.
template <class F>
F make_function([[maybe_unused]] const void* parameters) {
  if constexpr (std::is_empty_v<F>) return F{};
  else return *static_cast<const F*>(parameters);
}

template <class F, class Out, class A>
void unary_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const F f = make_function<F>(parameters);
  if (s[0] == sizeof(Out) && s[1] == sizeof(A)) {
    auto* y = reinterpret_cast<Out*>(p[0]);
    auto* a = reinterpret_cast<const A*>(p[1]);
    for (int64_t i = 0; i < n; ++i) y[i] = f(a[i]);
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<Out*>(p[0] + i * s[0]) = f(*reinterpret_cast<const A*>(p[1] + i * s[1]));
}

template <class F, class Out, class A, class B>
void binary_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  const F f = make_function<F>(parameters);
  if (s[0] == sizeof(Out)) {
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
  if (s[0] == sizeof(Out) && s[1] == sizeof(A) && s[2] == sizeof(B) && s[3] == sizeof(C)) {
    auto* y = reinterpret_cast<Out*>(p[0]);
    auto* a = reinterpret_cast<const A*>(p[1]);
    auto* b = reinterpret_cast<const B*>(p[2]);
    auto* c = reinterpret_cast<const C*>(p[3]);
    for (int64_t i = 0; i < n; ++i) y[i] = f(a[i], b[i], c[i]);
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    *reinterpret_cast<Out*>(p[0] + i * s[0]) =
        f(*reinterpret_cast<const A*>(p[1] + i * s[1]), *reinterpret_cast<const B*>(p[2] + i * s[2]),
          *reinterpret_cast<const C*>(p[3] + i * s[3]));
}

}  // namespace xgrad::kernels
