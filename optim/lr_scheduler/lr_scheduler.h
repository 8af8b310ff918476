// Changing learning rates over time.
#pragma once

#include <vector>

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Sets the learning rate of every group of an optimizer each time step() is called; call it once per epoch, after the
/// optimizer's own step. The optimizer must outlive it.
class XGRAD_API LRScheduler {
 public:
  explicit LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {}
  virtual ~LRScheduler();
  /// Counts the call, then gives each group the rate that get_lrs() returns.
  void step();

 protected:
  /// The rate of each group after step_count_ calls of step().
  virtual std::vector<double> get_lrs() = 0;
  /// The rate each group has now.
  std::vector<double> get_current_lrs() const;

  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

}  // namespace optim
}}  // namespace torch::xgrad
