#include <xgrad/optim/lr_scheduler/lr_scheduler.h>

namespace torch { inline namespace xgrad { namespace optim {

LRScheduler::~LRScheduler() = default;

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& group : optimizer_.param_groups()) lrs.push_back(group.options().get_lr());
  return lrs;
}

void LRScheduler::step() {
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  std::vector<double> lrs;
  ++step_count_;
  try {
    lrs = get_lrs();
    XGRAD_CHECK(lrs.size() == groups.size(), "[LRScheduler] expected ", groups.size(), " learning rates, one per parameter group, got ", lrs.size());
  } catch (...) {
    --step_count_;
    throw;
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(lrs[i]);
}

}}}  // namespace torch::xgrad::optim
