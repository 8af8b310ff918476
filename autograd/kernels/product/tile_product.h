// Products of floating matrices computed in register tiles by loops for the instruction set of the machine.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// c = a b + s, for a of rows x depth and b of depth x columns, none of them 0. Strides are in elements and may be anything.
/// Without s nothing is added; s may be c. c_column and s_column are 1.
template <class T> struct TileProduct {
  int64_t rows, columns, depth;
  const T* a;
  int64_t a_row, a_depth;
  const T* b;
  int64_t b_depth, b_column;
  const T* s;
  int64_t s_row, s_column;
  T* c;
  int64_t c_row, c_column;
  T* room;  ///< of as many elements as TileLoops::room() says, null if none
};

/// The product of the transposed factors, in the other order.
template <class T> constexpr TileProduct<T> transposed(const TileProduct<T>& p) {
  return {p.columns, p.rows, p.depth,    p.b,     p.b_column, p.b_depth,  p.a,     p.a_depth,
          p.a_row,   p.s,    p.s_column, p.s_row, p.c,        p.c_column, p.c_row, p.room};
}

/// Columns of b whose copies are kept while rows of a pass by in several blocks, panels of columns that are copied at once, the most
/// multiplications that are added up before they are added to c, and the part of a that is multiplied by one panel after the
/// other: half a second-level cache.
constexpr int64_t kKeptColumns = 768, kPanelsAtOnce = 4, kDepthAtOnce = 1024, kCachedBytes = 1 << 19;

constexpr int64_t depth_at_once(int64_t depth) {
  if (depth <= kDepthAtOnce) return depth;
  const int64_t parts = (depth + kDepthAtOnce - 1) / kDepthAtOnce;
  return ((depth + parts - 1) / parts + 15) / 16 * 16;
}

template <class T> constexpr int64_t rows_at_once(const TileProduct<T>& p) {
  constexpr int64_t kCached = kCachedBytes / int64_t{sizeof(T)};
  const int64_t depth = depth_at_once(p.depth);
  return p.rows * depth <= kCached ? p.rows : kCached / depth / 16 * 16;
}

/// Columns of b that there are copies of at a time, where a panel has `width`.
template <class T> constexpr int64_t columns_at_once(const TileProduct<T>& p, int64_t width) {
  const int64_t most = rows_at_once(p) < p.rows ? kKeptColumns : kPanelsAtOnce * width;
  return p.columns < most ? p.columns : most;
}

/// The largest power of two that divides a stride. The larger it is, the fewer of a cache's sets take what lies so far apart.
constexpr int64_t power_of_two_in(int64_t stride) { return stride & -stride; }

/// True iff `runs` short runs of elements, `stride` apart, drive each other out of the second-level cache.
template <class T> constexpr bool collide(int64_t stride, int64_t runs) {
  constexpr int64_t kLine = 64 / sizeof(T), kLines = 32768;
  return runs * (power_of_two_in(stride) / kLine) > kLines;
}

/// True iff by_columns copies b: its rows don't lie side by side, or so many rows of a are multiplied by it that it pays to
/// bring them closer together.
template <class T> constexpr bool copies_b(const TileProduct<T>& p) {
  constexpr int64_t kFarApart = 2048 / sizeof(T);
  return p.b_column != 1 || p.rows >= 512 || (p.rows >= 128 && p.b_depth >= kFarApart) ||
         (p.rows >= 64 && collide<T>(p.b_depth, depth_at_once(p.depth)));
}

/// True iff by_columns copies a: a tile's elements lie far apart, or would drive each other out of the cache.
template <class T> constexpr bool copies_a(const TileProduct<T>& p) {
  constexpr int64_t kFarApart = 1024 / sizeof(T);
  if (p.rows < 64 || p.columns < 64) return false;
  if (p.a_row == 1) return p.a_depth >= kFarApart;
  return p.a_depth == 1 && power_of_two_in(p.a_row) > 2 * depth_at_once(p.depth);
}

/// How the lanes of a register are used. By columns and by rows, every element is one sum over the depth in an order that follows
/// from the depth alone, so a product may be cut into blocks at will.
enum class TileWay {
  kColumns,  ///< for neighbours in a row of c; b is copied if its rows don't lie side by side
  kRows,     ///< for neighbours in a column of c; a is copied if its columns don't lie side by side
  kDepth     ///< for parts of one sum, when there are few outputs; wants a_depth == 1 and b_depth == 1
};

/// The loops of one instruction set.
template <class T> struct TileLoops {
  int64_t lanes;  ///< elements in a register, a power of two
  int64_t width;  ///< columns of a panel
  void (*by_way[3])(const TileProduct<T>&);

  /// True iff these loops are the fastest for p.
  bool suit(const TileProduct<T>& p) const;
  /// The fastest way for p, and for every block of it.
  TileWay way(const TileProduct<T>& p) const;
  /// The elements that the way copies at once.
  int64_t room(TileWay way, const TileProduct<T>& p) const {
    if (way == TileWay::kDepth) return 0;
    return way == TileWay::kColumns ? room(p) : room(transposed(p));
  }
  void run(TileWay way, const TileProduct<T>& p) const { by_way[static_cast<int>(way)](p); }

 private:
  int64_t room(const TileProduct<T>& p) const {
    const bool a = copies_a(p), b = copies_b(p);
    if (!a && !b) return 0;
    const int64_t columns = b ? columns_at_once(p, width) : 0, rows = a ? rows_at_once(p) : 0;
    return (((columns + lanes - 1) & -lanes) + ((rows + lanes - 1) & -lanes)) * depth_at_once(p.depth);
  }
};

/// The loops of the instruction set in use, null if there are none for it.
template <class T> const TileLoops<T>* tile_loops();

}}}  // namespace torch::xgrad::kernels
