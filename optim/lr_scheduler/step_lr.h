// A learning rate that falls in steps.
#pragma once

#include <xgrad/optim/lr_scheduler/lr_scheduler.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Multiplies the rate by gamma at every step_size-th call of step(): after k calls it is initial * gamma^(k / step_size),
/// as documented by PyTorch. (libtorch's own C++ class decays one call later; that is not followed.)
class XGRAD_API StepLR : public LRScheduler {
 public:
  /// Throws unless step_size >= 1.
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);

 private:
  std::vector<double> get_lrs() override;
  unsigned step_size_;
  double gamma_;
};

}  // namespace optim
}}  // namespace torch::xgrad
