// Sums in a fixed order that vectors of every width can follow. Internal to this folder.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>
#include <xgrad/autograd/kernels/instruction_set.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Sixteen running sums.
template <class T> struct Lanes {
  static constexpr int64_t kCount = 16;
  static constexpr int64_t kBlock = 4 * kCount;
  T sums[kCount] = {};

  /// Adds value(i) for i in [0, n) to sum i modulo 16.
  template <class Value> void add(int64_t n, Value value) {
    each_lane(n, [&](int64_t lane, auto joined) { sums[lane] += joined(value); });
  }
  /// The same, and other_value(i) to those of `other`, side by side. Neither may read what the other one writes.
  template <class Value, class OtherValue> void add(int64_t n, Value value, Lanes& other, OtherValue other_value) {
    each_lane(n, [&](int64_t lane, auto joined) {
      sums[lane] += joined(value);
      other.sums[lane] += joined(other_value);
    });
  }

  /// Half of them to the other half, and so on: few steps one after the other.
  double total() const {
    double left[kCount];
    for (int64_t lane = 0; lane < kCount; ++lane) left[lane] = static_cast<double>(sums[lane]);
    for (int64_t lane = 0; lane < 8; ++lane) left[lane] += left[lane + 8];
    for (int64_t lane = 0; lane < 4; ++lane) left[lane] += left[lane + 4];
    return (left[0] + left[2]) + (left[1] + left[3]);
  }

 private:
  // visit(lane, joined) for each lane of each block; joined(value) is what a block adds to the lane: four values, or one in what is left. A
  // sum is read and written once for all of them.
  template <class Visit> static void each_lane(int64_t n, Visit visit) {
    int64_t i = 0;
    for (; i + kBlock <= n; i += kBlock) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t lane = 0; lane < kCount; ++lane)
        visit(lane, [&](const auto& value) {
          const int64_t k = i + lane;
          return (value(k) + value(k + kCount)) + (value(k + 2 * kCount) + value(k + 3 * kCount));
        });
    }
    for (; i + kCount <= n; i += kCount) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t lane = 0; lane < kCount; ++lane) visit(lane, [&](const auto& value) { return value(i + lane); });
    }
    for (int64_t lane = 0; i + lane < n; ++lane) visit(lane, [&](const auto& value) { return value(i + lane); });
  }
};

/// Sums of any number of elements: sixteen of a few thousand at a time, which lose no digits yet, in double precision.
template <class T> struct LongSum {
  static constexpr int64_t kMost = 4096;
  Lanes<T> lanes;

  /// After n elements were added to the lanes.
  void note(int64_t n) {
    if ((waiting_ += n) < kMost) return;
    sum_ += lanes.total();
    lanes = {};
    waiting_ = 0;
  }
  double total() const { return sum_ + lanes.total(); }

 private:
  double sum_ = 0;
  int64_t waiting_ = 0;
};

}}}  // namespace torch::xgrad::kernels
