#include <xgrad/autograd/kernels/reduction/pair_distances.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 20000;

struct Count {
  double add(double sum, double d) const { return std::isnan(d) ? d : sum + (d != 0); }
  double end(double sum) const { return sum; }
};
struct Sum {
  double add(double sum, double d) const { return sum + d; }
  double end(double sum) const { return sum; }
};
struct RootOfSquares {
  double add(double sum, double d) const { return sum + d * d; }
  double end(double sum) const { return std::sqrt(sum); }
};
struct Largest {
  double add(double largest, double d) const { return d > largest || d != d ? d : largest; }
  double end(double largest) const { return largest; }
};
struct RootOfPowers {
  double p;
  double add(double sum, double d) const { return sum + std::pow(d, p); }
  double end(double sum) const { return std::pow(sum, 1 / p); }
};

template <class T, class Norm> T distance(const Norm& norm, const T* a, const T* b, int64_t width) {
  double sum = 0;
  for (int64_t k = 0; k < width; ++k) sum = norm.add(sum, std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k])));
  return static_cast<T>(norm.end(sum));
}

template <class F> void with_norm(double p, F f) {
  if (p == 0) return f(Count());
  if (p == 1) return f(Sum());
  if (p == 2) return f(RootOfSquares());
  if (std::isinf(p)) return f(Largest());
  f(RootOfPowers{p});
}

}  // namespace

void cross_distances(ScalarType dtype, int64_t batches, int64_t n, int64_t m, int64_t width, double p, const void* x1, const void* x2, void* y) {
  dispatch_floating(dtype, "cdist", [&](auto t) {
    using T = decltype(t);
    const T *const first = static_cast<const T*>(x1), *const second = static_cast<const T*>(x2);
    T* const out = static_cast<T*>(y);
    with_norm(p, [=](auto norm) {
      parallel_for(batches * n, std::max<int64_t>(kElementsPerThread / std::max<int64_t>(m * width, 1), 1), [=](int64_t begin, int64_t end) {
        for (int64_t row = begin; row < end; ++row)
          for (int64_t j = 0; j < m; ++j) out[row * m + j] = distance(norm, first + row * width, second + (row / n * m + j) * width, width);
      });
    });
  });
}

void own_distances(ScalarType dtype, int64_t n, int64_t width, double p, const void* x, void* y) {
  dispatch_floating(dtype, "pdist", [&](auto t) {
    using T = decltype(t);
    const T* const rows = static_cast<const T*>(x);
    T* const out = static_cast<T*>(y);
    with_norm(p, [=](auto norm) {
      parallel_for(n, std::max<int64_t>(kElementsPerThread / std::max<int64_t>(n * width / 2, 1), 1), [=](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          T* const to = out + i * (2 * n - i - 1) / 2 - i - 1;
          for (int64_t j = i + 1; j < n; ++j) to[j] = distance(norm, rows + i * width, rows + j * width, width);
        }
      });
    });
  });
}

}}}  // namespace torch::xgrad::kernels
