// A learning rate that falls when a measurement no longer improves.
#pragma once

#include <xgrad/optim/lr_scheduler/per_group.h>
#include <xgrad/optim/lr_scheduler/scheduler_state.h>
#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Multiplies the rates by `factor` (but not below `min_lr`, and not for a change of `eps` or less) when step(metric) was called more than
/// `patience` times in a row without an improvement; for `cooldown` calls after that none counts as bad.
///
/// An improvement on the best metric so far is, with mode `min` (`max`): less than best * (1 - threshold) (more than best * (1 + threshold)), or
/// with threshold_mode `abs`, less than best - threshold (more than best + threshold). A NaN is none. The name and arguments are those of
/// libtorch 2, the arithmetic is Python's, in double (libtorch's is in float, and starts `max` at a small positive number).
class XGRAD_API ReduceLROnPlateauScheduler : public SchedulerState {
 public:
  enum SchedulerMode { min, max };
  enum ThresholdMode { rel, abs };

  /// Throws unless factor < 1, and min_lr is one number or one for each group; an empty list stands for zeros. The optimizer must outlive it.
  ReduceLROnPlateauScheduler(Optimizer& optimizer, SchedulerMode mode = min, double factor = 0.1, int64_t patience = 10, double threshold = 1e-4,
                             ThresholdMode threshold_mode = rel, int64_t cooldown = 0, const PerGroup<double>& min_lr = 0.0, double eps = 1e-8);
  void step(double metric);
  /// A tensor of one element.
  void step(const Tensor& metric);
  /// The rates after the last step(), or those at first.
  const std::vector<double>& get_last_lr() const { return last_lr_; }

 private:
  std::vector<SchedulerField> fields() override;
  void check() const override;
  bool is_better(double metric) const;

  Optimizer& optimizer_;
  bool maximizes_, absolute_;
  double factor_, threshold_, eps_;
  int64_t patience_, cooldown_;
  std::vector<double> min_lrs_, last_lr_;
  double best_;
  int64_t bad_epochs_ = 0, cooldown_counter_ = 0;
  unsigned last_epoch_ = 0;
};

/// Python's name.
using ReduceLROnPlateau = ReduceLROnPlateauScheduler;

}  // namespace optim
}}  // namespace torch::xgrad
