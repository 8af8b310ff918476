#include <xgrad/optim/lr_scheduler/chainable_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

double ChainableLR::resumed_lr(const ScheduledGroup& group) const { return next_lr(group); }

double ChainableLR::restarted_lr(const ScheduledGroup& group) const {
  return next_lr({group.index, group.epoch, group.initial_lr, group.initial_lr});
}

std::vector<double> ChainableLR::each(Formula formula) const {
  std::vector<double> lrs = get_current_lrs();
  for (size_t i = 0; i < lrs.size(); ++i) lrs[i] = (this->*formula)({i, step_count_, lrs[i], base_lrs_[i]});
  return lrs;
}

std::vector<double> ChainableLR::get_lrs() { return each(&ChainableLR::next_lr); }

std::vector<double> ChainableLR::start_lrs(Start how) {
  return each(how == Start::fresh ? &ChainableLR::next_lr : how == Start::resumed ? &ChainableLR::resumed_lr : &ChainableLR::restarted_lr);
}

}}}  // namespace torch::xgrad::optim
