// A walk through the outer axes of an iteration.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The positions of the first few axes in row-major order: where each operand is there.
class IterationWalk {
 public:
  /// Begins at position `start` of the first `axes` axes.
  IterationWalk(const Iteration& it, int axes, int64_t start);
  /// To the next position; from the last one to the first.
  void step();

  char* at[kMaxOperands];
  int64_t index[kMaxAxes];

 private:
  const Iteration& it_;
  int axes_;
};

/// Calls body(pointers, rows) for each stretch of rows [first, last) of the iteration along its second innermost axis, a row
/// being its innermost one; `pointers` are those of the stretch's first row.
template <class Body> void each_stretch(const Iteration& it, int64_t first, int64_t last, Body body) {
  const int down = it.axes - 2;
  const int64_t height = it.sizes[down];
  IterationWalk walk(it, down, first / height);
  int64_t skipped = first % height;
  for (int64_t rows; first < last; first += rows, skipped = 0, walk.step()) {
    rows = std::min(height - skipped, last - first);
    char* at[kMaxOperands];
    for (int k = 0; k < it.operands; ++k) at[k] = walk.at[k] + skipped * it.strides[k][down];
    body(at, rows);
  }
}

}}}  // namespace torch::xgrad::kernels
