#include <xgrad/optim/lr_scheduler/reduce_on_plateau_scheduler.h>

#include <algorithm>
#include <limits>

#include <xgrad/autograd/core/step_observer.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

std::vector<double> rates_of(const Optimizer& optimizer) {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& group : optimizer.param_groups()) lrs.push_back(group.lr());
  return lrs;
}

}  // namespace

ReduceLROnPlateauScheduler::ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode, double factor, int64_t patience, double threshold,
                                                       ThresholdMode threshold_mode, int64_t cooldown, const PerGroup<double>& min_lr, double eps)
    : optimizer_(optimizer),
      maximizes_(mode == max),
      absolute_(threshold_mode == abs),
      factor_(factor),
      threshold_(threshold),
      eps_(eps),
      patience_(patience),
      cooldown_(cooldown),
      best_(mode == max ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity()) {
  XGRAD_CHECK_AS(ValueError, mode == min || mode == max, "[ReduceLROnPlateau] mode ", static_cast<int>(mode), " is unknown");
  XGRAD_CHECK_AS(ValueError, threshold_mode == rel || threshold_mode == abs, "[ReduceLROnPlateau] threshold mode ", static_cast<int>(threshold_mode),
                 " is unknown");
  check();
  const size_t groups = optimizer.param_groups().size();
  min_lrs_ = min_lr.given().empty() ? std::vector<double>(groups, 0.0) : min_lr.list(groups, "ReduceLROnPlateau", "min_lr");
  last_lr_ = rates_of(optimizer);
}

void ReduceLROnPlateauScheduler::check() const {
  XGRAD_CHECK_AS(ValueError, factor_ < 1.0, "[ReduceLROnPlateau] Factor should be < 1.0, got factor = ", factor_);
}

std::vector<SchedulerField> ReduceLROnPlateauScheduler::fields() {
  return {{"maximizes", &maximizes_},
          {"absolute", &absolute_},
          {"factor", &factor_},
          {"threshold", &threshold_},
          {"eps", &eps_},
          {"patience", &patience_},
          {"cooldown", &cooldown_},
          {"min_lrs", &min_lrs_},
          {"last_lr", &last_lr_},
          {"best", &best_},
          {"bad_epochs", &bad_epochs_},
          {"cooldown_counter", &cooldown_counter_},
          {"last_epoch", &last_epoch_}};
}

bool ReduceLROnPlateauScheduler::is_better(double metric) const {
  if (maximizes_) return metric > (absolute_ ? best_ + threshold_ : best_ * (threshold_ + 1.));
  return metric < (absolute_ ? best_ - threshold_ : best_ * (1. - threshold_));
}

void ReduceLROnPlateauScheduler::step(double metric) {
  xgrad::detail::note_leaving_launches("a learning-rate schedule");
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  XGRAD_CHECK(groups.size() == min_lrs_.size(), "[ReduceLROnPlateau] made for ", min_lrs_.size(), " parameter groups, the optimizer has ",
              groups.size());
  std::vector<double> lrs = rates_of(optimizer_);

  ++last_epoch_;
  const bool better = is_better(metric), cooling = cooldown_counter_ > 0;
  if (better) best_ = metric;
  bad_epochs_ = better || cooling ? 0 : bad_epochs_ + 1;
  if (cooling) --cooldown_counter_;
  if (bad_epochs_ > patience_) {
    for (size_t i = 0; i < lrs.size(); ++i) {
      const double lower = std::max(lrs[i] * factor_, min_lrs_[i]);
      if (lrs[i] - lower > eps_) groups[i].options().set_lr(lrs[i] = lower);
    }
    cooldown_counter_ = cooldown_;
    bad_epochs_ = 0;
  }
  last_lr_ = std::move(lrs);
}

void ReduceLROnPlateauScheduler::step(const Tensor& metric) { step(metric.item<double>()); }

}}}  // namespace torch::xgrad::optim
