// A learning rate that falls in steps.
#pragma once

#include <xgrad/optim/lr_scheduler/chainable_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Multiplies the rate by gamma at every step_size-th call of step(): after k calls it is initial * gamma^(k / step_size),
/// as documented by PyTorch. (libtorch's own C++ class decays one call later; that is not followed.)
class XGRAD_API StepLR : public ChainableLR {
 public:
  /// Throws unless step_size >= 1.
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  unsigned step_size_;
  double gamma_;
};

/// Multiplies the rate by gamma at each epoch that is one of `milestones`, n times at one that stands there n times.
class XGRAD_API MultiStepLR : public ChainableLR {
 public:
  /// Throws unless milestones >= 0.
  MultiStepLR(Optimizer& optimizer, std::vector<int64_t> milestones, double gamma = 0.1, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  std::vector<int64_t> milestones_;
  double gamma_;
};

/// Multiplies the rate by gamma at each epoch: initial * gamma^k.
class XGRAD_API ExponentialLR : public ChainableLR {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  std::vector<SchedulerField> fields() override;
  double gamma_;
};

}  // namespace optim
}}  // namespace torch::xgrad
