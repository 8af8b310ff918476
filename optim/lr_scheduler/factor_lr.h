// Learning rates that are multiplied by a factor for a number of epochs: warm-up, and decay to an end.
#pragma once

#include <xgrad/optim/lr_scheduler/chainable_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

/// The rate times `factor` until epoch total_iters, when it is divided by the factor again.
class XGRAD_API ConstantLR : public ChainableLR {
 public:
  /// Throws unless factor is between 0 and 1 and total_iters >= 1. With factor 0 the step() that should undo it throws.
  ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, int64_t total_iters = 5, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  double factor_;
  int64_t total_iters_;
};

/// The rate times a factor that goes from start_factor at epoch 0 in equal steps to end_factor at epoch total_iters, and stays there.
/// `LinearLR(optimizer, 0.01, 1.0, 500)` is a warm-up of 500 steps; SequentialLR and ChainedScheduler put other schedules behind or over it.
class XGRAD_API LinearLR : public ChainableLR {
 public:
  /// Throws unless 0 < start_factor <= 1, 0 <= end_factor <= 1 and total_iters >= 1.
  LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int64_t total_iters = 5, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  double start_factor_, end_factor_;
  int64_t total_iters_;
};

/// The rate times (1 - k / total_iters)^power at epoch k, hence 0 from epoch total_iters on.
class XGRAD_API PolynomialLR : public ChainableLR {
 public:
  /// Throws unless total_iters >= 1 and power >= 0.
  PolynomialLR(Optimizer& optimizer, int64_t total_iters = 5, double power = 1.0, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  int64_t total_iters_;
  double power_;
};

}  // namespace optim
}}  // namespace torch::xgrad
