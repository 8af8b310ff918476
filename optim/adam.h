// Adam.
#pragma once

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad {
namespace kernels {
struct AdamStep;
}
namespace optim {
template <class Step> class StepList;

/// lr >= 0, eps >= 0, weight_decay >= 0, both betas in [0, 1).
class XGRAD_API AdamOptions : public OptimizerCloneableOptions<AdamOptions> {
 public:
  using betas_t = std::tuple<double, double>;
  AdamOptions();
  AdamOptions(double lr);
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdamOptions, (double, lr, 1e-3), (betas_t, betas, betas_t(0.9, 0.999)), (double, eps, 1e-8), (double, weight_decay, 0),
                          (bool, amsgrad, false))
};

class XGRAD_API AdamParamState : public OptimizerCloneableParamState<AdamParamState> {
  XGRAD_OPTIMIZER_STATE(AdamParamState, (int64_t, step, 0), (Tensor, exp_avg, ), (Tensor, exp_avg_sq, ), (Tensor, max_exp_avg_sq, ))
};

/// What Adam and AdamW share.
class XGRAD_API AdamSteps : public Optimizer {
 protected:
  using Optimizer::Optimizer;
  /// step() of an optimizer with these options; kDecoupled: weight decay acts on the parameter, not on its gradient.
  template <class Options, bool kDecoupled> Tensor step_with(const LossClosure& closure);

 private:
  template <class Options> void fill_list();

  std::shared_ptr<StepList<kernels::AdamStep>> list_;  // used by step() only, its room kept from one to the next
};

/// m, v: running means of g and g^2 with g = gradient + weight_decay * p;
/// p -= lr * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps). (Kingma and Ba 2015; amsgrad: the maximum of v so
/// far in place of v, Reddi et al. 2018.)
class XGRAD_API Adam : public AdamSteps {
 public:
  explicit Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults = {});
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {});
  Tensor step(LossClosure closure = nullptr) override;

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
};

}  // namespace optim
}}  // namespace torch::xgrad
