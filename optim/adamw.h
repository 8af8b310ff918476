// Adam with decoupled weight decay.
#pragma once

#include <xgrad/optim/adam.h>

namespace torch { inline namespace xgrad { namespace optim {

/// As AdamOptions; weight_decay is 0.01 unless set.
class XGRAD_API AdamWOptions : public OptimizerCloneableOptions<AdamWOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  AdamWOptions() = default;
  AdamWOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdamWOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 1e-2),
                          (bool, amsgrad, false), (bool, maximize, false))
};

class XGRAD_API AdamWParamState : public AdamParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override;
};

/// p *= 1 - lr * weight_decay, then Adam's step on the plain gradient. (Loshchilov and Hutter 2019.)
class XGRAD_API AdamW : public FusedOptimizer {
  XGRAD_DECLARE_OPTIMIZER(AdamW, = {})
};

}  // namespace optim
}}  // namespace torch::xgrad
