// NAdam: Adam with Nesterov's momentum.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None may be negative, both betas in [0, 1).
class XGRAD_API NAdamOptions : public OptimizerCloneableOptions<NAdamOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  NAdamOptions() = default;
  NAdamOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(NAdamOptions, (double, lr, 2e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 0),
                          (double, momentum_decay, 4e-3), (bool, decoupled_weight_decay, false), (bool, maximize, false))
};

class XGRAD_API NAdamParamState : public OptimizerCloneableParamState<NAdamParamState> {
  XGRAD_OPTIMIZER_STATE(NAdamParamState, (int64_t, step, 0), (double, mu_product, 1), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ))
};

/// m, v: running means of g and g^2, g = gradient + weight_decay * p. With mu_t = beta1 * (1 - 0.96^(t * momentum_decay) / 2):
/// p -= lr * ((1 - mu_t) / (1 - mu_1 ... mu_t) * g + mu_{t+1} / (1 - mu_1 ... mu_{t+1}) * m) / (sqrt(v / (1 - beta2^t)) + eps). With
/// decoupled_weight_decay, p *= 1 - lr * weight_decay first instead. (Dozat 2016, "Incorporating Nesterov momentum into Adam".)
class XGRAD_API NAdam : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(NAdam, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
