// The learning rate that a mean of weights wants: annealed to a value, and then held.
#pragma once

#include <xgrad/optim/lr_scheduler/lr_scheduler.h>
#include <xgrad/optim/lr_scheduler/per_group.h>

namespace torch { inline namespace xgrad { namespace optim {

/// torch.optim.swa_utils.SWALR: takes the rate that a group has to swa_lr in anneal_epochs steps, a = k / anneal_epochs of the way after k of
/// them, or with "cos" (1 - cos(pi * a)) / 2, and leaves it there. Each step sets out from the rate it finds, so what another scheduler did
/// before the first one counts; step the one or the other, never both. With AveragedParameters this is stochastic weight averaging (Izmailov et
/// al. 2018, "Averaging weights leads to wider optima and better generalization"):
///
///     SWALR swa(optimizer, 0.05);
///     for (int epoch = 0; epoch < 300; ++epoch) {
///       train();
///       if (epoch < 200) schedule.step();
///       else { average.update(); swa.step(); }
///     }
///
/// Steps are counted from the constructor, with a `last_epoch` too. In a SequentialLR its turn begins with the first of them, from the rate that the
/// schedule before it left.
class XGRAD_API SWALR : public LRScheduler {
 public:
  /// With anneal_epochs 0 the constructor sets swa_lr. Throws unless anneal_epochs >= 0 and anneal_strategy is "cos" or "linear".
  SWALR(Optimizer& optimizer, const PerGroup<double>& swa_lr, int64_t anneal_epochs = 10, std::string anneal_strategy = "cos",
        int64_t last_epoch = -1);

 private:
  std::vector<double> get_lrs() override;
  std::vector<double> start_lrs(Start how) override;
  std::vector<SchedulerField> fields() override;
  void check() const override;
  // Moves to a step, and gives the rates there.
  std::vector<double> lrs_at(int64_t step);
  double way(int64_t step) const;

  std::vector<double> swa_lrs_;
  int64_t anneal_epochs_;
  std::string anneal_strategy_;
  int64_t annealed_ = 0;  // steps
};

}  // namespace optim
}}  // namespace torch::xgrad
