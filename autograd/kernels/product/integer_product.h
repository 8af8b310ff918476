// Products of integers, which wrap around.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/product/product_blocks.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// alpha * a b + beta * s by blocks.
template <class T> class IntegerProduct {
 public:
  IntegerProduct(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : depth_(n.depth), alpha_(static_cast<U>(alpha)), beta_(static_cast<U>(beta)), a_(a), b_(b), s_(s), c_(c) {}

  bool joins_blocks() const { return true; }

  void prepare_for(int64_t) {}

  void compute(const Block& k) const {
    std::vector<U> sums(static_cast<size_t>(k.columns));
    for (int64_t i = 0; i < k.rows; ++i) {
      std::fill(sums.begin(), sums.end(), U(0));
      for (int64_t d = 0; d < depth_; ++d) {
        const U x = static_cast<U>(*a_.at(k.batch, k.row + i, d));
        const T* y = b_.at(k.batch, d, k.column);
        for (int64_t j = 0; j < k.columns; ++j) sums[static_cast<size_t>(j)] += x * static_cast<U>(y[j * b_.column_stride]);
      }
      T* to = c_.at(k.batch, k.row + i, k.column);
      for (int64_t j = 0; j < k.columns; ++j) {
        U y = alpha_ * sums[static_cast<size_t>(j)];
        if (beta_) y += beta_ * static_cast<U>(*s_.at(k.batch, k.row + i, k.column + j));
        to[j] = static_cast<T>(y);
      }
    }
  }

 private:
  using U = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;  // unsigned, for defined wrap-around
  int64_t depth_;
  U alpha_, beta_;
  Matrices<const T> a_, b_, s_;
  Matrices<T> c_;
};

}}}  // namespace torch::xgrad::kernels
