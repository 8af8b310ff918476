// Softmax and its kin along an axis that is not the last: up to kSoftmaxColumns neighbouring columns of n rows, `stride` apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kSoftmaxColumns = 64;

/// f(position, column) for every element of a block of columns.
template <class F> void for_each_element(int64_t n, int64_t stride, int64_t columns, F f) {
  for (int64_t i = 0; i < n; ++i) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t j = 0; j < columns; ++j) f(i * stride + j, j);
  }
}

template <class T> struct ColumnTotals {
  T maximum[kSoftmaxColumns];
  double sum[kSoftmaxColumns];

  /// The largest element of each column and the sum of exp(x - maximum), each of which is given to keep(position, e).
  template <class F> ColumnTotals(int64_t n, int64_t stride, int64_t columns, const T* x, F keep) {
    std::fill_n(maximum, columns, -std::numeric_limits<T>::infinity());
    std::fill_n(sum, columns, 0.0);
    for_each_element(n, stride, columns, [=, this](int64_t at, int64_t j) { maximum[j] = larger(maximum[j], x[at]); });
    for_each_element(n, stride, columns, [=, this](int64_t at, int64_t j) {
      const T e = vector_math::wide::exp_of_nonpositive(x[at] - maximum[j]);
      sum[j] += static_cast<double>(e);
      keep(at, e);
    });
  }
};

template <class T> struct SoftmaxColumns {
  static void run(int64_t n, int64_t stride, int64_t columns, const T* x, T* y) {
    const ColumnTotals<T> totals(n, stride, columns, x, [=](int64_t at, T e) { y[at] = e; });
    T inverse[kSoftmaxColumns];
    for (int64_t j = 0; j < columns; ++j) inverse[j] = static_cast<T>(1 / totals.sum[j]);
    for_each_element(n, stride, columns, [=, &inverse](int64_t at, int64_t j) { y[at] *= inverse[j]; });
  }
};

template <class T> struct LogSoftmaxColumns {
  static void run(int64_t n, int64_t stride, int64_t columns, const T* x, T* y) {
    const ColumnTotals<T> totals(n, stride, columns, x, [](int64_t, T) {});
    T log_sum[kSoftmaxColumns];
    for (int64_t j = 0; j < columns; ++j) log_sum[j] = static_cast<T>(std::log(totals.sum[j]));
    for_each_element(n, stride, columns, [=, &totals, &log_sum](int64_t at, int64_t j) { y[at] = (x[at] - totals.maximum[j]) - log_sum[j]; });
  }
};

/// A column's sum of f(position), and whether any of its gy is not 0: one without takes no part, even if it holds NaN.
template <class T> struct ColumnSums {
  T sum[kSoftmaxColumns];
  int32_t heard[kSoftmaxColumns];

  template <class F> ColumnSums(int64_t n, int64_t stride, int64_t columns, const T* gy, F f) {
    double sums[kSoftmaxColumns];
    std::fill_n(sums, columns, 0.0);
    std::fill_n(heard, columns, 0);
    for_each_element(n, stride, columns, [&](int64_t at, int64_t j) {
      sums[j] += f(at);
      heard[j] |= gy[at] != 0;
    });
    for (int64_t j = 0; j < columns; ++j) sum[j] = static_cast<T>(sums[j]);
  }
};

template <class T> struct SoftmaxSlopeColumns {
  static void run(int64_t n, int64_t stride, int64_t columns, const T* gy, const T* y, T* gx) {
    const ColumnSums<T> total(n, stride, columns, gy, [=](int64_t at) { return static_cast<double>(gy[at]) * static_cast<double>(y[at]); });
    for_each_element(n, stride, columns, [=, &total](int64_t at, int64_t j) {
      const T slope = y[at] * (gy[at] - total.sum[j]);
      gx[at] = total.heard[j] ? slope : T(0);
    });
  }
};

template <class T> struct LogSoftmaxSlopeColumns {
  static void run(int64_t n, int64_t stride, int64_t columns, const T* gy, const T* y, T* gx) {
    const ColumnSums<T> total(n, stride, columns, gy, [=](int64_t at) { return static_cast<double>(gy[at]); });
    for_each_element(n, stride, columns, [=, &total](int64_t at, int64_t j) {
      const T slope = gy[at] - vector_math::wide::exp_of_nonpositive(y[at]) * total.sum[j];
      gx[at] = total.heard[j] ? slope : T(0);
    });
  }
};

}}}  // namespace torch::xgrad::kernels
