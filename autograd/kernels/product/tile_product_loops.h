// The loops behind TileLoops, written once for all instruction sets.
//
// A file that includes this has included the registers of its instruction set (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/product/tile_product.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V> constexpr int64_t whole_registers(int64_t n) { return (n + V::kLanes - 1) / V::kLanes * V::kLanes; }

// What a tile reads and writes, beside the rows of a.
template <class V> struct Panel {
  const typename V::T* b;
  int64_t b_depth;
  const typename V::T* s;
  typename V::T* c;
  typename V::Mask last;  // lanes of the last register
  int64_t a_strip;        // from kLanes rows of a to the next kLanes
};

template <class V, int kRows, int kVectors> XGRAD_TARGET void tile(const TileProduct<typename V::T>& p, const Panel<V>& panel, int64_t row) {
  using T = typename V::T;
  constexpr int kLast = (kVectors - 1) * V::kLanes;
  typename V::R sums[kRows][kVectors];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) sums[i][v] = V::zero();
  const T *a = p.a + row / V::kLanes * panel.a_strip + row % V::kLanes * p.a_row, *b = panel.b;
  const int64_t a_row = p.a_row, a_depth = p.a_depth, b_depth = panel.b_depth;
  for (int64_t k = p.depth; k > 0; --k, a += a_depth, b += b_depth) {
    typename V::R y[kVectors];
    XGRAD_UNROLLED for (int v = 0; v + 1 < kVectors; ++v) y[v] = V::load(b + v * V::kLanes);
    y[kVectors - 1] = V::load(b + kLast, panel.last);
    XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
      const auto x = V::broadcast(a[i * a_row]);
      XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) sums[i][v] = V::fused(x, y[v], sums[i][v]);
    }
  }
  T* c = panel.c + row * p.c_row;
  if (panel.s) {
    const T* s = panel.s + row * p.s_row;
    XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
      XGRAD_UNROLLED for (int v = 0; v + 1 < kVectors; ++v) sums[i][v] = V::add(sums[i][v], V::load(s + i * p.s_row + v * V::kLanes));
      sums[i][kVectors - 1] = V::add(sums[i][kVectors - 1], V::load(s + i * p.s_row + kLast, panel.last));
    }
  }
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
    XGRAD_UNROLLED for (int v = 0; v + 1 < kVectors; ++v) V::store(c + i * p.c_row + v * V::kLanes, sums[i][v]);
    V::store(c + i * p.c_row + kLast, sums[i][kVectors - 1], panel.last);
  }
}

// All rows of up to kVectors registers of columns.
template <class V, int kVectors> XGRAD_TARGET void all_rows(const TileProduct<typename V::T>& p, const Panel<V>& panel) {
  int64_t row = 0;
  if constexpr (kVectors <= V::kVectors) {
    for (; p.rows - row >= V::kRows; row += V::kRows) tile<V, V::kRows, kVectors>(p, panel, row);
    if constexpr (V::kRows > 4)
      if (p.rows - row >= 4) tile<V, 4, kVectors>(p, panel, row), row += 4;
    if (p.rows - row >= 2) tile<V, 2, kVectors>(p, panel, row), row += 2;
  }
  for (; row < p.rows; ++row) tile<V, 1, kVectors>(p, panel, row);
}

template <class V, int kVectors = V::kRowVectors>
XGRAD_INLINED void all_rows_of(int vectors, const TileProduct<typename V::T>& p, const Panel<V>& panel) {
  if constexpr (kVectors > 1)
    if (vectors < kVectors) return all_rows_of<V, kVectors - 1>(vectors, p, panel);
  all_rows<V, kVectors>(p, panel);
}

// Columns of the next panel, where so many are left. A single register left over would make tiles too small to hide the latency of their sums.
template <class V, int64_t kWidth> XGRAD_INLINED int64_t panel_width(int64_t left) {
  if constexpr (V::kRows <= 4 && kWidth == V::kVectors * V::kLanes && V::kVectors > 2)
    if (left > kWidth && left <= kWidth + V::kLanes) return kWidth - V::kLanes;
  return smaller(kWidth, left);
}

