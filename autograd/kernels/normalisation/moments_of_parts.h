// What normalisation needs of the elements that one mean and one variance are taken of, part by part.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <xgrad/autograd/kernels/reduction/fold.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kNormPart = 4096;  ///< elements that are read several times while they are near
constexpr int64_t kNormElementsPerThread = 8000;

/// How many elements, their mean and the sum of their squared deviations from it.
struct PartMoments {
  double n, mean, squares;
  double variance() const { return squares / n; }
};

/// Chan's formula.
inline PartMoments joined(const PartMoments& a, const PartMoments& b) {
  if (a.n == 0) return b;
  const double n = a.n + b.n, step = b.mean - a.mean;
  return {n, is_finite(step) ? a.mean + step * (b.n / n) : a.mean + b.mean, a.squares + b.squares + step * step * (a.n * b.n / n)};
}

/// Deviations are taken from a number near the mean: exact where they are small beside it.
template <class T> PartMoments moments_of_part(const T* x, int64_t n) {
  const auto count = static_cast<double>(n);
  const double near = fold_sum(n, [x](int64_t i) { return x[i]; }) / count;
  if (!is_finite(near)) return {count, near, std::numeric_limits<double>::quiet_NaN()};
  const T pivot = static_cast<T>(near);
  const auto deviation = [x, pivot](int64_t i) { return x[i] - pivot; };
  const double off = fold_sum(n, deviation), squares = fold_sum(n, [=](int64_t i) { return deviation(i) * deviation(i); });
  return {count, static_cast<double>(pivot) + off / count, std::max(squares - off * off / count, 0.0)};
}

/// A mean in two numbers of T, so that a deviation from it has T's precision however large the mean is.
template <class T> struct SplitMean {
  T high, low;
  explicit SplitMean(double mean) : high(static_cast<T>(mean)), low(is_finite(mean) ? static_cast<T>(mean - static_cast<double>(high)) : T(0)) {}
  T deviation(T x) const { return (x - high) - low; }
};

}}}  // namespace torch::xgrad::kernels
