// Loops of special functions, which are computed in double for float too.
#pragma once

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// f of one or two elements. Thirty to some hundred nanoseconds each: conversions and calls don't count.
template <auto f> struct InDouble {
  template <class... T> auto operator()(T... a) const { return static_cast<std::common_type_t<T...>>(f(static_cast<double>(a)...)); }
};

template <auto f> constexpr LoopTable unary_in_double(double cost) { return unary_table<InDouble<f>>(kFloating, cost); }
template <auto f> constexpr LoopTable binary_in_double(double cost) { return binary_table<InDouble<f>>(kFloating, cost); }

namespace detail {

template <Loop f> void through_doubles(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  constexpr int64_t kAtOnce = 512, kSteps[] = {sizeof(double), sizeof(double)};
  double numbers[kAtOnce];
  char* const rows[] = {reinterpret_cast<char*>(numbers), reinterpret_cast<char*>(numbers)};
  for (int64_t i = 0; i < n; i += kAtOnce) {
    const int64_t count = n - i < kAtOnce ? n - i : kAtOnce;
    for (int64_t k = 0; k < count; ++k) numbers[k] = element<const float>(p[1], (i + k) * s[1]);
    f(rows, kSteps, count, parameters);
    for (int64_t k = 0; k < count; ++k) element<float>(p[0], (i + k) * s[0]) = static_cast<float>(numbers[k]);
  }
}

}  // namespace detail

/// The table of a function of one double; floats are converted on their way to its loop and back, which takes no code for them.
template <Loop f> constexpr LoopTable table_of_doubles(double cost) {
  LoopTable table{.cost = cost};
  table.f32 = &detail::through_doubles<f>;
  table.f64 = f;
  return table;
}

}}}  // namespace torch::xgrad::kernels
