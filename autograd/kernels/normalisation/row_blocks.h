// Rows of few elements, worked on sixteen at a time: one row in each lane of a vector.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/vector/vector_math_double.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The longest rows that are worked on side by side.
constexpr int64_t kShortRow = 32;
/// Elementary functions of other types are the C library's, one number at a time.
template <class T> constexpr bool kHasBlocks = std::is_same_v<T, float>;
inline bool is_short_row(int64_t n) { return n > 0 && n <= kShortRow; }

/// One number for each of sixteen rows.
template <class T> struct alignas(64) Lanes {
  T at[kLanes];
  T& operator[](int l) { return at[l]; }
  T operator[](int l) const { return at[l]; }

  void store(T* to, int rows) const {
    if (rows == kLanes) std::copy_n(at, kLanes, to);
    else std::copy_n(at, rows, to);
  }
};

/// Up to sixteen rows of n <= kShortRow elements, turned: element i of all rows lies in one piece. Missing rows are zeros.
template <class T> class RowBlock {
 public:
  RowBlock() = default;
  RowBlock(const T* x, int rows, int64_t n) {
    if (rows < kLanes) std::fill_n(columns_, n, Lanes<T>{});
    for (int64_t i = 0; i < n; ++i)
      for (int l = 0; l < rows; ++l) columns_[i][l] = x[l * n + i];
  }
  void store(T* y, int rows, int64_t n) const {
    for (int64_t i = 0; i < n; ++i)
      for (int l = 0; l < rows; ++l) y[l * n + i] = columns_[i][l];
  }
  Lanes<T>& operator[](int64_t i) { return columns_[i]; }
  const Lanes<T>& operator[](int64_t i) const { return columns_[i]; }

 private:
  Lanes<T> columns_[kShortRow];
};

template <class T> struct BlockTotals {
  Lanes<T> maximum;
  Lanes<double> sum;
};

/// The largest element of each row and the sum of exp(x - maximum), each of which is given to keep(i, lane, e).
template <class T, class F> BlockTotals<T> totals_of_block(const RowBlock<T>& x, int64_t n, F keep) {
  BlockTotals<T> totals{{}, {}};
  auto& [maximum, sum] = totals;
  for (int l = 0; l < kLanes; ++l) maximum[l] = -std::numeric_limits<T>::infinity();
  for (int64_t i = 0; i < n; ++i)
    for (int l = 0; l < kLanes; ++l) maximum[l] = larger(maximum[l], x[i][l]);
  for (int64_t i = 0; i < n; ++i)
    for (int l = 0; l < kLanes; ++l) {
      const T e = vector_math::wide::exp_of_nonpositive(x[i][l] - maximum[l]);
      sum[l] += static_cast<double>(e);
      keep(i, l, e);
    }
  return totals;
}
template <class T> BlockTotals<T> totals_of_block(const RowBlock<T>& x, int64_t n) {
  return totals_of_block(x, n, [](int64_t, int, T) {});
}

/// f(row, rows) for blocks of up to sixteen rows that cover [first, last).
template <class F> void for_blocks(int64_t first, int64_t last, F f) {
  for (; first < last; first += kLanes) f(first, static_cast<int>(std::min<int64_t>(kLanes, last - first)));
}

/// f(first row, one behind the last) for pieces of whole blocks, on as many threads as pay.
template <class F> void for_pieces_of_blocks(int64_t rows, int64_t rows_per_thread, F f) {
  parallel_for((rows + kLanes - 1) / kLanes, rows_per_thread / kLanes,
               [&](int64_t first, int64_t last) { f(first * kLanes, std::min(last * kLanes, rows)); });
}

}}}  // namespace torch::xgrad::kernels
