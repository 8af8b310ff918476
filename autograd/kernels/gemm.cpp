#include <xgrad/autograd/kernels/gemm.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/blas.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/memory.h>

// Note: blocks
//
// Cutting a product costs speed (each block packs its operands again), and the bits of an element depend on the block it
// was computed in. So there are few blocks, along the longer side of the output only, and they follow from the sizes. With
// 1024 x 1024 x 1024 floats four blocks of 256 rows run at 93-96% of the speed of one call, eight of 128 at 83-90%;
// products below about a million multiplications (20 microseconds) are not cut.

namespace xgrad::kernels {

namespace {

constexpr int64_t kMostBlocks = 16;
constexpr int64_t kBlockProducts = int64_t{1} << 21;  // multiplications that make a block worth its packing
constexpr int64_t kVectorProducts = int64_t{1} << 17;  // the same for a product with a vector, bound by memory
constexpr int64_t kLargestDepth = int64_t{1} << 30;   // of one BLAS call
constexpr double kProductsPerNanosecond = 40;

// What products are summed in: for integers unsigned, which wraps around.
template <class T>
using Sum = std::conditional_t<std::is_floating_point_v<T>, T, std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>>;

// Memory for a copied operand.
template <class T>
class Scratch {
 public:
  explicit Scratch(int64_t n) : bytes_(static_cast<size_t>(n) * sizeof(T)), data_(static_cast<T*>(memory::allocate(bytes_))) {}
  ~Scratch() { memory::deallocate(data_, bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* data() const { return data_; }

 private:
  size_t bytes_;
  T* data_;
};

// True iff BLAS can read rows x columns elements with these strides as `layout`.
bool blas_layout(int64_t rows, int64_t columns, int64_t row_stride, int64_t column_stride, blas::Layout& layout) {
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

// An operand where it lies if BLAS can read it there, else a row-major copy.
template <class T>
class Readable {
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

// How the output of each product is cut: `count` blocks of `extent` rows, or columns, the last one shorter.
struct Cut {
  bool along_rows;
  int64_t extent, count;
};

Cut cut_for(const ProductSizes& n) {
  const bool along_rows = n.rows >= n.columns, vector = std::min(n.rows, n.columns) == 1;
  const int64_t length = along_rows ? n.rows : n.columns;
  const double products = static_cast<double>(n.rows) * static_cast<double>(n.columns) * static_cast<double>(n.depth);
  const double worth = products / static_cast<double>(vector ? kVectorProducts : kBlockProducts);
  const int64_t shortest = worth > 64 ? 256 : 128;
  int64_t blocks = std::min({kMostBlocks, length / shortest, static_cast<int64_t>(std::min(worth, 1e6))});
  blocks = std::max<int64_t>(blocks, 1);
  const int64_t extent = blocks == 1 ? length : ((length + blocks - 1) / blocks + 15) / 16 * 16;
  return {along_rows, extent, (length + extent - 1) / extent};
}

// A part of one product's output.
struct Block {
  int64_t batch, row, column, rows, columns;
};

template <class T>
void scale(const Block& k, T beta, Matrices<const T> s, Matrices<T> c) {
  for (int64_t i = 0; i < k.rows; ++i) {
    T* to = c.at(k.batch, k.row + i, k.column);
    if (beta == T(0)) {
      std::fill(to, to + k.columns, T(0));
      continue;
    }
    const T* from = s.at(k.batch, k.row + i, k.column);
    if (beta == T(1) && s.column_stride == 1) std::copy(from, from + k.columns, to);
    else for (int64_t j = 0; j < k.columns; ++j) to[j] = static_cast<T>(beta * from[j * s.column_stride]);
  }
}

template <class T>
class FloatingProduct {
 public:
  FloatingProduct(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : depth_(n.depth), alpha_(alpha), beta_(beta), a_(a, n.batch, n.rows, n.depth), b_(b, n.batch, n.depth, n.columns), s_(s), c_(c) {}

  void compute(const Block& k) const {
    if (alpha_ == T(0)) {
      accumulate(k, T(1), T(0));
      for (int64_t i = 0; i < k.rows; ++i)
        for (int64_t j = 0; j < k.columns; ++j) {
          T& y = *c_.at(k.batch, k.row + i, k.column + j);
          y *= T(0);
          if (beta_ != T(0)) y += beta_ * *s_.at(k.batch, k.row + i, k.column + j);
        }
      return;
    }
    if (beta_ != T(0)) scale(k, beta_, s_, c_);
    accumulate(k, alpha_, beta_ == T(0) ? T(0) : T(1));
  }

 private:
  void accumulate(const Block& k, T alpha, T beta) const {
    for (int64_t d = 0; d < depth_; d += kLargestDepth) {
      blas::gemm(k.rows, k.columns, std::min(depth_ - d, kLargestDepth), alpha, a_.matrices().at(k.batch, k.row, d), a_.layout(),
                 b_.matrices().at(k.batch, d, k.column), b_.layout(), d == 0 ? beta : T(1), c_.at(k.batch, k.row, k.column), c_.row_stride);
    }
  }

  int64_t depth_;
  T alpha_, beta_;
  Readable<T> a_, b_;
  Matrices<const T> s_;
  Matrices<T> c_;
};

template <class T>
class IntegerProduct {
 public:
  IntegerProduct(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : depth_(n.depth), alpha_(static_cast<U>(alpha)), beta_(static_cast<U>(beta)), a_(a), b_(b), s_(s), c_(c) {}

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
  using U = Sum<T>;
  int64_t depth_;
  U alpha_, beta_;
  Matrices<const T> a_, b_, s_;
  Matrices<T> c_;
};

}  // namespace

template <class T>
void multiply(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c) {
  if (n.batch == 0 || n.rows == 0 || n.columns == 0) return;
  if (n.depth == 0) {
    for (int64_t i = 0; i < n.batch; ++i) scale({i, 0, 0, n.rows, n.columns}, beta, s, c);
    return;
  }
  using Product = std::conditional_t<std::is_floating_point_v<T>, FloatingProduct<T>, IntegerProduct<T>>;
  const Product product(n, alpha, a, b, beta, s, c);
  const Cut cut = cut_for(n);
  const auto compute = [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t start = i % cut.count * cut.extent;
      if (cut.along_rows) product.compute({i / cut.count, start, 0, std::min(cut.extent, n.rows - start), n.columns});
      else product.compute({i / cut.count, 0, start, n.rows, std::min(cut.extent, n.columns - start)});
    }
  };
  const double nanoseconds = static_cast<double>(n.rows) * static_cast<double>(n.columns) * static_cast<double>(n.depth) /
                             (std::min(n.rows, n.columns) == 1 ? 4 : kProductsPerNanosecond) / static_cast<double>(cut.count);
  const int64_t blocks = n.batch * cut.count;
  if (nanoseconds * static_cast<double>(blocks) < kParallelNanoseconds) return compute(0, blocks);
  parallel_for(blocks, std::max<int64_t>(1, static_cast<int64_t>(kParallelNanoseconds / 2 / nanoseconds)), compute);
}

namespace {

template <class T>
Sum<T> dot_leaf(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride) {
  const auto blas_stride = [](int64_t stride) { return stride >= 1 && stride <= INT_MAX; };
  if constexpr (std::is_floating_point_v<T>)
    if (blas_stride(x_stride) && blas_stride(y_stride)) return blas::dot(n, x, x_stride, y, y_stride);
  Sum<T> sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<Sum<T>>(x[i * x_stride]) * static_cast<Sum<T>>(y[i * y_stride]);
  return sum;
}

}  // namespace

template <class T>
T dot(int64_t n, const T* x, int64_t x_stride, const T* y, int64_t y_stride) {
  constexpr int64_t leaf = 32768;
  if (n <= leaf) return static_cast<T>(dot_leaf(n, x, x_stride, y, y_stride));
  std::vector<Sum<T>> sums(static_cast<size_t>((n + leaf - 1) / leaf));
  parallel_for(static_cast<int64_t>(sums.size()), 8, [&](int64_t first, int64_t last) {
    for (int64_t l = first; l < last; ++l) {
      const int64_t start = l * leaf;
      sums[static_cast<size_t>(l)] = dot_leaf(std::min(leaf, n - start), x + start * x_stride, x_stride, y + start * y_stride, y_stride);
    }
  });
  Sum<T> total = 0;
  for (Sum<T> s : sums) total += s;
  return static_cast<T>(total);
}

#define XGRAD_INSTANTIATE(T)                                                                                                        \
  template void multiply(const ProductSizes&, T, Matrices<const T>, Matrices<const T>, T, Matrices<const T>, Matrices<T>);          \
  template T dot(int64_t, const T*, int64_t, const T*, int64_t);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(int64_t)
XGRAD_INSTANTIATE(int32_t)
XGRAD_INSTANTIATE(uint8_t)
#undef XGRAD_INSTANTIATE

}  // namespace xgrad::kernels
