#include <xgrad/autograd/kernels/product/gemm.h>

#include <algorithm>
#include <optional>
#include <type_traits>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/blas_product.h>
#include <xgrad/autograd/kernels/product/integer_product.h>
#include <xgrad/autograd/kernels/product/product_blocks.h>
#include <xgrad/autograd/kernels/product/tile_product.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// a b + beta * s by blocks of register tiles.
template <class T> class TiledProduct {
 public:
  TiledProduct(const TileLoops<T>& loops, const ProductSizes& n, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c)
      : loops_(loops),
        a_(a),
        b_(b),
        beta_(beta),
        s_(s),
        c_(c),
        p_{n.rows,          n.columns, n.depth, a.data, a.row_stride, a.column_stride, b.data, b.row_stride,
           b.column_stride, nullptr,   0,       1,      c.data,       c.row_stride,    1,      nullptr},
        way_(loops.way(p_)) {
    if (beta == T(1) && s.column_stride == 1) p_.s = s.data, p_.s_row = s.row_stride;
  }

  bool is_suited() const { return loops_.suit(p_); }

  // By depth, what lies at the edge of a block is added up in another order.
  bool joins_blocks() const { return way_ != TileWay::kDepth; }

  void compute(const Block& k) const {
    TileProduct<T> p = p_;
    p.rows = k.rows;
    p.columns = k.columns;
    p.a = a_.at(k.batch, k.row, 0);
    p.b = b_.at(k.batch, 0, k.column);
    p.c = c_.at(k.batch, k.row, k.column);
    if (p.s) p.s = s_.at(k.batch, k.row, k.column);
    run(p, k);
  }

  // Blocks will be computed by so many threads at once.
  void prepare_for(int64_t threads) {
    const int64_t room = loops_.room(way_, p_);
    if (room > kStackRoom) rooms_.emplace(pieces_for(threads), room);
  }

  // The only block.
  void compute_whole() { run(p_, {0, 0, 0, p_.rows, p_.columns}); }

  // Neighbouring blocks that one thread computes are joined, and bits don't depend on the blocks. Where nothing is copied and
  // there are many rows, blocks are rows: threads then write memory of their own, and the elements of a gradient stay with the
  // cores that update the parameter. Else they are the columns of the widest tiles where there are many, of two registers
  // where there are few: every block of rows would copy what it reads of b. By rows, it is a that every block copies.
  Cut cut() const {
    constexpr double kBlockProducts = 1 << 19;  // about 10 microseconds
    constexpr int64_t kBlockRows = 64;
    const int64_t most = static_cast<int64_t>(std::clamp(products() / kBlockProducts, 1.0, 32.0));
    if (most == 1) return {true, p_.rows, 1};
    const bool by_rows = way_ == TileWay::kRows, many_rows = !by_rows && p_.b_column == 1 && p_.rows >= 4 * kBlockRows;
    const bool along_rows = many_rows || (!by_rows && p_.columns < 4 * loops_.lanes);
    const int64_t length = along_rows ? p_.rows : p_.columns;
    const int64_t wanted = many_rows ? std::min(most, length / kBlockRows) : by_rows ? std::min<int64_t>(most, 2 * num_threads()) : most;
    const int64_t unit = along_rows || by_rows ? 8 : (length >= 12 * loops_.lanes ? 3 : 2) * loops_.lanes;
    const int64_t extent = ((length + wanted - 1) / wanted + unit - 1) / unit * unit;
    return {along_rows, extent, (length + extent - 1) / extent};
  }

 private:
  static constexpr int64_t kStackRoom = 16384 / sizeof(T);

  void run(TileProduct<T>& p, const Block& k) const {
    if (!p.s && beta_ != T(0)) {
      scale(k, beta_, s_, c_);
      p.s = p.c;
      p.s_row = p.c_row;
    }
    const int64_t room = loops_.room(way_, p);
    if (room == 0) return loops_.run(way_, p);
    if (room <= kStackRoom) return run_in_stack_room(p);
    const Borrowed<T> borrowed(rooms_ ? &*rooms_ : nullptr, room);
    p.room = borrowed.data();
    loops_.run(way_, p);
  }

  [[gnu::noinline]] void run_in_stack_room(TileProduct<T>& p) const {
    alignas(64) T room[kStackRoom];
    p.room = room;
    loops_.run(way_, p);
  }

  double products() const { return static_cast<double>(p_.rows) * static_cast<double>(p_.columns) * static_cast<double>(p_.depth); }

  const TileLoops<T>& loops_;
  Matrices<const T> a_, b_;
  T beta_;
  Matrices<const T> s_;
  Matrices<T> c_;
  TileProduct<T> p_;
  TileWay way_;
  mutable std::optional<SharedScratch<T>> rooms_;
};

