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

}}}  // namespace torch::xgrad::kernels
