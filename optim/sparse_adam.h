// Adam for sparse gradients.
#pragma once

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr > 0, eps > 0, both betas in [0, 1).
class XGRAD_API SparseAdamOptions : public OptimizerCloneableOptions<SparseAdamOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  SparseAdamOptions() = default;
  SparseAdamOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(SparseAdamOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (bool, maximize, false))
};

class XGRAD_API SparseAdamParamState : public OptimizerCloneableParamState<SparseAdamParamState> {
  XGRAD_OPTIMIZER_STATE(SparseAdamParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ))
};

/// torch.optim.SparseAdam of Python: Adam's step in the rows that a gradient lists; the means of the others neither decay nor move their
/// parameters, as they would in Adam. p -= lr * sqrt(1 - beta2^t) / (1 - beta1^t) * m / (sqrt(v) + eps). step() throws for a gradient that
/// is not sparse.
class XGRAD_API SparseAdam : public Optimizer {
  XGRAD_DECLARE_OPTIMIZER(SparseAdam, = {})
  bool takes_sparse_gradients() const override { return true; }
};

}}}  // namespace torch::xgrad::optim
