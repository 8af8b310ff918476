#include <xgrad/autograd/kernels/linalg/lapack_batches.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include <xgrad/autograd/kernels/linalg/exponential.h>
#include <xgrad/autograd/kernels/linalg/lapack.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/blas.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Calls f(i) for each matrix; the sizes multiply to about the multiplications that one takes.
template <class F> void for_each_matrix(int64_t count, double factor, std::initializer_list<int64_t> sizes, F f) {
  double multiplications = factor;
  for (int64_t n : sizes) multiplications *= static_cast<double>(n);
  const auto grain = static_cast<int64_t>(least_shared_nanoseconds() / (multiplications / 4 + 1000)) + 1;
  parallel_for(count, grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) f(i);
  });
}

// What LU says of each matrix: f(i, the product of the pivots with the sign of their order, its sign, log of its absolute value).
template <class T, class F> void for_each_determinant(int64_t count, int64_t n, T* matrices, F f) {
  for_each_matrix(count, 1, {n, n, n}, [=](int64_t i) {
    T* a = matrices + i * n * n;
    std::vector<int> pivots(static_cast<size_t>(n));
    lu_factor(n, n, a, pivots.data());
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
    info[i] = lu_factor(n, n, a + i * n * n, pivots.data());
    lu_solve(n, columns, false, a + i * n * n, pivots.data(), b + i * n * columns);
  });
}

template <class T> void lu_factor_each(int64_t count, int64_t rows, int64_t columns, T* a, int* pivots, int* info) {
  const int64_t k = std::min(rows, columns);
  for_each_matrix(count, 1, {rows, columns, k}, [=](int64_t i) { info[i] = lu_factor(rows, columns, a + i * rows * columns, pivots + i * k); });
}

template <class T> void lu_solve_each(int64_t count, int64_t n, int64_t columns, bool transposed, const T* factors, const int* pivots, T* b) {
  for_each_matrix(count, 1, {n, n, columns},
                  [=](int64_t i) { lu_solve(n, columns, transposed, factors + i * n * n, pivots + i * n, b + i * n * columns); });
}

template <class T> void permutation_matrix_of_each(int64_t count, int64_t rows, int64_t pivots_each, const int* pivots, T* p) {
  for_each_matrix(count, 1, {rows, rows}, [=](int64_t i) { permutation_matrix(rows, pivots_each, pivots + i * pivots_each, p + i * rows * rows); });
}

template <class T> void ldl_factor_each(int64_t count, int64_t n, T* a, int* pivots, int* info) {
  for_each_matrix(count, 1.0 / 3, {n, n, n}, [=](int64_t i) { info[i] = ldl_factor(n, a + i * n * n, pivots + i * n); });
}

