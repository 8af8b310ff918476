#include <xgrad/autograd/kernels/moments.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/reduction_driver.h>

namespace xgrad::kernels {
namespace {

// The mean is mean + rest: with one double alone, a large offset would cost the distance between leaves its digits.
struct Moments {
  double n, mean, rest, squares;
};

template <class T>
struct Variance {
  using In = T;
  using Acc = Moments;
  using Out = T;
  double correction;
  bool root;

  Acc identity() const { return {0, 0, 0, 0}; }
  Acc leaf(const In* x, int n) const {
    double sum = 0, off = 0, squares = 0;
    for (int i = 0; i < n; ++i) sum += x[i];
    const double mean = sum / n;
    for (int i = 0; i < n; ++i) {
      const double d = x[i] - mean;
      off += d;
      squares += d * d;
    }
    return {static_cast<double>(n), mean, off / n, squares - off * off / n};
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

template <class T>
struct LargestMagnitude {
  using In = T;
  using Acc = T;
  using Out = T;
  Acc identity() const { return 0; }
  Acc add(Acc a, In x) const { return std::abs(x) > a || x != x ? std::abs(x) : a; }
  Acc combine(Acc a, Acc b) const { return add(a, b); }
  Acc leaf(const In* x, int n) const { return leaf_of_sums(*this, x, n); }
  Out finish(Acc a) const { return a; }
};

template <class T>
struct SmallestMagnitude {
  using In = T;
  using Acc = T;
  using Out = T;
  Acc identity() const { return std::numeric_limits<T>::infinity(); }
  Acc add(Acc a, In x) const { return std::abs(x) < a || x != x ? std::abs(x) : a; }
  Acc combine(Acc a, Acc b) const { return add(a, b); }
  Acc leaf(const In* x, int n) const { return leaf_of_sums(*this, x, n); }
  Out finish(Acc a) const { return a; }
};

template <class T>
struct CountOfNonzeros {
  using In = T;
  using Acc = double;
  using Out = T;
  Acc identity() const { return 0; }
  Acc add(Acc a, In x) const { return a + (x != T(0) ? 1 : 0); }
  Acc combine(Acc a, Acc b) const { return a + b; }
  Acc leaf(const In* x, int n) const { return leaf_of_sums(*this, x, n); }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

template <class T>
struct SumOfMagnitudes {
  using In = T;
  using Acc = double;
  using Out = T;
  Acc identity() const { return 0; }
  Acc add(Acc a, In x) const { return a + std::abs(static_cast<double>(x)); }
  Acc combine(Acc a, Acc b) const { return a + b; }
  Acc leaf(const In* x, int n) const { return leaf_of_sums(*this, x, n); }
  Out finish(Acc a) const { return static_cast<Out>(a); }
};

template <class T>
struct Powers {
  using In = T;
  using Acc = double;
  double p;
  Acc identity() const { return 0; }
  Acc add(Acc a, In x) const {
    const double m = std::abs(static_cast<double>(x));
    return a + (p == 2 ? m * m : std::pow(m, p));
  }
  Acc combine(Acc a, Acc b) const { return a + b; }
};

// scale^p * sum
struct ScaledSum {
  double scale, sum;
};

template <class T>
struct PowerNorm {
  using In = T;
  using Acc = ScaledSum;
  using Out = T;
  double p;

  Acc identity() const { return {1, 0}; }

  // Powers as they are, unless their sum comes near the end of the range; then relative to the element that dominates.
  Acc leaf(const In* x, int n) const {
    const double sum = leaf_of_sums(Powers<T>{p}, x, n);
    if ((sum > 1e-200 && sum < 1e200) || sum != sum) return {1, sum};
    double scale = std::abs(static_cast<double>(x[0]));
    for (int i = 1; i < n; ++i) scale = dominating(scale, std::abs(static_cast<double>(x[i])));
    if (scale == 0 || std::isinf(scale)) return {1, sum};
    double relative = 0;
    for (int i = 0; i < n; ++i) relative += std::pow(std::abs(static_cast<double>(x[i])) / scale, p);
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
  dispatch_floating(in, "norm", [&](auto t) {
    using T = decltype(t);
    if (p == std::numeric_limits<double>::infinity()) run_reduction<LargestMagnitude<T>>(g, x, y);
    else if (p == -std::numeric_limits<double>::infinity()) run_reduction<SmallestMagnitude<T>>(g, x, y);
    else if (p == 0) run_reduction<CountOfNonzeros<T>>(g, x, y);
    else if (p == 1) run_reduction<SumOfMagnitudes<T>>(g, x, y);
    else run_reduction(g, x, y, PowerNorm<T>{p});
  });
}

}  // namespace xgrad::kernels
