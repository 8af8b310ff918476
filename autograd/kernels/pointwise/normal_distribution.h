// The normal distribution function and the scaled error function, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// exp(a^2) erfc(a).
extern const LoopTable erfcx;
/// Phi, its logarithm and its inverse.
extern const LoopTable ndtr, log_ndtr, ndtri;

}}}  // namespace torch::xgrad::kernels