// Blocks begin to end - 1 of all products, on several threads if that pays.
template <class Product> void compute_blocks(const ProductSizes& n, const Cut& cut, Product&& product, int64_t begin, int64_t end) {
  const int64_t blocks = end - begin;
  if (blocks == 1) return product.compute(cut.blocks(n, begin, end));
  const double speed = std::min(n.rows, n.columns) == 1 ? 4 : 40;  // multiplications in a nanosecond
  const double nanoseconds = products_of(n) / speed / static_cast<double>(cut.count) + 20;
  const auto compute = [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last;) {
      const int64_t next = product.joins_blocks() ? std::min((i / cut.count + 1) * cut.count, last) : i + 1;
      product.compute(cut.blocks(n, i, next));
      i = next;
    }
  };
  if (nanoseconds * static_cast<double>(blocks) < least_shared_nanoseconds()) return compute(begin, end);
  product.prepare_for(std::min<int64_t>(num_threads(), blocks));
  parallel_for(blocks, std::max<int64_t>(1, static_cast<int64_t>(least_shared_nanoseconds() / 2 / nanoseconds)),
               [&](int64_t first, int64_t last) { compute(begin + first, begin + last); });
}
template <class Product> void compute_blocks(const ProductSizes& n, const Cut& cut, Product&& product) {
  compute_blocks(n, cut, product, 0, n.batch * cut.count);
}

template <class T>
bool multiply_in_tiles(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c) {
  const TileLoops<T>* loops = tile_loops<T>();
  if (!loops || alpha != T(1)) return false;
  TiledProduct<T> product(*loops, n, a, b, beta, s, c);
  if (!product.is_suited()) return false;
  const Cut cut = product.cut();
  if (n.batch * cut.count == 1) product.compute_whole();
  else compute_blocks(n, cut, product);
  return true;
}

}  // namespace

template <class T>
void multiply(const ProductSizes& n, T alpha, Matrices<const T> a, Matrices<const T> b, T beta, Matrices<const T> s, Matrices<T> c) {
  if (n.batch == 0 || n.rows == 0 || n.columns == 0) return;
  if (n.depth == 0) {
    for (int64_t i = 0; i < n.batch; ++i) scale({i, 0, 0, n.rows, n.columns}, beta, s, c);
    return;
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (!multiply_in_tiles(n, alpha, a, b, beta, s, c)) compute_blocks(n, cut_for_blas(n), BlasProduct<T>(n, alpha, a, b, beta, s, c));
  } else {
    compute_blocks(n, cut_for_blas(n), IntegerProduct<T>(n, alpha, a, b, beta, s, c));
  }
}

template <class T> int64_t rows_of_block(const ProductSizes& n, Matrices<const T> a, Matrices<const T> b, Matrices<T> c) {
  if (n.rows == 0 || n.columns == 0 || n.depth == 0) return 0;
  const auto rows = [](const Cut& cut) { return cut.along_rows ? cut.extent : 0; };
  if (const TileLoops<T>* loops = tile_loops<T>()) {
    const TiledProduct<T> product(*loops, n, a, b, T(1), {c.data, 0, c.row_stride, 1}, c);
    if (product.is_suited()) return rows(product.cut());
  }
  return rows(cut_for_blas(n));
}

template <class T>
void multiply_rows_of(const ProductSizes& n, int64_t first, int64_t last, Matrices<const T> a, Matrices<const T> b, Matrices<T> c) {
  const Matrices<const T> s{c.data, 0, c.row_stride, 1};
  const auto compute = [&](const Cut& cut, auto&& product) {
    compute_blocks(n, cut, product, first / cut.extent, (last + cut.extent - 1) / cut.extent);
  };
  if (const TileLoops<T>* loops = tile_loops<T>()) {
    TiledProduct<T> product(*loops, n, a, b, T(1), s, c);
    if (product.is_suited()) return compute(product.cut(), product);
  }
  compute(cut_for_blas(n), BlasProduct<T>(n, T(1), a, b, T(1), s, c));
}

#define XGRAD_INSTANTIATE(T)                                                                              \
  template int64_t rows_of_block(const ProductSizes&, Matrices<const T>, Matrices<const T>, Matrices<T>); \
  template void multiply_rows_of(const ProductSizes&, int64_t, int64_t, Matrices<const T>, Matrices<const T>, Matrices<T>);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

#define XGRAD_INSTANTIATE(T) template void multiply(const ProductSizes&, T, Matrices<const T>, Matrices<const T>, T, Matrices<const T>, Matrices<T>);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(int64_t)
XGRAD_INSTANTIATE(int32_t)
XGRAD_INSTANTIATE(uint8_t)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
