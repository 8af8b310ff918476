// LU, LDL^T, reflections, eigenvalues and least squares: what lapack.h has beyond xtensor's own wrappers.
#include <xgrad/autograd/kernels/linalg/lapack.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <xgrad/autograd/kernels/linalg/xtensor_lapack.h>
#include <xgrad/autograd/kernels/product/blas.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

int as_int(int64_t n) { return static_cast<int>(n); }
int leading_dimension(int64_t rows) { return static_cast<int>(std::max<int64_t>(rows, 1)); }

template <class T> bool is_finite(int64_t n, const T* values) {
  return std::all_of(values, values + n, [](T x) { return std::isfinite(x); });
}

// Calls run(work, size), first for the size that LAPACK wants: what the call reports is then in the first element.
template <class T, class F> int with_workspace(F run) {
  T size = 0;
  run(&size, -1);
  std::vector<T> work(static_cast<size_t>(std::max<T>(size, 1)));
  return run(work.data(), as_int(static_cast<int64_t>(work.size())));
}

// The wrapper of gelss has no way to return the rank.
int gelss(int m, int n, int k, float* a, float* b, int ldb, float* s, float rcond, int& rank, float* work, int size) {
  int info = 0;
  cxxlapack::sgelss_(&m, &n, &k, a, &m, b, &ldb, s, &rcond, &rank, work, &size, &info);
  return info;
}
int gelss(int m, int n, int k, double* a, double* b, int ldb, double* s, double rcond, int& rank, double* work, int size) {
  int info = 0;
  cxxlapack::dgelss_(&m, &n, &k, a, &m, b, &ldb, s, &rcond, &rank, work, &size, &info);
  return info;
}

}  // namespace

template <class T> int lu_factor(int64_t rows, int64_t columns, T* a, int* pivots) {
  if (rows == 0 || columns == 0) return 0;
  blas::keep_single_threaded();
  return cxxlapack::getrf<int>(as_int(rows), as_int(columns), a, as_int(rows), pivots);
}

template <class T> void lu_solve(int64_t n, int64_t columns, bool transposed, const T* factors, const int* pivots, T* b) {
  if (n == 0 || columns == 0) return;
  blas::keep_single_threaded();
  cxxlapack::getrs<int>(transposed ? 'T' : 'N', as_int(n), as_int(columns), factors, as_int(n), pivots, b, as_int(n));
}

template <class T> void permutation_matrix(int64_t rows, int64_t count, const int* pivots, T* p) {
  std::vector<int64_t> order(static_cast<size_t>(rows));
  std::iota(order.begin(), order.end(), 0);
  for (int64_t i = 0; i < count; ++i) std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(pivots[i] - 1)]);
  std::fill(p, p + rows * rows, T(0));
  for (int64_t i = 0; i < rows; ++i) p[order[static_cast<size_t>(i)] * rows + i] = 1;
}

template <class T> int ldl_factor(int64_t n, T* a, int* pivots) {
  if (n == 0) return 0;
  blas::keep_single_threaded();
  const int info = with_workspace<T>([&](T* work, int size) { return cxxlapack::sytrf<int>('L', as_int(n), a, as_int(n), pivots, work, size); });
  for (int64_t j = 1; j < n; ++j) std::fill(a + j * n, a + j * n + j, T(0));
  return info;
}

template <class T> void ldl_solve(int64_t n, int64_t columns, const T* factors, const int* pivots, T* b) {
  if (n == 0 || columns == 0) return;
  blas::keep_single_threaded();
  cxxlapack::sytrs<int>('L', as_int(n), as_int(columns), factors, as_int(n), pivots, b, as_int(n));
}

template <class T> int cholesky_inverse(int64_t n, T* a) {
  if (n == 0) return 0;
  blas::keep_single_threaded();
  const int info = cxxlapack::potri<int>('L', as_int(n), a, as_int(n));
  for (int64_t j = 1; j < n; ++j)
    for (int64_t i = 0; i < j; ++i) a[j * n + i] = a[i * n + j];
  return info;
}

template <class T> void qr_reflections(int64_t rows, int64_t columns, T* a, T* tau) {
  if (rows == 0 || columns == 0) return;
  blas::keep_single_threaded();
  with_workspace<T>([&](T* work, int size) { return cxxlapack::geqrf<int>(as_int(rows), as_int(columns), a, as_int(rows), tau, work, size); });
}

template <class T> void multiply_reflections(int64_t rows, int64_t columns, int64_t count, T* a, const T* tau) {
  if (rows == 0 || columns == 0) return;
  blas::keep_single_threaded();
  with_workspace<T>(
      [&](T* work, int size) { return cxxlapack::orgqr<int>(as_int(rows), as_int(columns), as_int(count), a, as_int(rows), tau, work, size); });
}

template <class T> void apply_reflections(bool left, bool transposed, int64_t rows, int64_t columns, int64_t count, T* a, const T* tau, T* c) {
  if (rows == 0 || columns == 0 || count == 0) return;
  blas::keep_single_threaded();
  with_workspace<T>([&](T* work, int size) {
    return cxxlapack::ormqr<int>(left ? 'L' : 'R', transposed ? 'T' : 'N', as_int(rows), as_int(columns), as_int(count), a,
                                 as_int(left ? rows : columns), tau, c, as_int(rows), work, size);
  });
}

