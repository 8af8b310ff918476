// Schedules that are a formula for one parameter group's next rate.
#pragma once

#include <xgrad/optim/lr_scheduler/lr_scheduler.h>

namespace torch { inline namespace xgrad { namespace optim {

/// A parameter group that is about to enter an epoch.
struct ScheduledGroup {
  size_t index;
  int64_t epoch;
  double lr;          ///< the rate it has
  double initial_lr;  ///< the rate all began with
};

/// A schedule that gives each group a rate by a formula. Most are written in the rate that the group has, so that they multiply with other
/// schedulers of the same optimizer.
class XGRAD_API ChainableLR : public LRScheduler {
 protected:
  using LRScheduler::LRScheduler;
  virtual double next_lr(const ScheduledGroup& group) const = 0;
  /// What stands for next_lr() when a schedule is made with a last_epoch: itself, unless overridden.
  virtual double resumed_lr(const ScheduledGroup& group) const;
  /// And when its turn comes in a SequentialLR: next_lr() from the initial rate.
  virtual double restarted_lr(const ScheduledGroup& group) const;

 private:
  using Formula = double (ChainableLR::*)(const ScheduledGroup&) const;
  std::vector<double> each(Formula formula) const;
  std::vector<double> get_lrs() final;
  std::vector<double> start_lrs(Start how) final;
};

}  // namespace optim
}}  // namespace torch::xgrad
