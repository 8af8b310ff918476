#include "../rules.h"

namespace graphs {

std::vector<Operation> indexing_operations() {
  return {
      GRAPHS_CALL(gather_rule, torch::gather(x, i, y)),
      GRAPHS_CALL(gather_rule, torch::scatter(x, i, y, a)),
      GRAPHS_CALL(gather_rule, torch::take_along_dim(x, y, i)),
      GRAPHS_CALL(scatter_rule, torch::scatter_add(x, i, y, z)),
      GRAPHS_CALL(index_select_rule, torch::index_select(x, i, y)),
      GRAPHS_CALL(index_select_rule, torch::index_fill(x, i, y, a)),
      GRAPHS_CALL(index_add_rule, torch::index_add(x, i, y, z, a)),
      GRAPHS_CALL(index_add_rule, torch::index_copy(x, i, y, z)),
      GRAPHS_CALL(index_add_rule, torch::index_add(x, i, y, z)),
      GRAPHS_CALL(take_rule, torch::take(x, y)),
      GRAPHS_CALL(mask_rule, torch::masked_fill(x, y, a)),
      GRAPHS_CALL(mask_rule, torch::masked_fill(x, y, z)),
      GRAPHS_CALL(mask_rule, torch::masked_select(x, y)),
      GRAPHS_CALL(row_mask_rule, x.index({y})),
      GRAPHS_CALL(row_mask_rule, torch::index_put(x, {y}, z)),
      GRAPHS_CALL(one_index_rule, torch::index_put(x, {y}, z, true)),
      GRAPHS_CALL(one_index_rule, x.index({y, "..."})),
      GRAPHS_CALL(one_index_rule, x.index({None, y})),
      GRAPHS_CALL(last_index_rule, x.index({Slice(), y})),
      GRAPHS_CALL(last_index_rule, x.index({Slice(0, 1), y})),
      GRAPHS_CALL(last_index_rule, x.index({Slice(), y, None})),
      GRAPHS_CALL(two_indices_rule, x.index({y, w})),
      GRAPHS_CALL(two_indices_rule, torch::index_put(x, {y, w}, z, true)),
      GRAPHS_CALL(two_indices_rule, x.index({y, None, w})),
      GRAPHS_CALL(two_indices_rule, x.index({y, w, "..."})),
      GRAPHS_CALL(outer_indices_rule, x.index({y, Slice(), w})),
      GRAPHS_CALL(outer_indices_rule, x.index({y, 0, w})),
      GRAPHS_CALL(embedding_rule, F::embedding(y, x)),
      GRAPHS_CALL(repeats_rule, torch::repeat_interleave(x, y, i)),
      GRAPHS_CALL(repeats_rule, torch::repeat_interleave(x, 2, i)),
  };
}

}  // namespace graphs
