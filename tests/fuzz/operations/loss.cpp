#include "../rules.h"

namespace graphs {

std::vector<Operation> loss_operations() {
  return {
      GRAPHS_CALL(loss_rule, torch::mse_loss(x, y, i)),
      GRAPHS_CALL(loss_rule, torch::l1_loss(x, y, i)),
      GRAPHS_CALL(loss_rule, torch::smooth_l1_loss(x, y, i, b)),
      GRAPHS_CALL(loss_rule, torch::huber_loss(x, y, i, b)),
      GRAPHS_CALL(loss_rule, torch::kl_div(x, y, i)),
      GRAPHS_CALL(loss_rule, torch::kl_div(x, y, i, true)),
      GRAPHS_CALL(loss_rule, F::mse_loss(x, y)),
      GRAPHS_CALL(loss_rule, F::l1_loss(x, y)),
      GRAPHS_CALL(loss_rule, F::huber_loss(x, y)),
      GRAPHS_CALL(probability_loss_rule, torch::binary_cross_entropy_with_logits(x, y)),
      GRAPHS_CALL(probability_loss_rule, torch::binary_cross_entropy_with_logits(x, y, z, w, i)),
      GRAPHS_CALL(probability_loss_rule, torch::binary_cross_entropy_with_logits(x, y, z, {}, i)),
      GRAPHS_CALL(probability_loss_rule, torch::kl_div(torch::log_softmax(x, -1), torch::softmax(y, -1), i)),
      GRAPHS_CALL(weighted_probability_loss_rule, torch::binary_cross_entropy(x, y, {}, i)),
      GRAPHS_CALL(weighted_probability_loss_rule, torch::binary_cross_entropy(x, y, z, i)),
      GRAPHS_CALL(label_loss_rule, torch::nll_loss(x, y, z, i, j)),
      GRAPHS_CALL(label_loss_rule, torch::nll_loss(x, y)),
      GRAPHS_CALL(label_loss_rule, torch::cross_entropy_loss(x, y, z, i, j)),
      GRAPHS_CALL(label_loss_rule, torch::cross_entropy_loss(x, y)),
      GRAPHS_CALL(label_loss_rule, torch::cross_entropy_loss(x, y, {}, i, j, 0.25)),
      GRAPHS_CALL(label_loss_rule, torch::cross_entropy_loss(x, w)),
      GRAPHS_CALL(label_loss_rule, torch::cross_entropy_loss(x, w, z, i, -100, 0.25)),
      GRAPHS_CALL(distance_rule, torch::cosine_similarity(x, y, i)),
      GRAPHS_CALL(distance_rule, torch::pairwise_distance(x, y)),
      GRAPHS_CALL(distance_rule, torch::pairwise_distance(x, y, b)),
  };
}

}  // namespace graphs
