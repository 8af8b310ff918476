// The elements of a row joined to one value, over 16 lanes in a fixed order.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

constexpr int kLanes = 16;
constexpr int kRowsAtOnce = 8;

/// r.combine over r.at(0), r.at(1) ... r.at(n - 1) and r.identity(). Lane l takes the elements i with i % 16 == l, eight of
/// them as a balanced tree while there are; the lanes are joined pairwise at the end. The order follows from n alone,
/// whatever the registers.
template <class R>
auto fold(const R& r, int64_t n) {
  using Acc = decltype(r.identity());
  Acc lanes[kLanes];
  for (Acc& lane : lanes) lane = r.identity();
  int64_t i = 0;
  for (; i + kLanes * kRowsAtOnce <= n; i += kLanes * kRowsAtOnce)
    for (int l = 0; l < kLanes; ++l) {
      const auto two = [&](int row) { return r.combine(r.at(i + row * kLanes + l), r.at(i + (row + 1) * kLanes + l)); };
      lanes[l] = r.combine(lanes[l], r.combine(r.combine(two(0), two(2)), r.combine(two(4), two(6))));
    }
  for (; i + kLanes <= n; i += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] = r.combine(lanes[l], r.at(i + l));
  for (int l = 0; i + l < n; ++l) lanes[l] = r.combine(lanes[l], r.at(i + l));
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int l = 0; l < half; ++l) lanes[l] = r.combine(lanes[l], lanes[l + half]);
  return lanes[0];
}

/// at(i) as the double sum of f(i).
template <class F>
struct SumOf {
  F f;
  double identity() const { return 0; }
  double at(int64_t i) const { return static_cast<double>(f(i)); }
  double combine(double a, double b) const { return a + b; }
};
template <class F>
double fold_sum(int64_t n, F f) { return fold(SumOf<F>{f}, n); }

/// The larger of two, NaN if one is.
template <class T>
T larger(T a, T b) {
  const T c = b > a ? b : a;
  return b != b ? b : c;
}

}  // namespace xgrad::kernels
