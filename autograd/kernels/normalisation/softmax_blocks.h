// Softmax and its kin along short rows.
#pragma once

#include <xgrad/autograd/kernels/normalisation/row_blocks.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> struct SoftmaxBlocks {
  static void run(int64_t n, int64_t first, int64_t last, const T* x, T* y) {
    for_blocks(first, last, [=](int64_t row, int rows) {
      RowBlock<T> block(x + row * n, rows, n);
      const auto totals = totals_of_block(block, n, [&](int64_t i, int l, T e) { block[i][l] = e; });
      Lanes<T> inverse;
      for (int l = 0; l < kLanes; ++l) inverse[l] = static_cast<T>(1 / totals.sum[l]);
      for (int64_t i = 0; i < n; ++i)
        for (int l = 0; l < kLanes; ++l) block[i][l] *= inverse[l];
      block.store(y + row * n, rows, n);
    });
  }
};

template <class T> struct LogSoftmaxBlocks {
  static void run(int64_t n, int64_t first, int64_t last, const T* x, T* y) {
    for_blocks(first, last, [=](int64_t row, int rows) {
      RowBlock<T> block(x + row * n, rows, n);
      const auto totals = totals_of_block(block, n);
      Lanes<T> log_sum;
      for (int l = 0; l < kLanes; ++l) log_sum[l] = vector_math::wide::log(static_cast<T>(totals.sum[l]));
      for (int64_t i = 0; i < n; ++i)
        for (int l = 0; l < kLanes; ++l) block[i][l] = (block[i][l] - totals.maximum[l]) - log_sum[l];
      block.store(y + row * n, rows, n);
    });
  }
};

/// The sum of f(i, lane) over a row's elements i, and whether all elements of its gy are 0: such a row takes no part, even
/// if it holds NaN.
struct BlockSum {
  Lanes<double> sum{};
  Lanes<int32_t> heard{};
};
template <class T, class F> BlockSum sum_of_block(const RowBlock<T>& gy, int64_t n, F f) {
  BlockSum total;
  for (int64_t i = 0; i < n; ++i)
    for (int l = 0; l < kLanes; ++l) {
      total.sum[l] += f(i, l);
      total.heard[l] |= gy[i][l] != 0;
    }
  return total;
}

template <class T> struct SoftmaxSlopeBlocks {
  static void run(int64_t n, int64_t first, int64_t last, const T* gy, const T* y, T* gx) {
    for_blocks(first, last, [=](int64_t row, int rows) {
      RowBlock<T> g(gy + row * n, rows, n);
      const RowBlock<T> p(y + row * n, rows, n);
      const BlockSum total = sum_of_block(g, n, [&](int64_t i, int l) { return static_cast<double>(g[i][l]) * static_cast<double>(p[i][l]); });
      for (int64_t i = 0; i < n; ++i)
        for (int l = 0; l < kLanes; ++l) g[i][l] = total.heard[l] ? p[i][l] * (g[i][l] - static_cast<T>(total.sum[l])) : T(0);
      g.store(gx + row * n, rows, n);
    });
  }
};

template <class T> struct LogSoftmaxSlopeBlocks {
  static void run(int64_t n, int64_t first, int64_t last, const T* gy, const T* y, T* gx) {
    for_blocks(first, last, [=](int64_t row, int rows) {
      RowBlock<T> g(gy + row * n, rows, n);
      const RowBlock<T> logp(y + row * n, rows, n);
      const BlockSum total = sum_of_block(g, n, [&](int64_t i, int l) { return static_cast<double>(g[i][l]); });
      for (int64_t i = 0; i < n; ++i)
        for (int l = 0; l < kLanes; ++l)
          g[i][l] = total.heard[l] ? g[i][l] - vector_math::wide::exp_of_nonpositive(logp[i][l]) * static_cast<T>(total.sum[l]) : T(0);
      g.store(gx + row * n, rows, n);
    });
  }
};

}}}  // namespace torch::xgrad::kernels
