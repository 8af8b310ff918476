// Modified Bessel functions of the first kind, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable i0, i1;
/// The same times exp(-|a|).
extern const LoopTable i0e, i1e;

}}}  // namespace torch::xgrad::kernels
