// Comparisons, logic and tests, elementwise; results are Bool.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable eq, ne, lt, le, gt, ge;
extern const LoopTable isnan, isinf, isfinite, isposinf, isneginf;
/// Of every dtype.
extern const LoopTable signbit;
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
/// Of integers, by b modulo the bits of the dtype (32 for uint8): what x86 makes of it.
extern const LoopTable left_shift, right_shift;

}}}  // namespace torch::xgrad::kernels
