// Changing learning rates over time.
#pragma once

#include <functional>
#include <vector>

#include <xgrad/optim/lr_scheduler/scheduler_state.h>
#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Sets the learning rate of every group of an optimizer each time step() is called; call it after the optimizer's own step, once per epoch,
/// or where the class says so once per batch. The optimizer must outlive it. Several schedulers may act on one optimizer: each changes the
/// rates that the others left, in the order of the calls.
///
/// The schedulers here are Python's: a constructor sets the rates of epoch 0, each step() those of the next epoch. The rate that a group
/// had when its first scheduler was made is kept as its initial_lr(), from which all its schedulers start. Their last argument, `last_epoch`,
/// is -1, or k to go on after epoch k: the groups must have their initial_lr() then (an optimizer saves it), and the constructor sets
/// the rates of epoch k + 1 from those of epoch k. Loading a state (see SchedulerState) after construction needs none of this. Options
/// out of range are refused by the constructor (ValueError, with name and value). A parameter group that is added later takes part with
/// the rate it comes with, unless options were given for each group.
///
/// One of one's own derives from this as in libtorch and says what get_lrs() is; what it lists in fields() is saved. Its constructor may call
/// begin() at its end; without that nothing is changed before the first step().
class XGRAD_API LRScheduler : public SchedulerState {
 public:
  explicit LRScheduler(Optimizer& optimizer);
  ~LRScheduler() override;
  /// Counts the call, then gives each group the rate that get_lrs() returns. When that throws, nothing is changed.
  void step();
  /// The rates that this scheduler set last.
  const std::vector<double>& get_last_lr() const { return last_lr_; }

 protected:
  /// fresh: at epoch 0, from rates that nobody changed; resumed: at a later epoch; restarted: at epoch 0, after other schedulers' epochs.
  enum class Start { fresh, resumed, restarted };

  /// The rate of each group after step_count_ calls of step().
  virtual std::vector<double> get_lrs() = 0;
  /// The rates with which to start at epoch step_count_: get_lrs() unless overridden.
  virtual std::vector<double> start_lrs(Start how);
  /// The rate each group has now.
  std::vector<double> get_current_lrs() const;

  /// Checks, keeps `initial` as the groups' initial rates and sets the first ones; without `initial` those they have.
  void begin(int64_t last_epoch = -1);
  void begin(int64_t last_epoch, std::vector<double> initial);
  /// The groups' initial_lr(), `otherwise` where they have none; throws for such a group when last_epoch is not -1.
  std::vector<double> initial_lrs(int64_t last_epoch, const std::vector<double>& otherwise) const;
  /// Sets the rates that `lrs` returns, called with the new step_count_; when it throws, that is as before.
  void advance(unsigned step_count, const std::function<std::vector<double>()>& lrs);
  std::vector<OptimizerParamGroup>& groups() const { return optimizer_.param_groups(); }

  unsigned step_count_ = 0;       ///< Python's last_epoch
  std::vector<double> base_lrs_;  ///< the initial rate of each group; empty without begin()

 private:
  friend class CombinedScheduler;

  std::vector<SchedulerField> progress() final;
  void start(Start how, unsigned step_count);

  Optimizer& optimizer_;
  std::vector<double> last_lr_;
};

}  // namespace optim
}}  // namespace torch::xgrad
