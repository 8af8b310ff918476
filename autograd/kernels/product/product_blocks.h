// How the output of a product is cut into blocks that threads compute.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/kernels/product/gemm.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A part of one product's output.
struct Block {
  int64_t batch, row, column, rows, columns;
};

/// `count` blocks of `extent` rows, or columns, the last one shorter. Block i of a batch is block i % count of product i / count.
struct Cut {
  bool along_rows;
  int64_t extent, count;

  /// Blocks first to last - 1 of one product as one.
  Block blocks(const ProductSizes& n, int64_t first, int64_t last) const {
    const int64_t batch = first / count, start = (first - batch * count) * extent, end = (last - batch * count) * extent;
    if (along_rows) return {batch, start, 0, std::min(end, n.rows) - start, n.columns};
    return {batch, 0, start, n.rows, std::min(end, n.columns) - start};
  }
};

/// The multiplications of one product; a double, for they may be more than fit an integer.
inline double products_of(const ProductSizes& n) {
  return static_cast<double>(n.rows) * static_cast<double>(n.columns) * static_cast<double>(n.depth);
}

/// c = beta * s in block k; c may be s.
template <class T> void scale(const Block& k, T beta, Matrices<const T> s, Matrices<T> c) {
  for (int64_t i = 0; i < k.rows; ++i) {
    T* to = c.at(k.batch, k.row + i, k.column);
    if (beta == T(0)) {
      std::fill(to, to + k.columns, T(0));
      continue;
    }
    const T* from = s.at(k.batch, k.row + i, k.column);
    if (beta == T(1) && from == to) continue;
    if (beta == T(1) && s.column_stride == 1) std::copy(from, from + k.columns, to);
    else
      for (int64_t j = 0; j < k.columns; ++j) to[j] = static_cast<T>(beta * from[j * s.column_stride]);
  }
}

}}}  // namespace torch::xgrad::kernels
