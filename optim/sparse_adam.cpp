#include <xgrad/optim/sparse_adam.h>

#include <cmath>

#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/listed_rows.h>
#include <xgrad/optim/single_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void SparseAdamOptions::check() const {
  detail::check_option(lr() > 0, "SparseAdam", "learning rate", lr());
  detail::check_option(eps() > 0, "SparseAdam", "epsilon value", eps());
  detail::check_betas("SparseAdam", betas());
}

namespace {

struct SparseAdamRule {
  using Options = SparseAdamOptions;
  using State = SparseAdamParamState;

  static void check(const Tensor& p, const Options&) {
    XGRAD_CHECK(p.grad().is_sparse(), "[SparseAdam] SparseAdam does not support dense gradients, please consider Adam instead, got one of ", p);
  }

  static void update(const Tensor& p, const Tensor& gradient, const Options& o, State& state) {
    if (!state.exp_avg().defined()) state.exp_avg() = zeros_like(p);
    if (!state.exp_avg_sq().defined()) state.exp_avg_sq() = zeros_like(p);
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(++state.step());
    const RowsOnce g(gradient);
    if (g.values.numel() == 0) return;
    const Tensor m = state.exp_avg().index_select(0, g.positions), v = state.exp_avg_sq().index_select(0, g.positions);
    m.add_((g.values - m).mul_(1 - beta1));
    v.add_((g.values * g.values).sub_(v).mul_(1 - beta2));
    const Tensor change = m / v.sqrt().add_(o.eps());
    replace_rows(state.exp_avg(), g.positions, m);
    replace_rows(state.exp_avg_sq(), g.positions, v);
    add_to_rows(p, g.positions, change, -o.lr() * std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t)));
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(SparseAdam, Optimizer, step_each)

}}}  // namespace torch::xgrad::optim
