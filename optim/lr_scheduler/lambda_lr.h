// Learning rates by a function of one's own.
#pragma once

#include <functional>

#include <xgrad/optim/lr_scheduler/chainable_lr.h>
#include <xgrad/optim/lr_scheduler/per_group.h>

namespace torch { inline namespace xgrad { namespace optim {

/// A factor for an epoch.
using LRLambda = std::function<double(int64_t epoch)>;

/// The functions of LambdaLR and MultiplicativeLR: one for all groups, or a list with one for each, of which none may be empty. They are
/// not saved: a scheduler that loads a state goes on with the functions that it was made with.
class XGRAD_API FunctionLR : public ChainableLR {
 protected:
  FunctionLR(Optimizer& optimizer, const char* name, PerGroup<LRLambda> lr_lambda);
  double factor(const ScheduledGroup& group) const;
  void check() const override;

 private:
  const char* name_;
  PerGroup<LRLambda> lambdas_;
};

/// The initial rate times lr_lambda(epoch).
class XGRAD_API LambdaLR : public FunctionLR {
 public:
  LambdaLR(Optimizer& optimizer, PerGroup<LRLambda> lr_lambda, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
};

/// From epoch 1 on the rate is multiplied by lr_lambda(epoch). In a SequentialLR it starts from the rate that the schedule before it left.
class XGRAD_API MultiplicativeLR : public FunctionLR {
 public:
  MultiplicativeLR(Optimizer& optimizer, PerGroup<LRLambda> lr_lambda, int64_t last_epoch = -1);

 private:
  double next_lr(const ScheduledGroup& group) const override;
  double restarted_lr(const ScheduledGroup& group) const override;
};

}  // namespace optim
}}  // namespace torch::xgrad