// Panels of kWidth columns of b one after the other, each as rows of whole registers.
template <class V, int kWidth>
XGRAD_TARGET void copy_panels(const typename V::T* b, int64_t b_depth, int64_t b_column, int64_t depth, int64_t columns, typename V::T* to) {
  using T = typename V::T;
  if (b_column == 1) {
    // Several panels at once: reads of a panel's width, rows apart, would each wait for memory.
    constexpr int64_t kAtOnce = kPanelsAtOnce * kWidth;
    for (int64_t j = 0; j < columns; j += kAtOnce) {
      const int64_t n = smaller(kAtOnce, columns - j);
      for (int64_t d = 0; d < depth; ++d) {
        const T* from = b + d * b_depth + j;
        T* panel = to + j * depth;
        int64_t left = n;
        for (; panel_width<V, kWidth>(left) == kWidth; left -= kWidth, from += kWidth, panel += kWidth * depth)
          XGRAD_UNROLLED for (int v = 0; v < kWidth; v += V::kLanes) V::store(panel + d * kWidth + v, V::load(from + v));
        if (left > kWidth) {
          constexpr int64_t kNarrow = kWidth - V::kLanes;
          for (int64_t v = 0; v < kNarrow; v += V::kLanes) V::store(panel + d * kNarrow + v, V::load(from + v));
          left -= kNarrow, from += kNarrow, panel += kNarrow * depth;
        }
        panel += d * whole_registers<V>(left);
        for (; left >= V::kLanes; left -= V::kLanes, from += V::kLanes, panel += V::kLanes) V::store(panel, V::load(from));
        if (left > 0) V::store(panel, V::load(from, V::mask(left)));
      }
    }
    return;
  }
  for (int64_t j = 0, n; j < columns; j += n) {
    n = panel_width<V, kWidth>(columns - j);
    const int64_t to_row = whole_registers<V>(n);
    const T* from = b + j * b_column;
    T* panel = to + j * depth;
    if (b_depth == 1) {
      for (int64_t v = 0; v < n; v += V::kLanes)
        copy_transposed<V>(depth, smaller(V::kLanes, n - v), from + v * b_column, b_column, panel + v, to_row);
    } else {
      for (int64_t d = 0; d < depth; ++d)
        for (int64_t i = 0; i < n; ++i) panel[d * to_row + i] = from[d * b_depth + i * b_column];
    }
  }
}

// c[j][i] = piece[i][j], and s[j][i] is added if there is an s; `stride` is from one row of the piece to the next.
template <class V>
XGRAD_TARGET void put_transposed(const TileProduct<typename V::T>& p, const typename V::T* piece, int64_t stride, int64_t rows, int64_t columns,
                                 const typename V::T* s, typename V::T* c) {
  if (rows <= V::kLanes / 4) {
    for (int64_t j = 0; j < columns; ++j)
      for (int64_t i = 0; i < rows; ++i) {
        const auto y = piece[i * stride + j];
        c[j * p.c_column + i] = s ? y + s[j * p.s_column + i] : y;
      }
    return;
  }
  const auto mask = V::mask(rows);
  for (int64_t j = 0; j < columns; j += V::kLanes) {
    const int64_t n = smaller(V::kLanes, columns - j);
    typename V::R x[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) x[i] = i < rows ? V::load(piece + i * stride + j) : V::zero();
    transpose<V>(x);
    XGRAD_UNROLLED for (int r = 0; r < V::kLanes; ++r) if (r < n)
        V::store(c + (j + r) * p.c_column, s ? V::add(x[r], V::load(s + (j + r) * p.s_column, mask)) : x[r], mask);
  }
}

// All rows of a panel of `columns`, in `vectors` registers. kTransposed: neighbours in a column of c and s lie side by side.
template <class V, bool kTransposed>
XGRAD_INLINED void rows_of_panel(const TileProduct<typename V::T>& p, const Panel<V>& panel, int vectors, int64_t columns) {
  if constexpr (!kTransposed) {
    all_rows_of<V>(vectors, p, panel);
  } else {
    constexpr int64_t kWidth = V::kVectors * V::kLanes;
    alignas(64) typename V::T piece[V::kLanes * kWidth];
    TileProduct<typename V::T> part = p;
    part.c_row = kWidth;
    for (int64_t i = 0; i < p.rows; i += V::kLanes) {
      part.rows = smaller(V::kLanes, p.rows - i);
      part.a = p.a + i / V::kLanes * panel.a_strip;
      all_rows_of<V, V::kVectors>(vectors, part, {panel.b, panel.b_depth, nullptr, piece, panel.last, panel.a_strip});
      put_transposed<V>(p, piece, kWidth, part.rows, columns, panel.s ? panel.s + i : nullptr, panel.c + i);
    }
  }
}

