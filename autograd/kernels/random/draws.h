// Numbers of a generator's stream, and elements filled with them: what the kernels of random.h are made of.
#pragma once

#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>
#include <utility>

#include <xgrad/autograd/kernels/random/random.h>

namespace torch { inline namespace xgrad { namespace kernels {

// As many bits of one draw as T has digits, or 53 bits of two, as a number of [0, 1).
template <class T> T uniform(GeneratorImpl& g) {
  constexpr uint32_t kCount = uint32_t{1} << (std::numeric_limits<T>::digits % 32);
  if constexpr (!std::is_same_v<T, double>) return static_cast<float>(g.random() & (kCount - 1)) * (1.0f / static_cast<float>(kCount));
  else return static_cast<double>(g.random64() & ((uint64_t{1} << 53) - 1)) * 0x1p-53;
}

inline double normal(GeneratorImpl& g) {
  if (g.has_cached_normal) {
    g.has_cached_normal = 0;
    return std::exchange(g.cached_normal, 0);
  }
  const double u1 = uniform<double>(g), u2 = uniform<double>(g);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u2)), theta = 2.0 * std::numbers::pi * u1;
  g.cached_normal = radius * std::sin(theta);
  g.has_cached_normal = 1;
  return radius * std::cos(theta);
}

// Writes draw() to each element, as a T.
template <class T, class Draw> void fill(const Iteration& it, Draw draw) {
  const Loop loop = [](char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
    const Draw& draw = *static_cast<const Draw*>(parameters);
    char* out = pointers[0];
    for (int64_t i = 0; i < n; ++i, out += strides[0]) *reinterpret_cast<T*>(out) = static_cast<T>(draw());
  };
  run_serial(it, loop, &draw);
}

// The same with draw(p), p an element of operand 1.
template <class T, class P, class Draw> void fill_from(const Iteration& it, Draw draw) {
  const Loop loop = [](char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
    const Draw& draw = *static_cast<const Draw*>(parameters);
    for (int64_t i = 0; i < n; ++i) {
      const P p = *reinterpret_cast<const P*>(pointers[1] + i * strides[1]);
      *reinterpret_cast<T*>(pointers[0] + i * strides[0]) = static_cast<T>(draw(p));
    }
  };
  run_serial(it, loop, &draw);
}

}}}  // namespace torch::xgrad::kernels
