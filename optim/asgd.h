// Averaged stochastic gradient descent.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0 and weight_decay >= 0.
class XGRAD_API ASGDOptions : public OptimizerCloneableOptions<ASGDOptions> {
 public:
  ASGDOptions() = default;
  ASGDOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(ASGDOptions, (double, lr, 1e-2), (double, lambd, 1e-4), (double, alpha, 0.75), (double, t0, 1e6), (double, weight_decay, 0),
                          (bool, maximize, false))
};

class XGRAD_API ASGDParamState : public OptimizerCloneableParamState<ASGDParamState> {
  XGRAD_OPTIMIZER_STATE(ASGDParamState, (int64_t, step, 0), (double, eta, 0), (double, mu, 1), (Tensor, ax, ))
};

/// p = p * (1 - lambd * eta) - eta * g with g = gradient + weight_decay * p and eta = lr / (1 + lambd * lr * t)^alpha, t the steps before.
/// The state's ax is the mean of the parameters from step t0 on. (Polyak and Juditsky 1992, "Acceleration of stochastic approximation by
/// averaging".)
class XGRAD_API ASGD : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(ASGD, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
