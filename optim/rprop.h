// Rprop: resilient backpropagation.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0, etas (for a changed sign, for a kept one) with 0 < first < 1 < second; step_sizes: the smallest and the largest.
class XGRAD_API RpropOptions : public OptimizerCloneableOptions<RpropOptions> {
 public:
  using etas_t = std::tuple<double, double>;
  RpropOptions() = default;
  RpropOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(RpropOptions, (double, lr, 1e-2), (etas_t, etas, etas_t(0.5, 1.2)), (etas_t, step_sizes, etas_t(1e-6, 50)),
                          (bool, maximize, false))
};

class XGRAD_API RpropParamState : public OptimizerCloneableParamState<RpropParamState> {
  XGRAD_OPTIMIZER_STATE(RpropParamState, (int64_t, step, 0), (Tensor, prev, ), (Tensor, step_size, ))
};

/// Each element has a step size of its own, lr at first, which a gradient of the same sign as before enlarges by etas' second factor and one of
/// another sign reduces by the first; p -= sign(gradient) * step size, and where the sign has changed p stays. For gradients of all data.
/// (Riedmiller and Braun 1993, "A direct adaptive method for faster backpropagation learning".)
class XGRAD_API Rprop : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Rprop, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
