// Signs, mantissas, exponents and divisors of numbers, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// |a| with the sign of b, and the number after a in the direction of b.
extern const LoopTable copysign, nextafter;
/// a = mantissa * 2^exponent with |mantissa| in [1/2, 1); infinities and NaN are their own mantissa, with exponent 0. Exponents are int32.
extern const LoopTable frexp_mantissa, frexp_exponent;
/// a, but `nan`, `posinf` or `neginf` for what they name. Parameters: Replacements.
struct Replacements {
  double nan, posinf, neginf;
};
extern const LoopTable nan_to_num;
/// 0 below 0, b at 0, 1 above; NaN of NaN.
extern const LoopTable heaviside;
/// 0 from 0 up, pi below; NaN of NaN.
extern const LoopTable angle;
/// Of integers; not negative unless it is too large.
extern const LoopTable gcd, lcm;

}}}  // namespace torch::xgrad::kernels
