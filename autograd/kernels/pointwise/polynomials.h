// Orthogonal polynomials of a and the order b, whose fraction doesn't count: 0 for a negative order, NaN, or one beyond int64. Elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Chebyshev's of the four kinds, and the same of 2a - 1.
extern const LoopTable chebyshev_t, chebyshev_u, chebyshev_v, chebyshev_w;
extern const LoopTable shifted_chebyshev_t, shifted_chebyshev_u, shifted_chebyshev_v, shifted_chebyshev_w;
/// Hermite's, of the weights exp(-a^2) and exp(-a^2 / 2).
extern const LoopTable hermite_h, hermite_he;
extern const LoopTable laguerre, legendre;

}}}  // namespace torch::xgrad::kernels
