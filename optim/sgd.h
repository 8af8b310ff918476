// Stochastic gradient descent.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr >= 0, momentum >= 0, weight_decay >= 0; nesterov needs momentum > 0 and dampening 0.
class XGRAD_API SGDOptions : public OptimizerCloneableOptions<SGDOptions> {
 public:
  SGDOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(SGDOptions, (double, lr, 0), (double, momentum, 0), (double, dampening, 0), (double, weight_decay, 0),
                          (bool, nesterov, false), (bool, maximize, false))
};

class XGRAD_API SGDParamState : public OptimizerCloneableParamState<SGDParamState> {
  XGRAD_OPTIMIZER_STATE(SGDParamState, (Tensor, momentum_buffer, ))
};

/// g = gradient + weight_decay * p; b = momentum * b + (1 - dampening) * g, b being g at first;
/// p -= lr * b, or with nesterov p -= lr * (g + momentum * b). (Sutskever et al. 2013, in PyTorch's form.)
///
/// maximize, in this and the other optimizers: the gradient is climbed.
///
/// A sparse gradient gives what it would give as a dense one. Without a momentum only the rows that it lists are touched; with one, those
/// that any has listed so far, in a sparse buffer, which is saved as a dense one. step() throws for one with a weight_decay.
class XGRAD_API SGD : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(SGD, )
  bool takes_sparse_gradients() const override { return true; }
};

}  // namespace optim
}}  // namespace torch::xgrad