template <class T> void ldl_solve_each(int64_t count, int64_t n, int64_t columns, const T* factors, const int* pivots, T* b) {
  for_each_matrix(count, 1, {n, n, columns}, [=](int64_t i) { ldl_solve(n, columns, factors + i * n * n, pivots + i * n, b + i * n * columns); });
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

template <class T> void cholesky_inverse_each(int64_t count, int64_t n, T* a, int* info) {
  for_each_matrix(count, 2.0 / 3, {n, n, n}, [=](int64_t i) { info[i] = cholesky_inverse(n, a + i * n * n); });
}

template <class T> void qr_factor_each(int64_t count, int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q) {
  for_each_matrix(count, 3, {rows, columns, std::min(rows, columns)},
                  [=](int64_t i) { qr_factor(rows, columns, q_columns, a + i * rows * columns, q ? q + i * rows * q_columns : nullptr); });
}

template <class T> void qr_reflections_each(int64_t count, int64_t rows, int64_t columns, T* a, T* tau) {
  const int64_t k = std::min(rows, columns);
  for_each_matrix(count, 2, {rows, columns, k}, [=](int64_t i) { qr_reflections(rows, columns, a + i * rows * columns, tau + i * k); });
}

template <class T> void multiply_reflections_each(int64_t count, int64_t rows, int64_t columns, int64_t reflections, T* a, const T* tau) {
  for_each_matrix(count, 2, {rows, columns, reflections},
                  [=](int64_t i) { multiply_reflections(rows, columns, reflections, a + i * rows * columns, tau + i * reflections); });
}

template <class T>
void apply_reflections_each(int64_t count, bool left, bool transposed, int64_t rows, int64_t columns, int64_t a_columns, int64_t reflections, T* a,
                            const T* tau, T* c) {
  const int64_t size = (left ? rows : columns) * a_columns;
  for_each_matrix(count, 2, {rows, columns, reflections}, [=](int64_t i) {
    apply_reflections(left, transposed, rows, columns, reflections, a + i * size, tau + i * reflections, c + i * rows * columns);
  });
}

template <class T> void symmetric_eigenvalues_of_each(int64_t count, int64_t n, bool lower, T* a, T* values, int* info) {
  for_each_matrix(count, 9, {n, n, n}, [=](int64_t i) { info[i] = symmetric_eigenvalues(n, lower, a + i * n * n, values + i * n); });
}

template <class T> void eigenvalues_of_each(int64_t count, int64_t n, T* a, T* values, T* vectors, int* info) {
  for_each_matrix(count, 25, {n, n, n}, [=](int64_t i) {
    std::vector<T> imaginary(static_cast<size_t>(n));
    info[i] = eigenvalues(n, a + i * n * n, values + i * n, imaginary.data(), vectors + i * n * n);
    if (info[i] == 0 && std::any_of(imaginary.begin(), imaginary.end(), [](T x) { return x != 0; })) info[i] = -2;
  });
}

template <class T>
void least_squares_each(int64_t count, LeastSquares driver, int64_t rows, int64_t columns, int64_t right_sides, T* a, T* b, T rcond, int64_t* ranks,
                        T* singular_values, int* info) {
  const int64_t b_rows = std::max(rows, columns), k = std::min(rows, columns);
  for_each_matrix(count, 4, {rows, columns, k + right_sides}, [=](int64_t i) {
    info[i] = least_squares(driver, rows, columns, right_sides, a + i * rows * columns, b + i * b_rows * right_sides, rcond, ranks + i,
                            singular_values ? singular_values + i * k : nullptr);
  });
}

template <class T> void exponential_of_each(int64_t count, int64_t n, const T* a, T* y) {
  for_each_matrix(count, 20, {n, n, n}, [=](int64_t i) { exponential(n, a + i * n * n, y + i * n * n); });
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

#define XGRAD_INSTANTIATE(T)                                                                                         \
  template void solve_each(int64_t, int64_t, int64_t, T*, T*, int*);                                                 \
  template void lu_factor_each(int64_t, int64_t, int64_t, T*, int*, int*);                                           \
  template void lu_solve_each(int64_t, int64_t, int64_t, bool, const T*, const int*, T*);                            \
  template void permutation_matrix_of_each(int64_t, int64_t, int64_t, const int*, T*);                               \
  template void ldl_factor_each(int64_t, int64_t, T*, int*, int*);                                                   \
  template void ldl_solve_each(int64_t, int64_t, int64_t, const T*, const int*, T*);                                 \
  template void determinant_of_each(int64_t, int64_t, T*, T*);                                                       \
  template void log_determinant_of_each(int64_t, int64_t, T*, T*, T*);                                               \
  template void cholesky_factor_each(int64_t, int64_t, T*, int*);                                                    \
  template void cholesky_inverse_each(int64_t, int64_t, T*, int*);                                                   \
  template void qr_factor_each(int64_t, int64_t, int64_t, int64_t, T*, T*);                                          \
  template void qr_reflections_each(int64_t, int64_t, int64_t, T*, T*);                                              \
  template void multiply_reflections_each(int64_t, int64_t, int64_t, int64_t, T*, const T*);                         \
  template void apply_reflections_each(int64_t, bool, bool, int64_t, int64_t, int64_t, int64_t, T*, const T*, T*);   \
  template void symmetric_eigenvalues_of_each(int64_t, int64_t, bool, T*, T*, int*);                                 \
  template void eigenvalues_of_each(int64_t, int64_t, T*, T*, T*, int*);                                             \
  template void least_squares_each(int64_t, LeastSquares, int64_t, int64_t, int64_t, T*, T*, T, int64_t*, T*, int*); \
  template void exponential_of_each(int64_t, int64_t, const T*, T*);                                                 \
  template void singular_values_of_each(int64_t, int64_t, int64_t, bool, T*, T*, T*, T*, int*);                      \
  template void solve_triangular_each(int64_t, bool, bool, bool, int64_t, int64_t, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
