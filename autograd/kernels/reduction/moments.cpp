#include <xgrad/autograd/kernels/reduction/moments.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/kernels/reduction/reduction_driver.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// The mean is mean + rest: with one double alone, a large offset would cost the distance between leaves its digits.
struct Moments {
  double n, mean, rest, squares;
};

template <class T> struct Variance {
  using In = T;
  using Acc = Moments;
  using Out = T;
  double correction;
  bool root;

  Acc identity() const { return {0, 0, 0, 0}; }
  Acc leaf(const In* x, int64_t n) const {
    const auto count = static_cast<double>(n);
    const double mean = fold_sum(n, [x](int64_t i) { return x[i]; }) / count;
    const auto deviation = [x, mean](int64_t i) { return x[i] - mean; };
    const double off = fold_sum(n, deviation), squares = fold_sum(n, [=](int64_t i) { return deviation(i) * deviation(i); });
    return {count, mean, off / count, squares - off * off / count};
  }
  Acc combine(const Acc& a, const Acc& b) const {
    if (a.n == 0) return b;
    if (b.n == 0) return a;
    const double n = a.n + b.n, step = (b.mean - a.mean) + (b.rest - a.rest), shift = a.rest + step * (b.n / n);
    const double mean = a.mean + shift;
    return {n, mean, shift - (mean - a.mean), a.squares + b.squares + step * step * (a.n * b.n / n)};
  }
  Out finish(const Acc& a) const {
    const double variance = a.squares / std::max(a.n - correction, 0.0);
    return static_cast<Out>(root ? std::sqrt(variance) : variance);
  }
};

template <class T> struct SumOfMagnitudes {
  static constexpr bool kRare = true;
  using In = T;
  using Acc = double;
  using Out = T;
  Acc identity() const { return 0; }
  In load(In x) const { return std::abs(x); }
  template <class V> V combine(V a, V b) const { return a + b; }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

// Squares of floats never leave the range of double.
struct EuclideanNorm {
  using In = float;
  using Acc = double;
  using Out = float;
  Acc identity() const { return 0; }
  Acc load(In x) const { return static_cast<double>(x) * static_cast<double>(x); }
  Acc combine(Acc a, Acc b) const { return a + b; }
  Out finish(Acc a) const { return static_cast<Out>(std::sqrt(a)); }
};

template <class T> double sum_of_powers(const T* x, int64_t n, double p) {
  if (p == 2) return fold_sum(n, [x](int64_t i) { return static_cast<double>(x[i]) * static_cast<double>(x[i]); });
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += std::pow(std::abs(static_cast<double>(x[i])), p);
  return sum;
}

// scale^p * sum
struct ScaledSum {
  double scale, sum;
};

template <class T> struct PowerNorm {
  static constexpr bool kRare = true;
  using In = T;
  using Acc = ScaledSum;
  using Out = T;
  double p;

  Acc identity() const { return {1, 0}; }

  // Powers as they are, unless their sum comes near the end of the range; then relative to the element that dominates.
  Acc leaf(const In* x, int64_t n) const {
    const double sum = sum_of_powers(x, n, p);
    if ((sum > 1e-200 && sum < 1e200) || sum != sum) return {1, sum};
    double scale = std::abs(static_cast<double>(x[0]));
    for (int64_t i = 1; i < n; ++i) scale = dominating(scale, std::abs(static_cast<double>(x[i])));
    if (scale == 0 || std::isinf(scale)) return {1, sum};
    double relative = 0;
    for (int64_t i = 0; i < n; ++i) relative += std::pow(std::abs(static_cast<double>(x[i])) / scale, p);
    return {scale, relative};
  }

  Acc combine(const Acc& a, const Acc& b) const {
    if (a.scale == b.scale) return {a.scale, a.sum + b.sum};
    if (b.sum == 0 || a.sum != a.sum) return a;
    if (a.sum == 0 || b.sum != b.sum) return b;
    if (std::isinf(a.sum)) return a;
    if (std::isinf(b.sum)) return b;
    const double scale = dominating(a.scale, b.scale);
    return {scale, a.sum * std::pow(a.scale / scale, p) + b.sum * std::pow(b.scale / scale, p)};
  }

  Out finish(const Acc& a) const { return static_cast<Out>(a.scale * (p == 2 ? std::sqrt(a.sum) : std::pow(a.sum, 1 / p))); }

 private:
  double dominating(double a, double b) const { return p > 0 ? std::max(a, b) : std::min(a, b); }
};

}  // namespace

void reduce_variance(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double correction, bool root) {
  dispatch_floating(in, "var", [&](auto t) { run_reduction(g, x, y, Variance<decltype(t)>{correction, root}); });
}

void reduce_norm(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double p) {
  if (p == 0 || std::isinf(p)) return reduce_limit_norm(g, in, x, y, p);
  dispatch_floating(in, "norm", [&](auto t) {
    using T = decltype(t);
    if (p == 1) run_reduction<SumOfMagnitudes<T>>(g, x, y);
    else if (p == 2 && std::is_same_v<T, float>) run_reduction<EuclideanNorm>(g, x, y);
    else run_reduction(g, x, y, PowerNorm<T>{p});
  });
}

}}}  // namespace torch::xgrad::kernels
