// Learning rates that fall along half a cosine. (Loshchilov and Hutter, SGDR, 2017.)
#pragma once

#include <xgrad/optim/lr_scheduler/chainable_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

/// eta_min + (initial - eta_min) * (1 + cos(pi * k / T_max)) / 2 at epoch k: down in T_max epochs, up again in the next T_max. Computed from
/// the rate before, so that other schedulers' factors stay in it.
class XGRAD_API CosineAnnealingLR : public ChainableLR {
 public:
  /// Throws unless T_max >= 1.
  CosineAnnealingLR(Optimizer& optimizer, int64_t T_max, double eta_min = 0, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  double resumed_lr(const ScheduledGroup& group) const override;
  double restarted_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  int64_t T_max_;
  double eta_min_;
};

/// eta_min + (initial - eta_min) * (1 + cos(pi * T_cur / T_i)) / 2, T_cur being the epochs since the last restart. The first restart comes
/// after T_i = T_0 epochs, the next ones after T_mult times as many each. What other schedulers did to the rate is lost.
class XGRAD_API CosineAnnealingWarmRestarts : public LRScheduler {
 public:
  /// Throws unless T_0 >= 1 and T_mult >= 1.
  CosineAnnealingWarmRestarts(Optimizer& optimizer, int64_t T_0, int64_t T_mult = 1, double eta_min = 0, int64_t last_epoch = -1);
  using LRScheduler::step;
  /// Goes to an epoch >= 0, or part of one: after batch i of n in epoch e, e + i / n. The next step() goes to the whole epoch behind it.
  void step(double epoch);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> start_lrs(Start how) override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  // These move to an epoch, and give the rates there.
  std::vector<double> lrs_at(double epoch);
  std::vector<double> lrs_at(double T_cur, double T_i);
  int64_t T_0_, T_mult_;
  double eta_min_, T_cur_ = 0, T_i_;
};

}  // namespace optim
}}  // namespace torch::xgrad
