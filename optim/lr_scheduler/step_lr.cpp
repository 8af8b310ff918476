#include <xgrad/optim/lr_scheduler/step_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma) : LRScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  XGRAD_CHECK_AS(ValueError, step_size >= 1, "[StepLR] step_size must be positive, got ", step_size);
}

std::vector<double> StepLR::get_lrs() {
  std::vector<double> lrs = get_current_lrs();
  if (step_count_ % step_size_ == 0)
    for (double& lr : lrs) lr *= gamma_;
  return lrs;
}

}}}  // namespace torch::xgrad::optim
