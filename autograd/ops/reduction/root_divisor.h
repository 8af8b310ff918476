// Roots of sums of squares as divisors.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The roots, infinite where they are 0: x / root_divisor(root) is the derivative of the root, with the subgradient 0 at 0. There
/// it has no derivative of its own, which is NaN.
Tensor root_divisor(const Tensor& root);

}}  // namespace torch::xgrad
