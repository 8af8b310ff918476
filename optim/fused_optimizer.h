// Optimizers whose step is one pass of a kernel over all tensors.
#pragma once

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

class StepTensors;

class XGRAD_API FusedOptimizer : public Optimizer {
 protected:
  using Optimizer::Optimizer;
  /// The step that fused_step.h makes of a rule.
  template <class Rule> Tensor step_by(const LossClosure& closure);

 private:
  template <class Rule> void fill_list();

  std::shared_ptr<StepTensors> list_;  // used by step() only, its room kept from one to the next
};

}  // namespace optim
}}  // namespace torch::xgrad
