#include <algorithm>
#include <climits>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/blas.h>
#include <xgrad/autograd/kernels/product/gemm.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// What products are summed in: for integers unsigned, which wraps around.
template <class T> using Sum = std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;

template <class T> Sum<T> dot_leaf(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride) {
  const auto blas_stride = [](int64_t stride) { return stride >= 1 && stride <= INT_MAX; };
  if constexpr (std::is_floating_point_v<T>)
    if (blas_stride(x_stride) && blas_stride(y_stride)) return blas::dot(n, x, x_stride, y, y_stride);
  Sum<T> sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<Sum<T>>(x[i * x_stride]) * static_cast<Sum<T>>(y[i * y_stride]);
  return sum;
}

}  // namespace

template <class T> void dot(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride, T* sum) {
  constexpr int64_t leaf = 32768;
  if (n <= leaf) {
    *sum = static_cast<T>(dot_leaf(n, x, x_stride, y, y_stride));
    return;
  }
  std::vector<Sum<T>> sums(static_cast<size_t>((n + leaf - 1) / leaf));
  parallel_for(static_cast<int64_t>(sums.size()), 8, [&](int64_t first, int64_t last) {
    for (int64_t l = first; l < last; ++l) {
      const int64_t start = l * leaf;
      sums[static_cast<size_t>(l)] = dot_leaf(std::min(leaf, n - start), x + start * x_stride, x_stride, y + start * y_stride, y_stride);
    }
  });
  Sum<T> total = 0;
  for (Sum<T> s : sums) total += s;
  *sum = static_cast<T>(total);
}

#define XGRAD_INSTANTIATE(T) template void dot(int64_t, const T*, int64_t, const T*, int64_t, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(int64_t)
XGRAD_INSTANTIATE(int32_t)
XGRAD_INSTANTIATE(uint8_t)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
