#include <xgrad/optim/lr_scheduler/step_lr.h>

#include <algorithm>
#include <cmath>

namespace torch { inline namespace xgrad { namespace optim {

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma, int64_t last_epoch)
    : ChainableLR(optimizer), step_size_(step_size), gamma_(gamma) {
  begin(last_epoch);
}
void StepLR::check() const { XGRAD_CHECK_AS(ValueError, step_size_ >= 1, "[StepLR] step_size must be positive, got ", step_size_); }
std::vector<SchedulerField> StepLR::fields() { return {{"step_size", &step_size_}, {"gamma", &gamma_}}; }
double StepLR::next_lr(const ScheduledGroup& group) const { return group.epoch == 0 || group.epoch % step_size_ != 0 ? group.lr : group.lr * gamma_; }

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma, int64_t last_epoch)
    : ChainableLR(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  begin(last_epoch);
}
void MultiStepLR::check() const {
  for (const int64_t milestone : milestones_)
    XGRAD_CHECK_AS(ValueError, milestone >= 0, "[MultiStepLR] milestones must not be negative, got ", milestone);
}
std::vector<SchedulerField> MultiStepLR::fields() { return {{"milestones", &milestones_}, {"gamma", &gamma_}}; }
double MultiStepLR::next_lr(const ScheduledGroup& group) const {
  const auto times = std::count(milestones_.begin(), milestones_.end(), group.epoch);
  return times == 0 ? group.lr : group.lr * std::pow(gamma_, static_cast<double>(times));
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma, int64_t last_epoch) : ChainableLR(optimizer), gamma_(gamma) { begin(last_epoch); }
std::vector<SchedulerField> ExponentialLR::fields() { return {{"gamma", &gamma_}}; }
double ExponentialLR::next_lr(const ScheduledGroup& group) const { return group.epoch == 0 ? group.lr : group.lr * gamma_; }

}}}  // namespace torch::xgrad::optim
