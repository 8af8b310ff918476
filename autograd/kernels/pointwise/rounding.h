// Rounding, and division that rounds, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Integers stay as they are.
extern const LoopTable floor, ceil, trunc;
/// a - trunc(a).
extern const LoopTable frac;
/// To the nearest integer, halves to the even one.
extern const LoopTable round;
/// The same in units of 10^-decimals; parameters: the scale 10^|decimals| and whether decimals is negative.
struct Decimals {
  double scale;
  bool negative;
};
extern const LoopTable round_decimals;

// Integer divisors are not 0. Floating results for a divisor of 0 are those of a / b.
/// a / b rounded down, and towards 0.
extern const LoopTable div_floor, div_trunc;
/// What is left of a after those: with the sign of b, and with the sign of a.
extern const LoopTable remainder, fmod;

}}}  // namespace torch::xgrad::kernels
