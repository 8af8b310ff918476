#include "../rules.h"

namespace graphs {

std::vector<Operation> graph_operations() {
  return {
      GRAPHS_CALL(grad_rule, torch::autograd::grad({x}, xs, {y}, flag, k, true)),
      GRAPHS_CALL(backward_rule, x.backward(y, flag, k)),
      GRAPHS_CALL(backward_rule, torch::autograd::backward({x, z}, {y, w}, flag, k)),
      GRAPHS_CALL(differentiable_rule, x.retain_grad()),
      GRAPHS_CALL(differentiable_rule, x.register_hook([](Tensor g) { return g * 2; })),
      GRAPHS_CALL(differentiable_rule, x.register_hook([](Tensor g) { return g.relu(); })),
      GRAPHS_CALL(differentiable_rule, x.detach()),
      GRAPHS_CALL(differentiable_rule, x.detach().clone()),
      GRAPHS_CALL(differentiable_rule, x.detach().requires_grad_()),
      GRAPHS_CALL(leaf_rule, x.grad()),
      GRAPHS_CALL(differentiable_rule, x.detach_()),
  };
}

}  // namespace graphs