// OpenBLAS's symv for processors without AVX multiplies by 0 what its last call left behind the matrix's end, which may be a NaN and then
// spoils eigenvalues of a clean matrix. A product of zeros, a little larger, leaves zeros there. It also reads a few elements behind its vectors.
template <class T> void clear_behind(int64_t n) {
  constexpr int64_t kReadBehind = 8;
  const int64_t m = (n + 8) / 8 * 8;
  const std::vector<T> zeros(static_cast<size_t>(m * m + m + kReadBehind), 0);
  std::vector<T> y(static_cast<size_t>(m + kReadBehind), 0);
  cxxblas::symv<int>(cxxblas::ColMajor, cxxblas::Lower, as_int(m), T(1), zeros.data(), as_int(m), zeros.data() + m * m, 1, T(0), y.data(), 1);
}

template <class T> int symmetric_eigenvalues(int64_t n, bool lower, T* a, T* values) {
  if (n == 0) return 0;
  for (int64_t j = 0; j < n; ++j) {
    const bool finite = lower ? is_finite(n - j, a + j * n + j) : is_finite(j + 1, a + j * n);
    if (finite) continue;
    std::fill(a, a + n * n, std::numeric_limits<T>::quiet_NaN());
    std::fill(values, values + n, std::numeric_limits<T>::quiet_NaN());
    return 0;
  }
  blas::keep_single_threaded();
  clear_behind<T>(n);
  int integers_wanted = 0;
  T size = 0;
  const auto run = [&](T* work, int work_size, int* integers, int integers_size) {
    return cxxlapack::syevd<int>('V', lower ? 'L' : 'U', as_int(n), a, as_int(n), values, work, work_size, integers, integers_size);
  };
  run(&size, -1, &integers_wanted, -1);
  std::vector<T> work(static_cast<size_t>(size));
  std::vector<int> integers(static_cast<size_t>(integers_wanted));
  return run(work.data(), as_int(static_cast<int64_t>(work.size())), integers.data(), integers_wanted);
}

template <class T> int eigenvalues(int64_t n, T* a, T* real, T* imaginary, T* vectors) {
  if (n == 0) return 0;
  if (!is_finite(n * n, a)) return -1;
  blas::keep_single_threaded();
  T none = 0;
  return with_workspace<T>([&](T* work, int size) {
    return cxxlapack::geev<int>('N', 'V', as_int(n), a, as_int(n), real, imaginary, &none, 1, vectors, as_int(n), work, size);
  });
}

template <class T>
int least_squares(LeastSquares driver, int64_t rows, int64_t columns, int64_t right_sides, T* a, T* b, T rcond, int64_t* rank, T* singular_values) {
  const int m = as_int(rows), n = as_int(columns), k = as_int(right_sides), ldb = leading_dimension(std::max(rows, columns));
  *rank = 0;
  if (rows == 0 || columns == 0) return 0;
  blas::keep_single_threaded();
  int found = std::min(m, n), integers_wanted = 0, info = 0;
  std::vector<int> integers(static_cast<size_t>(n));  // 0: no column of gelsy's is fixed
  const auto run = [&](T* work, int size) {
    if (driver == LeastSquares::kGels) info = cxxlapack::gels<int>('N', m, n, k, a, m, b, ldb, work, size);
    else if (driver == LeastSquares::kGelsy) cxxlapack::gelsy<int>(m, n, k, a, m, b, ldb, integers.data(), rcond, found, work, size);
    else if (driver == LeastSquares::kGelss) info = gelss(m, n, k, a, b, ldb, singular_values, rcond, found, work, size);
    else if (size < 0) cxxlapack::gelsd<int>(m, n, k, a, m, b, ldb, singular_values, rcond, found, work, size, &integers_wanted);
    else {
      integers.resize(static_cast<size_t>(integers_wanted));
      info = cxxlapack::gelsd<int>(m, n, k, a, m, b, ldb, singular_values, rcond, found, work, size, integers.data());
    }
    return info;
  };
  with_workspace<T>(run);
  *rank = found;
  return info;
}

#define XGRAD_INSTANTIATE(T)                                                                \
  template int lu_factor(int64_t, int64_t, T*, int*);                                       \
  template void lu_solve(int64_t, int64_t, bool, const T*, const int*, T*);                 \
  template void permutation_matrix(int64_t, int64_t, const int*, T*);                       \
  template int ldl_factor(int64_t, T*, int*);                                               \
  template void ldl_solve(int64_t, int64_t, const T*, const int*, T*);                      \
  template int cholesky_inverse(int64_t, T*);                                               \
  template void qr_reflections(int64_t, int64_t, T*, T*);                                   \
  template void multiply_reflections(int64_t, int64_t, int64_t, T*, const T*);              \
  template void apply_reflections(bool, bool, int64_t, int64_t, int64_t, T*, const T*, T*); \
  template int symmetric_eigenvalues(int64_t, bool, T*, T*);                                \
  template int eigenvalues(int64_t, T*, T*, T*, T*);                                        \
  template int least_squares(LeastSquares, int64_t, int64_t, int64_t, T*, T*, T, int64_t*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
