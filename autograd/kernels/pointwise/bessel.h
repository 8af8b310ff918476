// Bessel functions and Airy's, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Modified Bessel functions of the first kind.
extern const LoopTable i0, i1;
/// The same times exp(-|a|).
extern const LoopTable i0e, i1e;
/// Modified Bessel functions of the second kind: inf at 0, NaN below.
extern const LoopTable k0, k1;
/// The same times exp(a).
extern const LoopTable k0e, k1e;

/// Bessel functions of the first and of the second kind; those of the second are -inf at 0 and NaN below.
extern const LoopTable j0, j1, y0, y1;
/// sin(a) / a.
extern const LoopTable spherical_j0;

/// Airy's function Ai.
extern const LoopTable airy_ai;

}}}  // namespace torch::xgrad::kernels
