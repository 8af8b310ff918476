// One number in many places.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> void fill(T* out, int64_t n, T value) { std::fill_n(out, n, value); }

/// One in `step` places.
template <class T> void fill_every(T* out, int64_t n, int64_t step, T value) {
  for (int64_t i = 0; i < n; ++i) out[i * step] = value;
}

/// The number that lies at `value`.
template <class T> void fill_from(T* out, int64_t n, const T* value) { std::fill_n(out, n, *value); }

}}}  // namespace torch::xgrad::kernels
