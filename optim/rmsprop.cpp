#include <xgrad/optim/rmsprop.h>

#include <cmath>

#include <xgrad/optim/adadelta.h>
#include <xgrad/optim/fused_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void RMSpropOptions::check() const {
  detail::check_option(lr() >= 0, "RMSprop", "learning rate", lr());
  detail::check_option(eps() >= 0, "RMSprop", "epsilon value", eps());
  detail::check_option(momentum() >= 0, "RMSprop", "momentum value", momentum());
  detail::check_option(weight_decay() >= 0, "RMSprop", "weight_decay value", weight_decay());
  detail::check_option(alpha() >= 0, "RMSprop", "alpha value", alpha());
}
void AdadeltaOptions::check() const {
  detail::check_option(lr() >= 0, "Adadelta", "learning rate", lr());
  detail::check_option(rho() >= 0 && rho() <= 1, "Adadelta", "rho value", rho());
  detail::check_option(eps() >= 0, "Adadelta", "epsilon value", eps());
  detail::check_option(weight_decay() >= 0, "Adadelta", "weight_decay value", weight_decay());
}

namespace {

struct RMSpropRule : StepRule<RMSpropOptions, RMSpropParamState, kernels::RmspropStep> {
  static constexpr const Operation& kOperation = operation<"rmsprop">;

  static std::array<Tensor*, 3> tensors(RMSpropParamState& s, const RMSpropOptions& o) {
    return {&s.square_avg(), o.momentum() > 0 ? &s.momentum_buffer() : nullptr, o.centered() ? &s.grad_avg() : nullptr};
  }
  static kernels::RmspropStep next(const RMSpropOptions& o, RMSpropParamState& s) {
    ++s.step();
    return {o.lr(), o.alpha(), o.eps(), o.momentum(), o.weight_decay(), o.maximize() ? -1. : 1.};
  }
};

struct AdadeltaRule : StepRule<AdadeltaOptions, AdadeltaParamState, kernels::AdadeltaStep> {
  static constexpr const Operation& kOperation = operation<"adadelta">;

  static std::array<Tensor*, 3> tensors(AdadeltaParamState& s, const AdadeltaOptions&) { return {&s.square_avg(), &s.acc_delta()}; }
  static kernels::AdadeltaStep next(const AdadeltaOptions& o, AdadeltaParamState& s) {
    ++s.step();
    return {o.lr(), o.rho(), o.eps(), o.weight_decay(), o.maximize() ? -1. : 1.};
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(RMSprop, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(Adadelta, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