// Panel by panel of all columns. kCopied: panels of b lie one after the other in the room, in whole registers.
template <class V, bool kTransposed, bool kCopied>
XGRAD_TARGET __attribute__((noinline)) void each_panel(const TileProduct<typename V::T>& p, int64_t width, int64_t a_strip) {
  constexpr int64_t kWidth = V::kVectors * V::kLanes;
  for (int64_t j = 0, n; j < p.columns; j += n) {
    n = width == kWidth ? panel_width<V, kWidth>(p.columns - j) : smaller(width, p.columns - j);
    const int vectors = static_cast<int>(whole_registers<V>(n) / V::kLanes);
    const auto last = V::mask(n - (vectors - 1) * V::kLanes);
    const auto* s = p.s ? p.s + j * p.s_column : nullptr;
    auto* c = p.c + j * p.c_column;
    if constexpr (kCopied) rows_of_panel<V, kTransposed>(p, {p.room + j * p.depth, vectors * V::kLanes, s, c, last, a_strip}, vectors, n);
    else rows_of_panel<V, kTransposed>(p, {p.b + j, p.b_depth, s, c, last, a_strip}, vectors, n);
  }
}

// For as many rows of a and columns of b as the cache holds, for a part of the depth after the other. Panels are copied just before
// their first use, and kept if more rows follow.
template <class V, bool kTransposed> XGRAD_TARGET void by_parts(const TileProduct<typename V::T>& p) {
  constexpr int kWidth = V::kVectors * V::kLanes;
  const bool a_copied = copies_a(p), b_copied = copies_b(p);
  const int64_t rows = rows_at_once(p), depth = depth_at_once(p.depth), kept = columns_at_once(p, kWidth);
  const int64_t columns = b_copied ? smaller(kPanelsAtOnce * kWidth, kept) : p.columns, wide = b_copied && rows < p.rows ? kept : p.columns;
  auto* const a_room = p.room + (b_copied ? whole_registers<V>(kept) * depth : 0);
  TileProduct<typename V::T> part = p;
  int64_t a_strip = V::kLanes * p.a_row;
  for (int64_t first = 0; first < p.columns; first += wide)
    for (int64_t k = 0; k < p.depth; k += depth) {
      part.depth = smaller(depth, p.depth - k);
      for (int64_t i = 0; i < p.rows; i += rows) {
        part.rows = smaller(rows, p.rows - i);
        part.a = p.a + i * p.a_row + k * p.a_depth;
        if (a_copied) {
          copy_panels<V, V::kLanes>(part.a, p.a_depth, p.a_row, part.depth, part.rows, a_room);
          part.a = a_room;
          part.a_row = 1;
          part.a_depth = V::kLanes;
          a_strip = V::kLanes * part.depth;
        }
        const int64_t end = smaller(first + wide, p.columns);
        for (int64_t j = first; j < end; j += columns) {
          part.columns = smaller(columns, end - j);
          part.b = p.b + j * p.b_column + k * p.b_depth;
          part.c = p.c + i * p.c_row + j * p.c_column;
          if (k > 0) part.s = part.c, part.s_row = p.c_row, part.s_column = p.c_column;
          else part.s = p.s ? p.s + i * p.s_row + j * p.s_column : nullptr, part.s_row = p.s_row, part.s_column = p.s_column;
          if (b_copied) {
            part.room = p.room + (rows < p.rows ? (j - first) * part.depth : 0);
            if (i == 0) copy_panels<V, kWidth>(part.b, p.b_depth, p.b_column, part.depth, part.columns, part.room);
            each_panel<V, kTransposed, true>(part, kWidth, a_strip);
          } else {
            each_panel<V, kTransposed, false>(part, kWidth, a_strip);
          }
        }
      }
    }
}

template <class V, bool kTransposed> XGRAD_TARGET void by_panels(const TileProduct<typename V::T>& p) {
  constexpr int64_t kWidth = V::kVectors * V::kLanes;
  const int64_t a_strip = V::kLanes * p.a_row;
  const bool copies_in_parts = p.room && (p.columns > kPanelsAtOnce * kWidth || copies_a(p));
  if (p.depth > kDepthAtOnce || rows_at_once(p) < p.rows || copies_in_parts) return by_parts<V, kTransposed>(p);
  if (!p.room) return each_panel<V, kTransposed, false>(p, p.rows == 1 && !kTransposed ? V::kRowVectors * V::kLanes : kWidth, a_strip);
  copy_panels<V, kWidth>(p.b, p.b_depth, p.b_column, p.depth, p.columns, p.room);
  each_panel<V, kTransposed, true>(p, kWidth, a_strip);
}

template <class V> XGRAD_TARGET void by_columns(const TileProduct<typename V::T>& p) { by_panels<V, false>(p); }

