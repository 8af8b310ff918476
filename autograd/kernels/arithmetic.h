// Elementwise arithmetic.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace xgrad::kernels {

/// a + alpha * b; parameters: AlphaParameter. Bool: a or (alpha and b).
struct AlphaParameter {
  double real;
  int64_t integer;
};
extern const LoopTable add_scaled;
extern const LoopTable mul;
extern const LoopTable div;
extern const LoopTable neg;

}  // namespace xgrad::kernels
