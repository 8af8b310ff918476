#include <xgrad/optim/lr_scheduler/lambda_lr.h>

namespace torch { inline namespace xgrad { namespace optim {

FunctionLR::FunctionLR(Optimizer& optimizer, const char* name, PerGroup<LRLambda> lr_lambda)
    : ChainableLR(optimizer), name_(name), lambdas_(std::move(lr_lambda)) {}

void FunctionLR::check() const {
  const std::vector<LRLambda> all = lambdas_.list(groups().size(), name_, "lr_lambda");
  for (size_t i = 0; i < all.size(); ++i)
    XGRAD_CHECK_AS(ValueError, all[i], "[", name_, "] expected a function for lr_lambda ", i, ", got an empty one");
}

double FunctionLR::factor(const ScheduledGroup& group) const {
  const size_t i = lambdas_.same() ? 0 : group.index;
  XGRAD_CHECK_AS(ValueError, i < lambdas_.given().size(), "[", name_, "] expected ", groups().size(), " values for lr_lambda, got ",
                 lambdas_.given().size());
  return lambdas_.given()[i](group.epoch);
}

LambdaLR::LambdaLR(Optimizer& optimizer, PerGroup<LRLambda> lr_lambda, int64_t last_epoch) : FunctionLR(optimizer, "LambdaLR", std::move(lr_lambda)) {
  begin(last_epoch);
}
double LambdaLR::next_lr(const ScheduledGroup& group) const { return group.initial_lr * factor(group); }

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, PerGroup<LRLambda> lr_lambda, int64_t last_epoch)
    : FunctionLR(optimizer, "MultiplicativeLR", std::move(lr_lambda)) {
  begin(last_epoch);
}
double MultiplicativeLR::next_lr(const ScheduledGroup& group) const { return group.epoch == 0 ? group.lr : group.lr * factor(group); }
double MultiplicativeLR::restarted_lr(const ScheduledGroup& group) const { return group.lr; }

}}}  // namespace torch::xgrad::optim
