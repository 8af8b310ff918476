// The derivative of what goes in steps.
#pragma once

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad {

/// Zeros: the gradient of an input on which a value depends in steps, or not at all. Stating it, as in wrt(x, zero_slope),
/// keeps the value part of the graph.
inline Tensor zero_slope(const Tensor& gy) { return zeros_like(gy); }

/// `value`, part of the graph of x too, which it does not depend on, or in steps. `operation` names the node.
Tensor in_steps_of(const Operation& operation, const Tensor& x, const Tensor& value);

}}  // namespace torch::xgrad
