#include <xgrad/optim/sparse_adam.h>

#include <cmath>

#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/listed_rows.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

SparseAdamOptions::SparseAdamOptions() = default;
SparseAdamOptions::SparseAdamOptions(double lr) { lr_.state(lr); }
void SparseAdamOptions::check() const {
  detail::check_option(lr() > 0, "SparseAdam", "learning rate", lr());
  detail::check_option(eps() > 0, "SparseAdam", "epsilon value", eps());
  const auto [beta1, beta2] = betas();
  detail::check_option(beta1 >= 0 && beta1 < 1, "SparseAdam", "beta parameter at index 0", beta1);
  detail::check_option(beta2 >= 0 && beta2 < 1, "SparseAdam", "beta parameter at index 1", beta2);
}

SparseAdam::SparseAdam(std::vector<OptimizerParamGroup> param_groups, SparseAdamOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<SparseAdamOptions>(defaults)) {}
SparseAdam::SparseAdam(std::vector<Tensor> params, SparseAdamOptions defaults)
    : Optimizer(std::move(params), std::make_unique<SparseAdamOptions>(defaults)) {}
std::unique_ptr<OptimizerParamState> SparseAdam::new_state() const { return std::make_unique<SparseAdamParamState>(); }

namespace {

void update_rows_by_adam(const Tensor& p, SparseAdamParamState& state, const SparseAdamOptions& o) {
  const auto [beta1, beta2] = o.betas();
  const auto t = static_cast<double>(++state.step());
  const RowsOnce g(p.grad());
  if (g.values.numel() == 0) return;
  const Tensor m = state.exp_avg().index_select(0, g.positions), v = state.exp_avg_sq().index_select(0, g.positions);
  m.add_((g.values - m).mul_(1 - beta1));
  v.add_((g.values * g.values).sub_(v).mul_(1 - beta2));
  const Tensor change = m / v.sqrt().add_(o.eps());
  replace_rows(state.exp_avg(), g.positions, m);
  replace_rows(state.exp_avg_sq(), g.positions, v);
  add_to_rows(p, g.positions, change, -o.lr() * std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t)));
}

}  // namespace

Tensor SparseAdam::step(LossClosure closure) {
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets()) {
    XGRAD_CHECK(t.parameter->grad().is_sparse(),
                "[SparseAdam] SparseAdam does not support dense gradients, please consider Adam instead, got one of ", *t.parameter);
    if (OptimizerParamState* state = find_state(t)) {
      check_state(*t.parameter, state_as<SparseAdamParamState>(*state).exp_avg());
      check_state(*t.parameter, state_as<SparseAdamParamState>(*state).exp_avg_sq());
    }
  }
  for (const Target& t : targets_) {
    auto& state = static_cast<SparseAdamParamState&>(state_of(t));
    if (!state.exp_avg().defined()) state.exp_avg() = zeros_like(*t.parameter);
    if (!state.exp_avg_sq().defined()) state.exp_avg_sq() = zeros_like(*t.parameter);
  }
  for (const Target& t : targets_)
    update_rows_by_adam(*t.parameter, static_cast<SparseAdamParamState&>(state_of(t)), static_cast<const SparseAdamOptions&>(*t.options));
  return loss;
}

}}}  // namespace torch::xgrad::optim
