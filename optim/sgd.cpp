#include <xgrad/optim/sgd.h>

#include <xgrad/autograd/kernels/optimizer_step.h>
#include <xgrad/optim/parameter_update.h>

namespace xgrad::optim {

std::vector<OptionField> SGDOptions::fields() {
  return {{"lr", &lr_.value, &lr_.stated},
          {"momentum", &momentum_.value, &momentum_.stated},
          {"dampening", &dampening_.value, &dampening_.stated},
          {"weight_decay", &weight_decay_.value, &weight_decay_.stated},
          {"nesterov", &nesterov_.value, &nesterov_.stated}};
}

void SGDOptions::check() const {
  detail::check_option(lr() >= 0, "SGD", "learning rate", lr());
  detail::check_option(momentum() >= 0, "SGD", "momentum value", momentum());
  detail::check_option(weight_decay() >= 0, "SGD", "weight_decay value", weight_decay());
  XGRAD_CHECK_AS(ValueError, !nesterov() || (momentum() > 0 && dampening() == 0),
                 "[SGD] Nesterov momentum requires a momentum and zero dampening, got momentum ", momentum(), " and dampening ", dampening());
}

Tensor SGD::step(LossClosure closure) {
  return step_each(closure, [this](const Tensor& p, const OptimizerOptions& group) {
    const auto& o = static_cast<const SGDOptions&>(group);
    kernels::SgdStep step{o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.nesterov(), false};
    if (o.momentum() == 0) {
      update_parameter(p, {}, [&](auto* w, const auto* g, auto* const*, int64_t n) { kernels::sgd_step(step, w, g, decltype(w)(nullptr), n); });
      return;
    }
    Tensor& buffer = static_cast<SGDParamState&>(state_of(p)).momentum_buffer();
    step.first = !buffer.defined();
    if (step.first) buffer = zeros_like(p);
    update_parameter(p, {&buffer}, [&](auto* w, const auto* g, auto* const* state, int64_t n) { kernels::sgd_step(step, w, g, state[0], n); });
  });
}

}  // namespace xgrad::optim
