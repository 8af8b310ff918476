// Arithmetic sequences, rounded as PyTorch's vector loops round them.
#pragma once

#include <cmath>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

// Note: blocks of sequences
//
// PyTorch computes sequences with AVX2: a block of 32 bytes is its first element, computed directly, plus multiples of
// the step; what a pair of blocks doesn't fill is computed element by element. Following that gives its values to the
// last bit, and with them the same zeros where a sequence crosses zero.

/// out[i] = first(i) or, within a block that starts at j, within(first(j), i - j).
template <class T, class First, class Within>
void fill_sequence(T* out, int64_t n, First first, Within within) {
  constexpr int64_t width = 32 / sizeof(T);
  const int64_t blocks_end = n - n % (2 * width);
  for (int64_t i = 0; i < blocks_end; i += width) {
    const T base = first(i);
    for (int64_t k = 0; k < width; ++k) out[i + k] = within(base, k);
  }
  for (int64_t i = blocks_end; i < n; ++i) out[i] = first(i);
}

/// start, start + step, ...
template <class T>
void arange(T* out, int64_t n, double start, double step) {
  fill_sequence(
      out, n, [=](int64_t i) { return static_cast<T>(std::fma(step, static_cast<double>(i), start)); },
      [=](T base, int64_t k) { return static_cast<T>(std::fma(step, static_cast<double>(k), static_cast<double>(base))); });
}

/// n numbers from start to end: from both ends towards the middle, so that both are exact.
template <class T>
void linspace(T* out, int64_t n, T start, T end) {
  const T step = n > 1 ? (end - start) / static_cast<T>(n - 1) : T(0);
  fill_sequence(
      out, n,
      [=](int64_t i) {
        return i < n / 2 || n == 1 ? std::fma(step, static_cast<T>(i), start) : std::fma(-step, static_cast<T>(n - i - 1), end);
      },
      [=](T base, int64_t k) { return base + static_cast<T>(k) * step; });
}

}}}  // namespace torch::xgrad::kernels
