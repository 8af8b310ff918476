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

template <class T> auto matrix(T* data, int64_t rows, int64_t columns) {
  const std::array<std::size_t, 2> shape{static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
  return xt::adapt<xt::layout_type::column_major>(data, shape[0] * shape[1], xt::no_ownership(), shape);
}

template <class T> auto vector(T* data, int64_t n) {
  const std::array<std::size_t, 1> shape{static_cast<std::size_t>(n)};
  return xt::adapt(data, shape[0], xt::no_ownership(), shape);
}

template <class T> void zero_below_diagonal(int64_t rows, int64_t columns, T* a) {
  for (int64_t j = 0; j < columns; ++j) std::fill(a + j * rows + std::min(j + 1, rows), a + (j + 1) * rows, T(0));
}

template <class T> void set_identity(int64_t n, T* a) {
  std::fill(a, a + n * n, T(0));
  for (int64_t i = 0; i < n; ++i) a[i * n + i] = 1;
}

}  // namespace

template <class T> int cholesky_factor(int64_t n, T* a) {
  if (n == 0) return 0;
  blas::keep_single_threaded();
  auto m = matrix(a, n, n);
  const int info = xt::lapack::potr(m, 'L');
  for (int64_t j = 1; j < n; ++j) std::fill(a + j * n, a + j * n + j, T(0));
  return info;
}

template <class T> void qr_factor(int64_t rows, int64_t columns, int64_t q_columns, T* a, T* q) {
  blas::keep_single_threaded();
  const int64_t reflections = std::min(rows, columns);
  std::vector<T> scales(static_cast<size_t>(reflections));
  auto tau = vector(scales.data(), reflections);
  if (reflections > 0) {
    auto m = matrix(a, rows, columns);
    xt::lapack::geqrf(m, tau);
  }
  if (q && rows > 0 && q_columns > 0) {
    const int64_t taken = std::min(reflections, q_columns);
    std::copy(a, a + taken * rows, q);
    std::fill(q + taken * rows, q + q_columns * rows, T(0));
    auto m = matrix(q, rows, q_columns);
    auto used = vector(scales.data(), taken);
    xt::lapack::orgqr(m, used);
  }
  zero_below_diagonal(rows, columns, a);
}

template <class T> int singular_values(int64_t rows, int64_t columns, bool full, T* a, T* s, T* u, T* vh) {
  const int64_t k = std::min(rows, columns);
  if (k == 0) {
    if (full) set_identity(rows, u);
    if (full) set_identity(columns, vh);
    return 0;
  }
  // On NaN some versions of LAPACK loop for ever.
  if (!std::all_of(a, a + rows * columns, [](T x) { return std::isfinite(x); })) return -1;
  blas::keep_single_threaded();
  const char job = full ? 'A' : 'S';
  const int m = static_cast<int>(rows), n = static_cast<int>(columns), vh_rows = static_cast<int>(full ? columns : k);
  std::vector<int> integers(static_cast<size_t>(8 * k));
  T size = 0;
  const auto run = [&](T* work, int length) { return cxxlapack::gesdd<int>(job, m, n, a, m, s, u, m, vh, vh_rows, work, length, integers.data()); };
  run(&size, -1);
  std::vector<T> work(static_cast<size_t>(size));
  return run(work.data(), static_cast<int>(work.size()));
}

template <class T> void complete_pivoting(int64_t n, T* a, int64_t* rows, int64_t* columns, int64_t* rank, T* sign) {
  std::iota(rows, rows + n, 0);
  std::iota(columns, columns + n, 0);
  const auto at = [a, n](int64_t i, int64_t j) -> T& { return a[j * n + i]; };
  T largest = 0;
  *rank = n;
  *sign = 1;
  for (int64_t k = 0; k < n; ++k) {
    int64_t row = k, column = k;
    for (int64_t j = k; j < n; ++j)
      for (int64_t i = k; i < n; ++i)
        if (std::abs(at(i, j)) > std::abs(at(row, column))) row = i, column = j;
    const T pivot = std::abs(at(row, column));
    largest = std::max(largest, pivot);
    if (!(pivot > static_cast<T>(n) * std::numeric_limits<T>::epsilon() * largest)) {
      *rank = k;
      return;
    }
    for (int64_t j = 0; j < n; ++j) std::swap(at(k, j), at(row, j));
    for (int64_t i = 0; i < n; ++i) std::swap(at(i, k), at(i, column));
    std::swap(rows[k], rows[row]);
    std::swap(columns[k], columns[column]);
    if ((row != k) != (column != k)) *sign = -*sign;
    for (int64_t j = k + 1; j < n; ++j)
      for (int64_t i = k + 1; i < n; ++i) at(i, j) -= at(i, k) / at(k, k) * at(k, j);
  }
}

#define XGRAD_INSTANTIATE(T)                                            \
  template int cholesky_factor(int64_t, T*);                            \
  template void qr_factor(int64_t, int64_t, int64_t, T*, T*);           \
  template int singular_values(int64_t, int64_t, bool, T*, T*, T*, T*); \
  template void complete_pivoting(int64_t, T*, int64_t*, int64_t*, int64_t*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
