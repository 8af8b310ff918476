// Floating products through OpenBLAS.
#pragma once

#include <algorithm>
#include <climits>
#include <memory>

#include <xgrad/autograd/kernels/product/blas.h>
#include <xgrad/autograd/kernels/product/product_blocks.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// True iff BLAS can read rows x columns elements with these strides as `layout`.
inline bool blas_layout(int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride, blas::Layout& layout) {
  const auto fits = [](int64_t along, int64_t across, int64_t n_along, int64_t n_across) {
    return (along == 1 || n_along == 1) && (n_across == 1 || across >= n_along) && across <= INT_MAX;
  };
  if (fits(column_stride, row_stride, columns, rows)) {
    layout = {false, std::max<int64_t>(rows == 1 ? columns : row_stride, 1)};
    return true;
  }
  if (fits(row_stride, column_stride, rows, columns)) {
    layout = {true, std::max<int64_t>(columns == 1 ? rows : column_stride, 1)};
    return true;
  }
  return false;
}

/// An operand where it lies if BLAS can read it there, else a row-major copy.
template <class T> class Readable {
 public:
  Readable(Matrices<const T> m, int64_t batch, int64_t rows, int64_t columns) : m_(m) {
    if (!blas_layout(rows, columns, m.row_stride, m.column_stride, layout_)) copy(m.batch_stride == 0 ? 1 : batch, rows, columns);
  }
  const Matrices<const T>& matrices() const { return m_; }
  blas::Layout layout() const { return layout_; }

 private:
  void copy(int64_t batch, int64_t rows, int64_t columns) {
    copy_ = std::make_unique<Scratch<T>>(batch * rows * columns);
    T* to = copy_->data();
    for (int64_t b = 0; b < batch; ++b)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < columns; ++j) *to++ = *m_.at(b, i, j);
    m_ = {copy_->data(), batch == 1 ? 0 : rows * columns, columns, 1};
    layout_ = {false, columns};
  }

  Matrices<const T> m_;
  blas::Layout layout_{false, 1};
  std::unique_ptr<Scratch<T>> copy_;
};

// Note: blocks for BLAS
//
// Cutting a product costs speed (each block packs its operands again), and the bits of an element depend on the block it
// was computed in. So there are few blocks, along the longer side of the output only, and they follow from the sizes. With
// 1024 x 1024 x 1024 floats four blocks of 256 rows run at 93-96% of the speed of one call, eight of 128 at 83-90%;
// products below about a million multiplications (20 microseconds) are not cut.
inline Cut cut_for_blas(const ProductSizes& n) {
  constexpr int64_t kMostBlocks = 16;
  constexpr int64_t kBlockProducts = int64_t{1} << 21;   // multiplications that make a block worth its packing
  constexpr int64_t kVectorProducts = int64_t{1} << 17;  // the same for a product with a vector, bound by memory
  const bool along_rows = n.rows >= n.columns, vector = std::min(n.rows, n.columns) == 1;
  const int64_t length = along_rows ? n.rows : n.columns;
  const double worth = products_of(n) / static_cast<double>(vector ? kVectorProducts : kBlockProducts);
  const int64_t shortest = worth > 64 ? 256 : 128;
  int64_t blocks = std::min({kMostBlocks, length / shortest, static_cast<int64_t>(std::min(worth, 1e6))});
  blocks = std::max<int64_t>(blocks, 1);
  const int64_t extent = blocks == 1 ? length : ((length + blocks - 1) / blocks + 15) / 16 * 16;
  return {along_rows, extent, (length + extent - 1) / extent};
}

/// alpha * a b + beta * s by blocks.
template <class T> class BlasProduct {
 public:
  BlasProduct(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : depth_(n.depth), alpha_(alpha), beta_(beta), a_(a, n.batch, n.rows, n.depth), b_(b, n.batch, n.depth, n.columns), s_(s), c_(c) {}

  // The bits of an element depend on the block it is in.
  bool joins_blocks() const { return false; }

  void prepare_for(int64_t) {}

  void compute(const Block& k) const {
    if (alpha_ == T(0)) {
      accumulate(k, T(1), T(0), c_.at(k.batch, k.row, k.column), c_.row_stride);
      for (int64_t i = 0; i < k.rows; ++i)
        for (int64_t j = 0; j < k.columns; ++j) {
          T& y = *c_.at(k.batch, k.row + i, k.column + j);
          y *= T(0);
          if (beta_ != T(0)) y += beta_ * *s_.at(k.batch, k.row + i, k.column + j);
        }
      return;
    }
    if (beta_ != T(0)) {
      if (k.rows == 1 || k.columns == 1) return add_vector(k);
      scale(k, beta_, s_, c_);
    }
    accumulate(k, alpha_, beta_ == T(0) ? T(0) : T(1), c_.at(k.batch, k.row, k.column), c_.row_stride);
  }

 private:
  static constexpr int64_t kLargestDepth = int64_t{1} << 30;  // of one call

  // gemv would add the products one by one to what there is; here as elsewhere, their sum is added.
  void add_vector(const Block& k) const {
    const Scratch<T> product(k.rows * k.columns);
    accumulate(k, alpha_, T(0), product.data(), k.columns);
    scale(k, beta_, s_, c_);
    for (int64_t i = 0; i < k.rows; ++i)
      for (int64_t j = 0; j < k.columns; ++j) *c_.at(k.batch, k.row + i, k.column + j) += product.data()[i * k.columns + j];
  }

  void accumulate(const Block& k, T alpha, T beta, T* c, int64_t c_row) const {
    for (int64_t d = 0; d < depth_; d += kLargestDepth) {
      blas::gemm(k.rows, k.columns, std::min(depth_ - d, kLargestDepth), alpha, a_.matrices().at(k.batch, k.row, d), a_.layout(),
                 b_.matrices().at(k.batch, d, k.column), b_.layout(), d == 0 ? beta : T(1), c, c_row);
    }
  }

  int64_t depth_;
  T alpha_, beta_;
  Readable<T> a_, b_;
  Matrices<const T> s_;
  Matrices<T> c_;
};

}}}  // namespace torch::xgrad::kernels
