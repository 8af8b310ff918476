// Choosing between values elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The larger and the smaller of two; a NaN wins. Then the same where a NaN loses.
extern const LoopTable maximum, minimum, fmax, fmin;
/// a limited to [b, c] (c where c < b); a NaN among them wins.
extern const LoopTable clamp;
extern const LoopTable clamp_min, clamp_max;
/// b where the condition a, a Bool or Byte operand, is not 0, else c.
extern const LoopTable where;

/// The part of the gradient a that goes to b in maximum(b, c): all where b is chosen, half where both are.
extern const LoopTable maximum_share, minimum_share;
/// The same in fmax(b, c) and fmin(b, c), where b is chosen when both are equal. Parameters: Chosen.
struct Chosen {
  bool second;  ///< give the part of c instead
};
extern const LoopTable fmax_share, fmin_share;

/// The gradient a where low <= b <= high, else 0. Parameters: Range.
struct Range {
  double low, high;
};
extern const LoopTable inside_range;

}}}  // namespace torch::xgrad::kernels