template <class V> XGRAD_TARGET void by_rows(const TileProduct<typename V::T>& p) {
  const bool is_vector = p.columns == 1 && p.c_row == 1 && (!p.s || p.s_row == 1);
  if (is_vector) by_panels<V, false>(transposed(p));
  else by_panels<V, true>(transposed(p));
}

// Rows of a and columns of b, as places to read them from.
template <class V, int kRows> struct Factors {
  const typename V::T *a, *b;
  int64_t a_row[kRows], b_column[4], b_group;
};

template <class V, int kRows, int kColumns, class... Mask>
XGRAD_INLINED void add_products(typename V::R (&sums)[kRows * kColumns], const Factors<V, kRows>& f, int64_t k, Mask... mask) {
  typename V::R x[kRows];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) x[i] = V::load(f.a + f.a_row[i] + k, mask...);
  const typename V::T* group = f.b + k;
  XGRAD_UNROLLED for (int g = 0; g < kColumns; g += 4, group += f.b_group) XGRAD_UNROLLED for (int j = g; j < g + 4; ++j) {
    const auto y = V::load(group + f.b_column[j - g], mask...);
    XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) sums[i * kColumns + j] = V::fused(x[i], y, sums[i * kColumns + j]);
  }
}

// kRows rows of a times kColumns columns of b, of which `rows` and, where kColumns is 4, `columns` exist.
template <class V, int kRows, int kColumns>
XGRAD_TARGET void dots(const TileProduct<typename V::T>& p, int64_t row, int64_t column, int64_t rows, int64_t columns) {
  using T = typename V::T;
  constexpr int kSums = kRows * kColumns;
  Factors<V, kRows> f{p.a + row * p.a_row, p.b + column * p.b_column, {}, {}, 4 * p.b_column};
  // What does not exist reads the first row or column again.
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) f.a_row[i] = i < rows ? i * p.a_row : 0;
  XGRAD_UNROLLED for (int j = 0; j < 4; ++j) f.b_column[j] = j < columns ? j * p.b_column : 0;
  typename V::R sums[kSums];
  XGRAD_UNROLLED for (int i = 0; i < kSums; ++i) sums[i] = V::zero();
  int64_t k = 0;
  for (; k + V::kLanes <= p.depth; k += V::kLanes) add_products<V, kRows, kColumns>(sums, f, k);
  if (k < p.depth) add_products<V, kRows, kColumns>(sums, f, k, V::mask(p.depth - k));

  alignas(64) T values[V::kLanes];
  V::store(values, lane_sums<V, kSums>(sums));
  T* c = p.c + row * p.c_row + column * p.c_column;
  const T* s = p.s ? p.s + row * p.s_row + column * p.s_column : nullptr;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      T y = values[i * kColumns + j];
      XGRAD_UNROLLED for (int more = kSums; more < V::kLanes; more += kSums) y += values[i * kColumns + j + more];
      c[i * p.c_row + j * p.c_column] = s ? y + s[i * p.s_row + j * p.s_column] : y;
    }
}

template <class V, int kRows, int kColumns> XGRAD_INLINED int64_t dots_of_columns(const TileProduct<typename V::T>& p, int64_t row, int64_t column) {
  for (; p.columns - column >= kColumns; column += kColumns) dots<V, kRows, kColumns>(p, row, column, smaller(kRows, p.rows - row), kColumns);
  return column;
}

template <class V> XGRAD_TARGET void by_depth(const TileProduct<typename V::T>& p) {
  if (p.columns < p.rows) return by_depth<V>(transposed(p));
  constexpr int kRows = V::kLanes / 4;
  for (int64_t i = 0; i < p.rows;) {
    const int64_t left = p.rows - i;
    int64_t rows = left > 1 ? smaller(kRows, left) : 1, j = 0;
    if (rows == 1) j = dots_of_columns<V, 1, V::kLanes>(p, i, 0);
    else j = dots_of_columns<V, kRows, 4>(p, i, 0);
    for (; j < p.columns; j += 4) {
      if (rows == 1) dots<V, 1, 4>(p, i, j, 1, smaller(4, p.columns - j));
      else dots<V, kRows, 4>(p, i, j, rows, smaller(4, p.columns - j));
    }
    i += rows;
  }
}

template <class V> constexpr TileLoops<typename V::T> tile_loops_of = {V::kLanes, V::kVectors* V::kLanes, {by_columns<V>, by_rows<V>, by_depth<V>}};

}  // namespace
}}}  // namespace torch::xgrad::kernels
