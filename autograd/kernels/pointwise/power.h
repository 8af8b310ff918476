// Powers and roots, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// a to the b. Integers wrap around; a negative integer exponent gives 0 unless the base is 1 or -1.
extern const LoopTable pow;
extern const LoopTable square;
extern const LoopTable cube;
extern const LoopTable reciprocal;
extern const LoopTable reciprocal_square;
extern const LoopTable sqrt;
extern const LoopTable rsqrt;

}}}  // namespace torch::xgrad::kernels
