// RAdam: Adam that waits until its second moment can be trusted.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None may be negative, both betas in [0, 1).
class XGRAD_API RAdamOptions : public OptimizerCloneableOptions<RAdamOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  RAdamOptions() = default;
  RAdamOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(RAdamOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 0),
                          (bool, decoupled_weight_decay, false), (bool, maximize, false))
};

class XGRAD_API RAdamParamState : public OptimizerCloneableParamState<RAdamParamState> {
  XGRAD_OPTIMIZER_STATE(RAdamParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ))
};

/// m, v as Adam's. With r = 2 / (1 - beta2) - 1 and r_t = r - 2 * t * beta2^t / (1 - beta2^t): while r_t <= 5, p -= lr * m / (1 - beta1^t);
/// then Adam's step times sqrt((r_t - 4) * (r_t - 2) * r / ((r - 4) * (r - 2) * r_t)). decoupled_weight_decay: as NAdam's. (Liu et al. 2020,
/// "On the variance of the adaptive learning rate and beyond".)
class XGRAD_API RAdam : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(RAdam, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
