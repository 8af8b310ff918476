// Lion: evolved sign momentum.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0, weight_decay >= 0, both betas in [0, 1).
class XGRAD_API LionOptions : public OptimizerCloneableOptions<LionOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  LionOptions() = default;
  LionOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(LionOptions, (double, lr, 1e-4), (betas_t, betas, betas_t(0.9, 0.99)), (double, weight_decay, 0), (bool, maximize, false))
};

class XGRAD_API LionParamState : public OptimizerCloneableParamState<LionParamState> {
  XGRAD_OPTIMIZER_STATE(LionParamState, (Tensor, exp_avg, ))
};

/// p = p * (1 - lr * weight_decay) - lr * sign(beta1 * m + (1 - beta1) * g), then m = beta2 * m + (1 - beta2) * g. It wants a rate three to ten
/// times smaller than Adam's, and a weight decay as many times larger. (Chen et al. 2023, "Symbolic discovery of optimization algorithms",
/// arXiv:2302.06675.)
class XGRAD_API Lion : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Lion, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
