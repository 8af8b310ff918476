// Adam.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0, eps >= 0, weight_decay >= 0, both betas in [0, 1).
class XGRAD_API AdamOptions : public OptimizerCloneableOptions<AdamOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  AdamOptions() = default;
  AdamOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdamOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 0),
                          (bool, amsgrad, false), (bool, maximize, false))
};

class XGRAD_API AdamParamState : public OptimizerCloneableParamState<AdamParamState> {
  XGRAD_OPTIMIZER_STATE(AdamParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ), (Tensor, max_exp_avg_sq, ))
};

/// m, v: running means of g and g^2 with g = gradient + weight_decay * p;
/// p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps). (Kingma and Ba 2015; amsgrad: the maximum of v so
/// far in place of v, Reddi et al. 2018.)
class XGRAD_API Adam : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Adam, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
