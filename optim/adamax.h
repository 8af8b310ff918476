// Adamax.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0, eps >= 0, weight_decay >= 0, both betas in [0, 1).
class XGRAD_API AdamaxOptions : public OptimizerCloneableOptions<AdamaxOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  AdamaxOptions() = default;
  AdamaxOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdamaxOptions, (double, lr, 2e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 0),
                          (bool, maximize, false))
};

class XGRAD_API AdamaxParamState : public OptimizerCloneableParamState<AdamaxParamState> {
  XGRAD_OPTIMIZER_STATE(AdamaxParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_inf, ))
};

/// m: running mean of g = gradient + weight_decay * p; u = max(beta2 * u, |g| + eps); p -= lr / (1 - beta1^t) * m / u. (Kingma and Ba 2015,
/// section 7.1.)
class XGRAD_API Adamax : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Adamax, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
