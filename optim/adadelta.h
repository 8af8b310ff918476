// Adadelta.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// rho in [0, 1]; the others may not be negative.
class XGRAD_API AdadeltaOptions : public OptimizerCloneableOptions<AdadeltaOptions> {
 public:
  AdadeltaOptions() = default;
  AdadeltaOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdadeltaOptions, (double, lr, 1.0), (double, rho, 0.9), (double, eps, 1e-6), (double, weight_decay, 0),
                          (bool, maximize, false))
};

class XGRAD_API AdadeltaParamState : public OptimizerCloneableParamState<AdadeltaParamState> {
  XGRAD_OPTIMIZER_STATE(AdadeltaParamState, (int64_t, step, 0), (Tensor, square_avg, ), (Tensor, acc_delta, ))
};

/// v, a: running means, with weight rho for the past, of g^2 and of the squared changes d, g = gradient + weight_decay * p;
/// d = sqrt(a + eps) / sqrt(v + eps) * g with the a of before; p -= lr * d. (Zeiler 2012, arXiv:1212.5701.)
class XGRAD_API Adadelta : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Adadelta, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
