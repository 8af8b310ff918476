// Elementwise loops over inputs that lie in another order than the output, as those of a transposed matrix do.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The iteration cut into tiles of a few rows along `axis` and a few columns along the innermost one. An input that steps
/// further along the columns than along the rows is brought into order tile by tile, so that each of its cache lines is read
/// once. Where rows are short and adjoin in the output, every input is brought into order, and a tile is one call of the loop.
/// Inputs that are one and the same view are brought into order once.
class OrderedTiles {
 public:
  /// The axis that makes this worthwhile, or -1. The iteration is simplified and not empty.
  static int find_axis(const Iteration& it);

  OrderedTiles(const Iteration& it, int axis);
  int64_t count() const { return places_.numel(); }
  /// Computes tiles [first, last). Without a loop they are copied: there is one input, of elements as large as the output's,
  /// which lie side by side along the innermost axis.
  void run(Loop loop, const void* parameters, int64_t first, int64_t last) const;

 private:
  struct Tile {
    char* const* at;  // of each operand
    int64_t rows, columns;
  };
  void run_in(char* buffer, Loop loop, const void* parameters, int64_t first, int64_t last) const;
  void run_tile(const Tile& t, char* buffer, Loop loop, const void* parameters) const;
  void copy_tile(const Tile& t, char* buffer) const;
  /// Brings input k into order at `to`, its rows `to_row` bytes apart.
  void bring(int k, const Tile& t, char* to, int64_t to_row) const;
  int find_input_for_output() const;
  void find_home(int k);
  void set_places();
  bool same_input(int k, int other) const;

  const Iteration& it_;
  int axis_, inner_;
  bool at_once_;  // True iff a tile is one call of the loop
  bool transposed_[kMaxOperands];
  int home_[kMaxOperands];  // the input that is brought into order for this one: itself or the same view before it; or 0
  int in_output_;           // the input that is brought into order in the output's memory, or 0
  int64_t height_, width_;  // of a tile
  int64_t room_;            // bytes for an input of a tile
  int64_t buffer_bytes_;    // for all that are brought into order in memory of their own
  int64_t steps_[kMaxOperands], row_steps_[kMaxOperands];  // of what the loop reads and writes
  Iteration places_;   // one position per tile: the other axes, then tiles along `axis`, then along the innermost one
  int down_, across_;  // which axes of places_ the latter are, or -1 for a single tile
};

}}}  // namespace torch::xgrad::kernels
