#include "../rules.h"

namespace graphs {
namespace {

/// Copies of the tensors after three steps down a curved function of them.
template <class Optimizer, class Options> Tensors trained(const Tensors& xs, const Options& options) {
  Tensors parameters;
  for (const Tensor& x : xs) parameters.push_back(x.detach().clone().requires_grad_());
  Optimizer optimizer(parameters, options);
  const auto loss = [&] {
    optimizer.zero_grad();
    Tensor sum = torch::zeros({}, parameters[0].options().requires_grad(false));
    double factor = 0.5;
    for (const Tensor& parameter : parameters) sum = sum + factor * (parameter - 0.25).square().sum() + parameter.sin().sum(), factor *= 2;
    sum.backward();
    return sum;
  };
  Tensors results;
  for (int n = 0; n < 3; ++n) results = {optimizer.step(loss)};
  for (const Tensor& parameter : parameters) results.push_back(parameter.detach());
  return results;
}

}  // namespace

std::vector<Operation> optimizer_operations() {
  return {
      GRAPHS_CALL(trained_rule,
                  trained<torch::optim::SGD>(
                      xs, torch::optim::SGDOptions(0.1).momentum(flag ? 0.9 : 0).dampening(flag && i > 1 ? 0.5 : 0).weight_decay(i % 2 ? 0.1 : 0))),
      GRAPHS_CALL(trained_rule,
                  trained<torch::optim::SGD>(xs, torch::optim::SGDOptions(0.05).momentum(0.5).nesterov(true).weight_decay(flag ? 0.1 : 0))),
      GRAPHS_CALL(trained_rule, trained<torch::optim::Adam>(xs, torch::optim::AdamOptions(0.1).amsgrad(flag).weight_decay(i % 2 ? 0.1 : 0))),
      GRAPHS_CALL(trained_rule,
                  trained<torch::optim::Adam>(xs, torch::optim::AdamOptions(0.1).betas(std::make_tuple(0.5, 0.9)).eps(1e-3).amsgrad(flag))),
      GRAPHS_CALL(trained_rule, trained<torch::optim::AdamW>(xs, torch::optim::AdamWOptions(0.1).amsgrad(flag).weight_decay(i % 2 ? 0.1 : 0))),
      GRAPHS_CALL(
          trained_rule,
          trained<torch::optim::Adagrad>(
              xs,
              torch::optim::AdagradOptions(0.1).lr_decay(flag ? 0.1 : 0).weight_decay(i % 2 ? 0.1 : 0).initial_accumulator_value(i > 1 ? 0.5 : 0))),
      GRAPHS_CALL(trained_rule,
                  trained<torch::optim::RMSprop>(
                      xs, torch::optim::RMSpropOptions(0.05).alpha(0.9).centered(flag).momentum(i % 2 ? 0.9 : 0).weight_decay(i > 1 ? 0.1 : 0))),
      GRAPHS_CALL(trained_rule, trained<torch::optim::LBFGS>(xs, torch::optim::LBFGSOptions(0.5).max_iter(3).history_size(flag ? 1 : 5))),
      GRAPHS_CALL(trained_rule, trained<torch::optim::LBFGS>(xs, torch::optim::LBFGSOptions(1).max_iter(4).line_search_fn("strong_wolfe"))),
  };
}

}  // namespace graphs
