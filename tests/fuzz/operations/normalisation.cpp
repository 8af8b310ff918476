#include "../rules.h"

namespace graphs {
namespace {

/// The result with the running statistics that it leaves behind.
Tensors running_batch_norm(const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& mean, const Tensors& variance, double momentum,
                           bool training) {
  if (!mean.defined()) return {torch::batch_norm(x, weight, bias, {}, {}, true, momentum, 1e-5, false)};
  const Tensor m = mean.clone(), v = variance[0].clone();
  const Tensor y = torch::batch_norm(x, weight, bias, m, v, training, momentum, 1e-5, false);
  return {y, m, v};
}

}  // namespace

std::vector<Operation> normalisation_operations() {
  return {
      GRAPHS_CALL(normalised_rule, torch::batch_norm(x, y, z, w.defined() ? w.clone() : w, w.defined() ? xs[0].clone() : w, flag, 0.1, 1e-5, false)),
      GRAPHS_CALL(normalised_rule, torch::batch_norm(x, y, z, {}, {}, true, 0.1, 1e-3, false)),
      GRAPHS_CALL(normalised_rule, running_batch_norm(x, y, z, w, xs, b, flag)),
      GRAPHS_CALL(normalised_rule, torch::instance_norm(x, y, z, w.defined() ? w.clone() : w, w.defined() ? xs[0].clone() : w, !w.defined() || flag,
                                                        0.1, 1e-5, false)),
      GRAPHS_CALL(normalised_rule, torch::group_norm(x, i, y, z, 1e-3)),
      GRAPHS_CALL(normalised_rule, torch::group_norm(x, i)),
      GRAPHS_CALL(normalised_rule, torch::group_norm(x, x.size(1), y, z)),
      GRAPHS_CALL(normalised_rule, F::batch_norm(x, w.defined() ? w.clone() : torch::zeros({x.size(1)}, x.options()),
                                                 w.defined() ? xs[0].clone() : torch::ones({x.size(1)}, x.options()))),
      GRAPHS_CALL(normalised_rule, F::group_norm(x, F::GroupNormFuncOptions(i).weight(y).bias(z))),
      GRAPHS_CALL(layer_rule, torch::layer_norm(x, p, y, z, 1e-3)),
      GRAPHS_CALL(layer_rule, torch::layer_norm(x, p)),
      GRAPHS_CALL(layer_rule, F::layer_norm(x, F::LayerNormFuncOptions(p).weight(y).bias(z))),
      GRAPHS_CALL(outer_rule, torch::_weight_norm(torch::outer(x, y), x.unsqueeze(1), 0)),
  };
}

}  // namespace graphs
