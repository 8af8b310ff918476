// Elementwise arithmetic. Integers wrap around.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A factor as floating loops and as integer loops take it.
struct Factor {
  double real;
  int64_t integer;
};

/// a + alpha * b; parameters: Factor. Bool: a or (alpha and b).
extern const LoopTable add_scaled;
extern const LoopTable mul;
extern const LoopTable div;
extern const LoopTable neg;
extern const LoopTable abs;
/// -1, 0 or 1; a NaN stays.
extern const LoopTable sign;
/// The derivative chosen for abs: sign, but 0 for NaN.
extern const LoopTable abs_slope;
/// a + value * b * c and a + value * b / c; parameters: Factor.
extern const LoopTable addcmul;
extern const LoopTable addcdiv;
/// From a (weight 0) to b (weight 1), exact at both ends.
extern const LoopTable lerp;

}}}  // namespace torch::xgrad::kernels
