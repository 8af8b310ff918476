// RMSprop.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None may be negative.
class XGRAD_API RMSpropOptions : public OptimizerCloneableOptions<RMSpropOptions> {
 public:
  RMSpropOptions() = default;
  RMSpropOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(RMSpropOptions, (double, lr, 1e-2), (double, alpha, 0.99), (double, eps, 1e-8), (double, weight_decay, 0),
                          (double, momentum, 0), (bool, centered, false), (bool, maximize, false))
};

class XGRAD_API RMSpropParamState : public OptimizerCloneableParamState<RMSpropParamState> {
  XGRAD_OPTIMIZER_STATE(RMSpropParamState, (int64_t, step, 0), (Tensor, square_avg, ), (Tensor, momentum_buffer, ), (Tensor, grad_avg, ))
};

/// v: running mean of g^2 with weight alpha for the past, g = gradient + weight_decay * p; where centered, minus the square of the running
/// mean of g. With b = momentum * b + g / (sqrt(v) + eps): p -= lr * b. (Tieleman and Hinton 2012, Coursera lecture 6.5; centered: Graves 2013,
/// arXiv:1308.0850.)
class XGRAD_API RMSprop : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(RMSprop, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
