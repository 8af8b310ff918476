// Which derivative is being computed: for those who look on.
#pragma once

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

class Node;

/// The node that the calling thread's innermost sweep is at, until the sweep ends; null outside of sweeps.
XGRAD_API const Node* running_node();

}}  // namespace torch::xgrad
