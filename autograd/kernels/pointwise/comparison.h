// Comparisons, logic and tests, elementwise; results are Bool.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable eq, ne, lt, le, gt, ge;
extern const LoopTable isnan, isinf, isfinite;
/// |a - b| <= atol + |rtol * b|, or equal; parameters: Tolerance.
struct Tolerance {
  double rtol, atol;
  bool equal_nan;
};
extern const LoopTable isclose;

/// Of booleans.
extern const LoopTable logical_and, logical_or, logical_xor, logical_not;
/// Of integers and booleans; results have their dtype.
extern const LoopTable bitwise_and, bitwise_or, bitwise_xor, bitwise_not;

}}}  // namespace torch::xgrad::kernels
