// A walk through the outer axes of an iteration.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace xgrad::kernels {

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

}  // namespace xgrad::kernels
