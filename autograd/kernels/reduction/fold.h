// The elements of a row joined to one value, over 16 lanes in a fixed order.
#pragma once

#include <cstdint>
#include <limits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int kLanes = 16;
constexpr int kRowsAtOnce = 8;

/// load(0) to load(7) joined as a balanced tree, or by r.eight(load) where r has a quicker way.
template <class R, class Load> auto joined_rows(const R& r, Load load) {
  if constexpr (requires { r.eight(load); }) return r.eight(load);
  const auto two = [&](int row) { return r.combine(load(row), load(row + 1)); };
  return r.combine(r.combine(two(0), two(2)), r.combine(two(4), two(6)));
}

/// r.combine over r.at(0), r.at(1) ... r.at(n - 1) and r.identity(). Lane l takes the elements i with i % 16 == l, eight of
/// them as a balanced tree while there are; the lanes are joined pairwise at the end. The order follows from n alone,
/// whatever the registers. Elements of a narrower type than the identity's are joined by eights in their own.
template <class R> auto fold(const R& r, int64_t n) {
  using Acc = decltype(r.identity());
  Acc lanes[kLanes];
  for (Acc& lane : lanes) lane = r.identity();
  int64_t i = 0;
  for (; i + kLanes * kRowsAtOnce <= n; i += kLanes * kRowsAtOnce)
    for (int l = 0; l < kLanes; ++l)
      lanes[l] = r.combine(lanes[l], static_cast<Acc>(joined_rows(r, [&](int row) { return r.at(i + row * kLanes + l); })));
  for (; i + kLanes <= n; i += kLanes)
    for (int l = 0; l < kLanes; ++l) lanes[l] = r.combine(lanes[l], static_cast<Acc>(r.at(i + l)));
  if (const int rest = static_cast<int>(n - i); rest > 0)
    for (int l = 0; l < kLanes; ++l) lanes[l] = r.combine(lanes[l], l < rest ? static_cast<Acc>(r.at(i + l)) : r.identity());
  for (int l = 0; l < 8; ++l) lanes[l] = r.combine(lanes[l], lanes[l + 8]);
  for (int l = 0; l < 4; ++l) lanes[l] = r.combine(lanes[l], lanes[l + 4]);
  return r.combine(r.combine(lanes[0], lanes[2]), r.combine(lanes[1], lanes[3]));
}

inline bool is_finite(double x) { return x - x == 0; }

/// The same with double accumulators. Where eight elements leave the range of their type, or one is infinite or NaN, every
/// element is added in double.
template <class R> double fold_widening(const R& r, int64_t n) {
  double sum = fold(r, n);
  if (is_finite(sum)) return sum;
  sum = r.identity();
  for (int64_t i = 0; i < n; ++i) sum = r.combine(sum, static_cast<double>(r.at(i)));
  return sum;
}

/// The double sum of f(i); eight floats are added in float first.
template <class F> struct SumOf {
  F f;
  double identity() const { return 0; }
  auto at(int64_t i) const { return f(i); }
  template <class T> T combine(T a, T b) const { return a + b; }
};
template <class F> double fold_sum(int64_t n, F f) { return fold_widening(SumOf<F>{f}, n); }

/// The larger (or smaller) of two, NaN if one is: a NaN in a stays, since nothing compares with it.
template <bool kLargest, class T> T extreme_of_two(T a, T b) {
  const T c = (kLargest ? b > a : b < a) ? b : a;
  return b != b ? b : c;
}
template <class T> T larger(T a, T b) { return extreme_of_two<true>(a, b); }

/// The largest (or smallest) of load(0) to load(7), NaN if one is. Looks for NaN in two elements at once.
template <bool kLargest, class Load> auto extreme_of_eight(Load load) {
  using T = decltype(load(0));
  const auto better = [](T a, T b) { return (kLargest ? b > a : b < a) ? b : a; };
  const auto two = [&](int i) { return better(load(i), load(i + 1)); };
  const auto unordered = [&](int i) { return __builtin_isunordered(load(i), load(i + 1)); };
  const T best = better(better(two(0), two(2)), better(two(4), two(6)));
  return unordered(0) | unordered(2) | unordered(4) | unordered(6) ? std::numeric_limits<T>::quiet_NaN() : best;
}

}}}  // namespace torch::xgrad::kernels
