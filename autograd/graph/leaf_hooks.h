// The hooks of a leaf belong to it, and not to the node where its gradients end: that is another one when the leaf gets another dtype or
// shape, and there is none while it requires no gradient.
#pragma once

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

/// Keeps what hooks the node of leaf `t`, which it is about to lose, has.
void put_hooks_aside(TensorImpl& t, AccumulateGrad& node);
/// Gives them to its new node.
void bring_hooks_back(TensorImpl& t, AccumulateGrad& node);
/// Drops them with `t`.
void drop_hooks_aside(TensorImpl& t);

}}  // namespace torch::xgrad
