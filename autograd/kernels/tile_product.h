// Products of floating matrices computed in register tiles by loops for the instruction set of the machine.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// c = a b + s, for a of rows x depth and b of depth x columns, none of them 0. Strides are in elements and may be anything.
/// Without s nothing is added; s may be c. c_column and s_column are 1.
template <class T>
struct TileProduct {
  int64_t rows, columns, depth;
  const T* a;
  int64_t a_row, a_depth;
  const T* b;
  int64_t b_depth, b_column;
  const T* s;
  int64_t s_row, s_column;
  T* c;
  int64_t c_row, c_column;
};

/// How the lanes of a register are used. Every element is one sum over the depth in an order that follows from the way and
/// the depth alone, so a product may be cut into blocks at will.
enum class TileWay {
  kColumns,  ///< for neighbours in a row of c; where b's rows don't lie side by side, they are copied
  kRows,     ///< for neighbours in a column of c, when there are few columns; wants a_row == 1
  kDepth     ///< for parts of one sum, when there are few outputs; wants a_depth == 1 and b_depth == 1
};

/// The loops of one instruction set.
template <class T>
struct TileLoops {
  int64_t lanes;                              ///< elements in a register
  int64_t most_products;                      ///< multiplications from which on OpenBLAS is faster
  void (*by_way[3])(const TileProduct<T>&);

  /// True iff these loops are the fastest for p.
  bool suit(const TileProduct<T>& p) const;
  /// The fastest way for p, and for every block of it.
  TileWay way(const TileProduct<T>& p) const;
  void run(TileWay way, const TileProduct<T>& p) const { by_way[static_cast<int>(way)](p); }
};

/// The loops of the instruction set in use, null if there are none for it.
template <class T>
const TileLoops<T>* tile_loops();

}  // namespace xgrad::kernels
