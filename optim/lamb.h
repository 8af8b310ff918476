// LAMB: Adam with steps as long as what they change.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None may be negative, both betas in [0, 1).
class XGRAD_API LAMBOptions : public OptimizerCloneableOptions<LAMBOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  LAMBOptions() = default;
  LAMBOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(LAMBOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-6), (double, weight_decay, 0),
                          (bool, maximize, false))
};

class XGRAD_API LAMBParamState : public OptimizerCloneableParamState<LAMBParamState> {
  XGRAD_OPTIMIZER_STATE(LAMBParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ))
};

/// m, v as Adam's of the plain gradient; u = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + weight_decay * p;
/// p -= lr * |p| / |u| * u, |.| the norms of the whole tensor and their quotient 1 where either is 0. For large batches. (You et al. 2020,
/// "Large batch optimization for deep learning: training BERT in 76 minutes", algorithm 2.)
class XGRAD_API LAMB : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(LAMB, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
