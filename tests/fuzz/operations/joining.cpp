#include "../rules.h"

namespace graphs {

std::vector<Operation> joining_operations() {
  return {
      GRAPHS_CALL(cat_rule, torch::cat(xs, i)),
      GRAPHS_CALL(stack_rule, torch::stack(xs, i)),
      GRAPHS_CALL(stack_rule, torch::hstack(xs)),
      GRAPHS_CALL(stack_rule, torch::vstack(xs)),
      GRAPHS_CALL(vectors_rule, torch::meshgrid(xs, "ij")),
      GRAPHS_CALL(broadcast_rule, torch::broadcast_tensors(xs)),
      GRAPHS_CALL(cat_rule, torch::concat(xs, i)),
      GRAPHS_CALL(stack_rule, torch::dstack(xs)),
      GRAPHS_CALL(stack_rule, torch::column_stack(xs)),
      GRAPHS_CALL(stack_rule, torch::row_stack(xs)),
      GRAPHS_CALL(broadcast_rule, torch::stack(torch::broadcast_tensors(xs), -1)),
  };
}

}  // namespace graphs
