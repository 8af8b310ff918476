#include <xgrad/optim/lr_scheduler/factor_lr.h>

#include <cmath>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

void check_total_iters(const char* scheduler, int64_t total_iters) {
  XGRAD_CHECK_AS(ValueError, total_iters >= 1, "[", scheduler, "] total_iters must be positive, got ", total_iters);
}

}  // namespace

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, int64_t total_iters, int64_t last_epoch)
    : ChainableLR(optimizer), factor_(factor), total_iters_(total_iters) {
  begin(last_epoch);
}
void ConstantLR::check() const {
  XGRAD_CHECK_AS(ValueError, factor_ >= 0 && factor_ <= 1,
                 "[ConstantLR] Constant multiplicative factor expected to be between 0 and 1, got factor = ", factor_);
  check_total_iters("ConstantLR", total_iters_);
}
std::vector<SchedulerField> ConstantLR::fields() { return {{"factor", &factor_}, {"total_iters", &total_iters_}}; }
double ConstantLR::next_lr(const ScheduledGroup& group) const {
  if (group.epoch == 0) return group.lr * factor_;
  if (group.epoch != total_iters_) return group.lr;
  XGRAD_CHECK_AS(ValueError, factor_ != 0, "[ConstantLR] a rate can't be divided by factor = 0 at epoch total_iters = ", total_iters_);
  return group.lr * (1.0 / factor_);
}

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor, int64_t total_iters, int64_t last_epoch)
    : ChainableLR(optimizer), start_factor_(start_factor), end_factor_(end_factor), total_iters_(total_iters) {
  begin(last_epoch);
}
void LinearLR::check() const {
  XGRAD_CHECK_AS(ValueError, start_factor_ > 0 && start_factor_ <= 1,
                 "[LinearLR] Starting multiplicative factor expected to be between 0 and 1, and not 0, got start_factor = ", start_factor_);
  XGRAD_CHECK_AS(ValueError, end_factor_ >= 0 && end_factor_ <= 1,
                 "[LinearLR] Ending multiplicative factor expected to be between 0 and 1, got end_factor = ", end_factor_);
  check_total_iters("LinearLR", total_iters_);
}
std::vector<SchedulerField> LinearLR::fields() {
  return {{"start_factor", &start_factor_}, {"end_factor", &end_factor_}, {"total_iters", &total_iters_}};
}
double LinearLR::next_lr(const ScheduledGroup& group) const {
  if (group.epoch == 0) return group.lr * start_factor_;
  if (group.epoch > total_iters_) return group.lr;
  const double change = end_factor_ - start_factor_;
  return group.lr * (1. + change / (static_cast<double>(total_iters_) * start_factor_ + static_cast<double>(group.epoch - 1) * change));
}

PolynomialLR::PolynomialLR(Optimizer& optimizer, int64_t total_iters, double power, int64_t last_epoch)
    : ChainableLR(optimizer), total_iters_(total_iters), power_(power) {
  begin(last_epoch);
}
void PolynomialLR::check() const {
  check_total_iters("PolynomialLR", total_iters_);
  XGRAD_CHECK_AS(ValueError, power_ >= 0, "[PolynomialLR] power must not be negative, got ", power_);
}
std::vector<SchedulerField> PolynomialLR::fields() { return {{"total_iters", &total_iters_}, {"power", &power_}}; }
double PolynomialLR::next_lr(const ScheduledGroup& group) const {
  if (group.epoch == 0 || group.epoch > total_iters_) return group.lr;
  const auto left = [this](int64_t epoch) { return 1.0 - static_cast<double>(epoch) / static_cast<double>(total_iters_); };
  return group.lr * std::pow(left(group.epoch) / left(group.epoch - 1), power_);
}

}}}  // namespace torch::xgrad::optim
