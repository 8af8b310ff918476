// Arithmetic sequences, rounded as PyTorch's vector loops round them.
#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

// Note: blocks of sequences
//
// PyTorch computes sequences with AVX2: a block of 32 bytes is its first element, computed directly, plus multiples of
// the step; what a pair of blocks doesn't fill is computed element by element. Following that gives its values to the
// last bit, and with them the same zeros where a sequence crosses zero.

/// out[i] = first(i) or, within a block that starts at j, within(first(j), i - j).
template <class T, class First, class Within> void fill_sequence(T* out, int64_t n, First first, Within within) {
  constexpr int64_t width = 32 / sizeof(T);
  const int64_t blocks_end = n - n % (2 * width);
  for (int64_t i = 0; i < blocks_end; i += width) {
    const T base = first(i);
    for (int64_t k = 0; k < width; ++k) out[i + k] = within(base, k);
  }
  for (int64_t i = blocks_end; i < n; ++i) out[i] = first(i);
}

/// start, start + step, ...
template <class T> using ArangeNumber = std::conditional_t<is_floating<T>, double, int64_t>;
template <class T> void arange(T* out, int64_t n, ArangeNumber<T> start, ArangeNumber<T> step) {
  if constexpr (std::is_floating_point_v<T>) {
    fill_sequence(
        out, n, [=](int64_t i) { return static_cast<T>(std::fma(step, static_cast<double>(i), start)); },
        [=](T base, int64_t k) { return static_cast<T>(std::fma(step, static_cast<double>(k), static_cast<double>(base))); });
  } else {
    for (int64_t i = 0; i < n; ++i) out[i] = static_cast<T>(start + i * step);
  }
}

/// n numbers from start to end: from both ends towards the middle, so that both are exact.
template <class T> using LinspaceNumber = std::conditional_t<is_narrow_float<T>, float, std::conditional_t<std::is_floating_point_v<T>, T, double>>;
template <class T> void linspace(T* out, int64_t n, LinspaceNumber<T> start, LinspaceNumber<T> end) {
  using N = LinspaceNumber<T>;
  const N step = n > 1 ? (end - start) / static_cast<N>(n - 1) : N(0);
  if constexpr (std::is_floating_point_v<T>) {
    fill_sequence(
        out, n,
        [=](int64_t i) { return i < n / 2 || n == 1 ? std::fma(step, static_cast<T>(i), start) : std::fma(-step, static_cast<T>(n - i - 1), end); },
        [=](T base, int64_t k) { return base + static_cast<T>(k) * step; });
  } else {
    for (int64_t i = 0; i < n; ++i)
      out[i] = static_cast<T>(i < n / 2 || n == 1 ? start + step * static_cast<N>(i) : end - step * static_cast<N>(n - i - 1));
  }
}

/// x[i] = base^x[i]
template <class T> void raise(T* x, int64_t n, T base) {
  for (int64_t i = 0; i < n; ++i) x[i] = std::pow(base, x[i]);
}

}}}  // namespace torch::xgrad::kernels
