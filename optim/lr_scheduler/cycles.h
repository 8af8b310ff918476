// Learning rates that rise and fall, and a momentum that does the contrary. Call step() after each batch.
#pragma once

#include <optional>

#include <xgrad/io/fields.h>
#include <xgrad/optim/lr_scheduler/lr_scheduler.h>
#include <xgrad/optim/lr_scheduler/per_group.h>

namespace torch { inline namespace xgrad { namespace optim {

/// What CyclicLR and OneCycleLR share: with `cycle_momentum` the optimizer's "momentum", or the first of its "betas", goes from max_momentum
/// to base_momentum while the rate rises, and back. The constructor then throws ValueError for an optimizer that has neither, and
/// for momenta that it refuses.
class XGRAD_API MomentumCycle : public LRScheduler {
 protected:
  MomentumCycle(Optimizer& optimizer, const char* name, bool cycle_momentum, const PerGroup<double>& base, const PerGroup<double>& max);
  void set_momenta(const std::vector<double>& momenta);
  std::vector<SchedulerField> momentum_fields();
  void check() const override;

  bool cycle_momentum_;
  std::vector<double> base_momenta_, max_momenta_;  // of each group, when they are cycled

 private:
  const char* name_;
};

/// A rate that goes from base_lr to max_lr in step_size_up steps and back in step_size_down (step_size_up unless given). `mode` says what
/// becomes of the height of a cycle: "triangular" keeps it, "triangular2" halves it with each cycle, "exp_range" multiplies it by gamma
/// at each step. With `scale_fn` it is that function of the cycle, from 1, or with scale_mode "iterations" of the step, from 0.
struct XGRAD_API CyclicLROptions {
  CyclicLROptions(PerGroup<double> base_lr, PerGroup<double> max_lr);
  XGRAD_ARG(PerGroup<double>, base_lr);
  XGRAD_ARG(PerGroup<double>, max_lr);
  XGRAD_ARG(double, step_size_up) = 2000;
  XGRAD_ARG(std::optional<double>, step_size_down);
  XGRAD_ARG(std::string, mode) = "triangular";
  XGRAD_ARG(double, gamma) = 1;
  XGRAD_ARG(std::function<double(double)>, scale_fn);
  XGRAD_ARG(std::string, scale_mode) = "cycle";
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(PerGroup<double>, base_momentum) = 0.8;
  XGRAD_ARG(PerGroup<double>, max_momentum) = 0.9;
};

/// Cyclical learning rates (Smith 2017). The function scale_fn is not saved. What other schedulers did to the rate is lost.
///
///     CyclicLR schedule(optimizer, CyclicLROptions(0.001, 0.1).step_size_up(500).mode("triangular2"));
class XGRAD_API CyclicLR : public MomentumCycle {
 public:
  /// Throws unless step_size_up > 0, step_size_down >= 0, and mode and scale_mode are known (mode: where there is no scale_fn).
  CyclicLR(Optimizer& optimizer, const CyclicLROptions& options, int64_t last_epoch = -1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  double scale(double cycle) const;

  std::vector<double> max_lrs_;
  double step_size_up_, step_size_down_;
  std::string mode_;
  double gamma_;
  std::function<double(double)> scale_fn_;
  bool own_scale_;  // is there a scale_fn
  std::string scale_mode_;
};

/// total_steps, or epochs times steps_per_epoch, for one cycle: from max_lr / div_factor to max_lr in pct_start of the steps, then to the first
/// rate / final_div_factor; with three_phase first back to the first rate, in as many steps as up. anneal_strategy: "cos" or "linear".
struct XGRAD_API OneCycleLROptions {
  OneCycleLROptions(PerGroup<double> max_lr);
  XGRAD_ARG(PerGroup<double>, max_lr);
  XGRAD_ARG(std::optional<int64_t>, total_steps);
  XGRAD_ARG(std::optional<int64_t>, epochs);
  XGRAD_ARG(std::optional<int64_t>, steps_per_epoch);
  XGRAD_ARG(double, pct_start) = 0.3;
  XGRAD_ARG(std::string, anneal_strategy) = "cos";
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(PerGroup<double>, base_momentum) = 0.85;
  XGRAD_ARG(PerGroup<double>, max_momentum) = 0.95;
  XGRAD_ARG(double, div_factor) = 25;
  XGRAD_ARG(double, final_div_factor) = 1e4;
  XGRAD_ARG(bool, three_phase) = false;
};

/// One cycle of the rate for a whole training (Smith and Topin, super-convergence, 2018). The first rate replaces the groups' initial_lr().
/// What other schedulers did to the rate is lost. step() throws when it is called more often than total_steps.
///
///     OneCycleLR schedule(optimizer, OneCycleLROptions(0.1).epochs(10).steps_per_epoch(batches));
class XGRAD_API OneCycleLR : public MomentumCycle {
 public:
  /// Throws unless the numbers of steps are given and positive, pct_start is between 0 and 1 (and pct_start * total_steps not 1, which
  /// would leave a phase without steps), anneal_strategy is known, and the factors are positive.
  OneCycleLR(Optimizer& optimizer, const OneCycleLROptions& options, int64_t last_epoch = -1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<SchedulerField> fields() override;
  void check() const override;

  int64_t total_steps_;
  std::vector<double> max_lrs_;
  double pct_start_;
  std::string anneal_strategy_;
  double final_div_factor_;
  bool three_phase_;
};

}  // namespace optim
}}  // namespace torch::xgrad
