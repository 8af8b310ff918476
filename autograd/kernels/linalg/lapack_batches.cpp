#include <xgrad/autograd/kernels/linalg/lapack_batches.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include <xgrad/autograd/kernels/linalg/lapack.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/blas.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Calls f(i) for each matrix; the sizes multiply to about the multiplications that one takes.
template <class F> void for_each_matrix(int64_t count, double factor, std::initializer_list<int64_t> sizes, F f) {
  double multiplications = factor;
  for (int64_t n : sizes) multiplications *= static_cast<double>(n);
  const auto grain = static_cast<int64_t>(kParallelNanoseconds / (multiplications / 4 + 1000)) + 1;
  parallel_for(count, grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) f(i);
  });
}

// What LU says of each matrix: f(i, the product of the pivots with the sign of their order, its sign, log of its absolute value).
template <class T, class F> void for_each_determinant(int64_t count, int64_t n, T* matrices, F f) {
  for_each_matrix(count, 1, {n, n, n}, [=](int64_t i) {
    T* a = matrices + i * n * n;
    std::vector<int> pivots(static_cast<size_t>(n));
    lu_factor(n, a, pivots.data());
    T product = 1, sign = 1, log = 0;
    for (int64_t k = 0; k < n; ++k) {
      const T u = a[k * n + k], exchange = pivots[static_cast<size_t>(k)] == k + 1 ? T(1) : T(-1);
      product *= u * exchange;
      sign *= exchange * static_cast<T>((u > 0) - (u < 0));
      log += std::log(std::abs(u));
    }
    f(i, product, sign, log);
  });
}

}  // namespace

template <class T> void solve_each(int64_t count, int64_t n, int64_t columns, T* a, T* b, int* info) {
  for_each_matrix(count, 1, {n, n, n + columns}, [=](int64_t i) {
    std::vector<int> pivots(static_cast<size_t>(n));
    info[i] = lu_factor(n, a + i * n * n, pivots.data());
    lu_solve(n, columns, a + i * n * n, pivots.data(), b + i * n * columns);
  });
}

template <class T> void determinant_of_each(int64_t count, int64_t n, T* a, T* determinants) {
  for_each_determinant(count, n, a, [=](int64_t i, T product, T, T) { determinants[i] = product; });
}

template <class T> void log_determinant_of_each(int64_t count, int64_t n, T* a, T* signs, T* logs) {
  for_each_determinant(count, n, a, [=](int64_t i, T, T sign, T log) { signs[i] = sign, logs[i] = log; });
}

template <class T> void cholesky_factor_each(int64_t count, int64_t n, T* a, int* info) {
  for_each_matrix(count, 1.0 / 3, {n, n, n}, [=](int64_t i) { info[i] = cholesky_factor(n, a + i * n * n); });
}

template <class T> void qr_factor_each(int64_t count, int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q) {
  for_each_matrix(count, 3, {rows, columns, std::min(rows, columns)},
                  [=](int64_t i) { qr_factor(rows, columns, q_columns, a + i * rows * columns, q ? q + i * rows * q_columns : nullptr); });
}

template <class T> void singular_values_of_each(int64_t count, int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh, int* info) {
  const int64_t k = std::min(rows, columns), u_columns = full ? rows : k, vh_rows = full ? columns : k;
  for_each_matrix(count, 10, {rows, columns, k}, [=](int64_t i) {
    info[i] = singular_values(rows, columns, full, a + i * rows * columns, s + i * k, u + i * rows * u_columns, vh + i * vh_rows * columns);
  });
}

template <class T> void solve_triangular_each(int64_t count, bool left, bool upper, bool unit, int64_t rows, int64_t columns, const T* a, T* b) {
  const int64_t n = left ? rows : columns;
  for_each_matrix(count, 1, {n, rows, columns},
                  [=](int64_t i) { blas::solve_triangular(left, upper, unit, rows, columns, a + i * n * n, b + i * rows * columns); });
}

#define XGRAD_INSTANTIATE(T)                                                                    \
  template void solve_each(int64_t, int64_t, int64_t, T*, T*, int*);                            \
  template void determinant_of_each(int64_t, int64_t, T*, T*);                                  \
  template void log_determinant_of_each(int64_t, int64_t, T*, T*, T*);                          \
  template void cholesky_factor_each(int64_t, int64_t, T*, int*);                               \
  template void qr_factor_each(int64_t, int64_t, int64_t, int64_t, T*, T*);                     \
  template void singular_values_of_each(int64_t, int64_t, int64_t, bool, T*, T*, T*, T*, int*); \
  template void solve_triangular_each(int64_t, bool, bool, bool, int64_t, int64_t, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
