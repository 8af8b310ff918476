// Elementwise loops over inputs that lie in another order than the output, as those of a transposed matrix do.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace xgrad::kernels {

/// The iteration cut into tiles of a few rows along `axis` and a few columns along the innermost one. An input that steps
/// further along the columns than along the rows is brought into order tile by tile, so that each of its cache lines is read
/// once. Where rows are short and adjoin in the output, every input is brought into order, and a tile is one call of the loop.
class OrderedTiles {
 public:
  /// The axis that makes this worthwhile, or -1. The iteration is simplified and not empty.
  static int find_axis(const Iteration& it);

  OrderedTiles(const Iteration& it, int axis);
  int64_t count() const { return tiles_; }
  /// Computes tiles [first, last).
  void run(Loop loop, const void* parameters, int64_t first, int64_t last) const;

 private:
  struct Tile {
    char* at[kMaxOperands];
    int64_t rows, columns;
  };
  Tile tile(int64_t number) const;
  void run_tile(const Tile& t, Loop loop, const void* parameters) const;
  /// Brings input k into order at `to`.
  void bring(int k, const Tile& t, char* to) const;
  bool same_input(const Tile& t, int k, int other) const;

  const Iteration& it_;
  int axis_, inner_;
  bool at_once_;                 // True iff a tile is one call of the loop
  bool brought_[kMaxOperands];
  int64_t height_, width_;         // of a tile
  int64_t across_, down_, tiles_;  // tiles along the columns, along the rows, of all axes
};

}  // namespace xgrad::kernels
