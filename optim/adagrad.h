// Adagrad.
#pragma once

#include <xgrad/optim/fused_optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// None may be negative.
class XGRAD_API AdagradOptions : public OptimizerCloneableOptions<AdagradOptions> {
 public:
  AdagradOptions() = default;
  AdagradOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdagradOptions, (double, lr, 1e-2), (double, lr_decay, 0), (double, weight_decay, 0),
                          (double, initial_accumulator_value, 0), (double, eps, 1e-10), (bool, maximize, false))
};

class XGRAD_API AdagradParamState : public OptimizerCloneableParamState<AdagradParamState> {
  XGRAD_OPTIMIZER_STATE(AdagradParamState, (Tensor, sum, ), (int64_t, step, 0))
};

/// With g = gradient + weight_decay * p: sum, which starts at initial_accumulator_value, grows by g^2, and
/// p -= lr / (1 + (t - 1) * lr_decay) * g / (sqrt(sum) + eps). (Duchi, Hazan and Singer 2011.)
///
/// A sparse gradient changes the rows that it lists, and sum there; step() throws for one with a weight_decay.
class XGRAD_API Adagrad : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(Adagrad, = {})
  bool takes_sparse_gradients() const override { return true; }
};

}  // namespace optim
}}  // namespace torch::xgrad
