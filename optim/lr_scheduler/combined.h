// Schedules made of schedules: at once, and one after the other.
#pragma once

#include <memory>

#include <xgrad/optim/lr_scheduler/lr_scheduler.h>

namespace torch { inline namespace xgrad { namespace optim {

/// What ChainedScheduler and SequentialLR share. Their schedulers must be made for the same optimizer, and may be such ones themselves. A step
/// in which one of them throws leaves all, and the optimizer's rates and momenta, as they were. They are saved with it.
class XGRAD_API CombinedScheduler : public LRScheduler {
 public:
  using Schedulers = std::vector<std::shared_ptr<LRScheduler>>;

 protected:
  /// Throws ValueError for no schedulers, null, and one for another optimizer than `optimizer`; without that than the first one.
  CombinedScheduler(const char* name, Optimizer* optimizer, Schedulers schedulers);
  /// Calls `steps`, then says the rates it left; undoes all of it when it throws.
  std::vector<double> undone_unless(const std::function<void()>& steps);
  void set_initial_lrs();
  void start(size_t scheduler, Start how);

  Schedulers schedulers_;

 private:
  static Optimizer& common(const char* name, Optimizer* optimizer, const Schedulers& schedulers);
  std::vector<SchedulerState*> parts() final;
};

/// Each step() is one of each of the schedulers, in their order. Constructing it changes no rate, since they have done so.
///
///     ChainedScheduler schedule({std::make_shared<LinearLR>(optimizer, 0.01, 1.0, 500), std::make_shared<ExponentialLR>(optimizer, 0.999)});
///
/// is a warm-up of 500 steps under a rate that decays from the beginning.
class XGRAD_API ChainedScheduler : public CombinedScheduler {
 public:
  explicit ChainedScheduler(Schedulers schedulers);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> start_lrs(Start how) override;
};

/// One scheduler after the other: the i-th (from 0) from epoch milestones[i - 1] on, where it starts at its epoch 0 from the initial rates.
///
///     auto warm_up = std::make_shared<LinearLR>(optimizer, 0.01, 1.0, 5);
///     auto decay = std::make_shared<CosineAnnealingLR>(optimizer, 95);
///     SequentialLR schedule(optimizer, {warm_up, decay}, {5});
///
/// is a warm-up of 5 epochs and a decay along a cosine in the 95 that follow. Constructing it sets the rates of the first at epoch 0.
class XGRAD_API SequentialLR : public CombinedScheduler {
 public:
  /// Throws ValueError unless there is one milestone less than schedulers, all positive, none less than the one before.
  SequentialLR(Optimizer& optimizer, Schedulers schedulers, std::vector<int64_t> milestones);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> start_lrs(Start how) override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  std::vector<int64_t> milestones_;
};

}  // namespace optim
}}  // namespace torch::xgrad
