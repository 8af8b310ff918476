// Penalties for large weights, to be added to a loss.
#pragma once

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace train {

/// The sum of |w| over all elements, 0-d and differentiable; the derivative at 0 is 0. Throws for no parameters and for integral ones.
///
///     loss = loss + 1e-4 * l1_penalty(net->parameters());
XGRAD_API Tensor l1_penalty(const std::vector<Tensor>& parameters);
/// The sum of w^2, whose derivative is 2w: c * l2_penalty is what weight_decay(2c) of SGD does.
XGRAD_API Tensor l2_penalty(const std::vector<Tensor>& parameters);

}}}  // namespace torch::xgrad::train
