// Division by a number that many elements share.
#pragma once

#include <cmath>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// x / divisor, for a divisor whose reciprocal is a normal number, and x that is 0, infinite, NaN or so large that
/// x * 2^-precision is normal. With fused multiply-adds it costs three of them instead of a division, to the same bits: the
/// remainder of an estimate within a unit of the last place is exact, and corrects it to the nearest quotient. (Markstein 1990,
/// "Computation of elementary functions on the IBM RISC System/6000 processor".)
template <class T, bool kFused> class KnownDivisor {
 public:
  explicit KnownDivisor(T divisor) : divisor_(divisor), reciprocal_(1 / divisor) {}

  T divide(T x) const {
    if constexpr (!kFused) return x / divisor_;
    const T estimate = x * reciprocal_;
    const T remainder = std::fma(-estimate, divisor_, x);
    const T nearest = std::fma(remainder, reciprocal_, estimate);
    return remainder == remainder ? nearest : estimate;  // infinity leaves no remainder
  }

 private:
  T divisor_, reciprocal_;
};

}}}  // namespace torch::xgrad::kernels
