// Sums in a fixed order that vectors of every width can follow. Internal to this folder.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Sixteen running sums.
template <class T> struct Lanes {
  static constexpr int64_t kCount = 16;
  T sums[kCount] = {};

  /// Adds value(i) for i in [0, n) to sum i modulo 16.
  template <class Value> void add(int64_t n, Value value) {
    int64_t i = 0;
    for (; i + kCount <= n; i += kCount)
      for (int64_t lane = 0; lane < kCount; ++lane) sums[lane] += value(i + lane);
    for (int64_t lane = 0; i + lane < n; ++lane) sums[lane] += value(i + lane);
  }

  double total() const {
    double sum = 0;
    for (const T s : sums) sum += static_cast<double>(s);
    return sum;
  }
};

}}}  // namespace torch::xgrad::kernels
