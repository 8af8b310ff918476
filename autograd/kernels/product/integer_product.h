// Products of integers, which wrap around.
#pragma once

#include <algorithm>
#include <cstring>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/product/product_blocks.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Unsigned, for defined wrap-around; narrow elements are summed in 32 bits, of which theirs are the lower ones.
template <class T> using WrappingSum = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

/// kRows x kLanes sums: those of rows of a by neighbouring columns of b.
template <class T> struct IntegerTile {
  using U = WrappingSum<T>;
  static constexpr int kRows = 4, kLanes = 64 / sizeof(U);

  int64_t rows, columns, depth;  // rows <= kRows, columns <= kLanes; with kLanes of them b_column is 1
  const T* a;
  int64_t a_row, a_column;
  const T* b;
  int64_t b_row, b_column;
  U (*sums)[kLanes];
};

template <class T> struct IntegerTileLoop {
  using Tile = IntegerTile<T>;
  using U = typename Tile::U;
  typedef T Elements __attribute__((vector_size(Tile::kLanes * sizeof(T))));
  typedef U Sums __attribute__((vector_size(Tile::kLanes * sizeof(U))));

  static void run(const Tile& t) {
    if (t.columns < Tile::kLanes) return one_by_one(t);
    const T* a[Tile::kRows];
    for (int i = 0; i < Tile::kRows; ++i) a[i] = t.a + std::min<int64_t>(i, t.rows - 1) * t.a_row;  // those too many repeat the last
    Sums sums[Tile::kRows] = {};
    for (int64_t d = 0; d < t.depth; ++d) {
      Elements elements;
      std::memcpy(&elements, t.b + d * t.b_row, sizeof elements);
      const Sums y = __builtin_convertvector(elements, Sums);
      for (int i = 0; i < Tile::kRows; ++i) sums[i] += y * static_cast<U>(a[i][d * t.a_column]);
    }
    std::memcpy(t.sums, sums, sizeof sums);
  }

 private:
  static void one_by_one(const Tile& t) {
    for (int64_t i = 0; i < t.rows; ++i)
      for (int64_t j = 0; j < t.columns; ++j) {
        U sum = 0;
        for (int64_t d = 0; d < t.depth; ++d)
          sum += static_cast<U>(t.a[i * t.a_row + d * t.a_column]) * static_cast<U>(t.b[d * t.b_row + j * t.b_column]);
        t.sums[i][j] = sum;
      }
  }
};

/// alpha * a b + beta * s by blocks.
template <class T> class IntegerProduct {
 public:
  IntegerProduct(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : depth_(n.depth), alpha_(static_cast<U>(alpha)), beta_(static_cast<U>(beta)), a_(a), b_(b), s_(s), c_(c) {}

  bool joins_blocks() const { return true; }

  void prepare_for(int64_t) {}

  void compute(const Block& k) const {
    const auto sum_tile = Variants<IntegerTileLoop<T>, const Tile&>::active();
    U sums[Tile::kRows][Tile::kLanes];
    std::vector<T> panel;
    // Columns outside: what is read of b, a few of its columns, stays in the cache for all rows.
    for (int64_t j = 0; j < k.columns; j += Tile::kLanes) {
      const int64_t columns = std::min<int64_t>(Tile::kLanes, k.columns - j);
      const T* b = b_.at(k.batch, 0, k.column + j);
      Tile tile{0, columns, depth_, nullptr, a_.row_stride, a_.column_stride, b, b_.row_stride, b_.column_stride, sums};
      if (columns >= kWorthPacking && (columns < Tile::kLanes || b_.column_stride != 1)) pack(tile, panel);
      for (int64_t i = 0; i < k.rows; i += Tile::kRows) {
        tile.rows = std::min<int64_t>(Tile::kRows, k.rows - i);
        tile.a = a_.at(k.batch, k.row + i, 0);
        sum_tile(tile);
        for (int64_t r = 0; r < tile.rows; ++r) store(k, i + r, j, columns, sums[r]);
      }
    }
  }

 private:
  using Tile = IntegerTile<T>;
  using U = WrappingSum<T>;

  static constexpr int64_t kWorthPacking = Tile::kLanes / 4;

  // Puts b's columns side by side, zeros beside them.
  void pack(Tile& tile, std::vector<T>& panel) const {
    panel.assign(static_cast<size_t>(depth_ * Tile::kLanes), T(0));
    for (int64_t d = 0; d < depth_; ++d)
      for (int64_t j = 0; j < tile.columns; ++j) panel[static_cast<size_t>(d * Tile::kLanes + j)] = tile.b[d * tile.b_row + j * tile.b_column];
    tile.columns = Tile::kLanes;
    tile.b = panel.data();
    tile.b_row = Tile::kLanes;
    tile.b_column = 1;
  }

  void store(const Block& k, int64_t row, int64_t column, int64_t columns, const U* sums) const {
    T* to = c_.at(k.batch, k.row + row, k.column + column);
    for (int64_t j = 0; j < columns; ++j) {
      U y = alpha_ * sums[j];
      if (beta_) y += beta_ * static_cast<U>(*s_.at(k.batch, k.row + row, k.column + column + j));
      to[j] = static_cast<T>(y);
    }
  }

  int64_t depth_;
  U alpha_, beta_;
  Matrices<const T> a_, b_, s_;
  Matrices<T> c_;
};

}}}  // namespace torch::xgrad::kernels
