#include <xgrad/optim/lr_scheduler/cosine_annealing.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

double along_cosine(double initial, double eta_min, double epoch, double period) {
  return eta_min + (initial - eta_min) * (1 + std::cos(std::numbers::pi * epoch / period)) / 2;
}

}  // namespace

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min, int64_t last_epoch)
    : ChainableLR(optimizer), T_max_(T_max), eta_min_(eta_min) {
  begin(last_epoch);
}
void CosineAnnealingLR::check() const { XGRAD_CHECK_AS(ValueError, T_max_ >= 1, "[CosineAnnealingLR] T_max must be positive, got ", T_max_); }
std::vector<SchedulerField> CosineAnnealingLR::fields() { return {{"T_max", &T_max_}, {"eta_min", &eta_min_}}; }

double CosineAnnealingLR::next_lr(const ScheduledGroup& group) const {
  if (group.epoch == 0) return group.lr;
  const double period = static_cast<double>(T_max_), epoch = static_cast<double>(group.epoch);
  // Behind the lowest point the quotient below would be one of zeros.
  if ((group.epoch - 1) % T_max_ == 0 && (group.epoch - 1) / T_max_ % 2 == 1)
    return group.lr + (group.initial_lr - eta_min_) * (1 - std::cos(std::numbers::pi / period)) / 2;
  return (1 + std::cos(std::numbers::pi * epoch / period)) / (1 + std::cos(std::numbers::pi * (epoch - 1) / period)) * (group.lr - eta_min_) +
         eta_min_;
}
double CosineAnnealingLR::resumed_lr(const ScheduledGroup& group) const {
  return along_cosine(group.initial_lr, eta_min_, static_cast<double>(group.epoch), static_cast<double>(T_max_));
}
double CosineAnnealingLR::restarted_lr(const ScheduledGroup& group) const { return resumed_lr(group); }

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult, double eta_min, int64_t last_epoch)
    : LRScheduler(optimizer), T_0_(T_0), T_mult_(T_mult), eta_min_(eta_min), T_i_(static_cast<double>(T_0)) {
  begin(last_epoch);
}
void CosineAnnealingWarmRestarts::check() const {
  XGRAD_CHECK_AS(ValueError, T_0_ >= 1, "[CosineAnnealingWarmRestarts] Expected positive integer T_0, but got ", T_0_);
  XGRAD_CHECK_AS(ValueError, T_mult_ >= 1, "[CosineAnnealingWarmRestarts] Expected integer T_mult >= 1, but got ", T_mult_);
  XGRAD_CHECK_AS(ValueError, T_cur_ >= 0 && T_cur_ < T_i_, "[CosineAnnealingWarmRestarts] Expected 0 <= T_cur < T_i, but got T_cur = ", T_cur_,
                 ", T_i = ", T_i_);
}
std::vector<SchedulerField> CosineAnnealingWarmRestarts::fields() {
  return {{"T_0", &T_0_}, {"T_mult", &T_mult_}, {"eta_min", &eta_min_}, {"T_cur", &T_cur_}, {"T_i", &T_i_}};
}

std::vector<double> CosineAnnealingWarmRestarts::lrs_at(double T_cur, double T_i) {
  std::vector<double> lrs(groups().size());
  for (size_t i = 0; i < lrs.size(); ++i) lrs[i] = along_cosine(base_lrs_[i], eta_min_, T_cur, T_i);
  T_cur_ = T_cur;
  T_i_ = T_i;
  return lrs;
}

std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  const double T_cur = T_cur_ + 1;
  return T_cur < T_i_ ? lrs_at(T_cur, T_i_) : lrs_at(T_cur - T_i_, T_i_ * static_cast<double>(T_mult_));
}

std::vector<double> CosineAnnealingWarmRestarts::lrs_at(double epoch) {
  double T_i = static_cast<double>(T_0_), T_cur = T_mult_ == 1 ? std::fmod(epoch, T_i) : epoch;
  for (; T_cur >= T_i; T_i *= static_cast<double>(T_mult_)) T_cur -= T_i;
  return lrs_at(T_cur, T_i);
}

std::vector<double> CosineAnnealingWarmRestarts::start_lrs(Start) { return lrs_at(step_count_); }

void CosineAnnealingWarmRestarts::step(double epoch) {
  XGRAD_CHECK_AS(ValueError, epoch >= 0 && epoch < std::numeric_limits<unsigned>::max(),
                 "[CosineAnnealingWarmRestarts] Expected non-negative epoch, but got ", epoch);
  advance(static_cast<unsigned>(epoch), [this, epoch] { return lrs_at(epoch); });
}

}}}  // namespace torch::xgrad::optim
