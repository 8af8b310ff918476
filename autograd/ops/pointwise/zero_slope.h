// The derivative of what goes in steps.
#pragma once

#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad {

/// Zeros: the gradient of an input on which a value depends in steps, or not at all. Stating it, as in wrt(x, zero_slope),
/// keeps the value part of the graph.
inline Tensor zero_slope(const Tensor& gy) { return zeros_like(gy); }

}}  // namespace torch::xgrad
