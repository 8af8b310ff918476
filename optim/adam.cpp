#include <xgrad/optim/adam.h>

#include <cmath>

#include <xgrad/autograd/kernels/optimizer_step.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/parameter_update.h>

namespace xgrad::optim {

namespace {

template <class Options>
void check_adam(const char* optimizer, const Options& o) {
  detail::check_option(o.lr() >= 0, optimizer, "learning rate", o.lr());
  detail::check_option(o.eps() >= 0, optimizer, "epsilon value", o.eps());
  const auto [beta1, beta2] = o.betas();
  detail::check_option(beta1 >= 0 && beta1 < 1, optimizer, "beta parameter at index 0", beta1);
  detail::check_option(beta2 >= 0 && beta2 < 1, optimizer, "beta parameter at index 1", beta2);
  detail::check_option(o.weight_decay() >= 0, optimizer, "weight_decay value", o.weight_decay());
}

template <class Options>
void adam_update(const Tensor& p, const Options& o, bool decoupled, AdamParamState& state) {
  if (!state.exp_avg().defined()) {
    state.exp_avg(zeros_like(p));
    state.exp_avg_sq(zeros_like(p));
  }
  if (o.amsgrad() && !state.max_exp_avg_sq().defined()) state.max_exp_avg_sq(zeros_like(p));
  state.step(state.step() + 1);
  const auto [beta1, beta2] = o.betas();
  const auto t = static_cast<double>(state.step());
  const kernels::AdamStep step{o.lr(), beta1, beta2, o.eps(), o.weight_decay(), decoupled, 1 - std::pow(beta1, t), 1 - std::pow(beta2, t)};
  const auto run = [&](auto* w, const auto* g, auto* const* s, int64_t n) { kernels::adam_step(step, w, g, s[0], s[1], s[2], n); };
  if (o.amsgrad()) update_parameter(p, {&state.exp_avg(), &state.exp_avg_sq(), &state.max_exp_avg_sq()}, run);
  else update_parameter(p, {&state.exp_avg(), &state.exp_avg_sq()}, run);
}

}  // namespace

std::vector<OptionField> AdamOptions::fields() {
  return {{"lr", &lr_.value, &lr_.stated},
          {"betas", &betas_.value, &betas_.stated},
          {"eps", &eps_.value, &eps_.stated},
          {"weight_decay", &weight_decay_.value, &weight_decay_.stated},
          {"amsgrad", &amsgrad_.value, &amsgrad_.stated}};
}
void AdamOptions::check() const { check_adam("Adam", *this); }

Tensor Adam::step(LossClosure closure) {
  return step_each(closure, [this](const Tensor& p, const OptimizerOptions& group) {
    adam_update(p, static_cast<const AdamOptions&>(group), false, static_cast<AdamParamState&>(state_of(p)));
  });
}

std::vector<OptionField> AdamWOptions::fields() {
  return {{"lr", &lr_.value, &lr_.stated},
          {"betas", &betas_.value, &betas_.stated},
          {"eps", &eps_.value, &eps_.stated},
          {"weight_decay", &weight_decay_.value, &weight_decay_.stated},
          {"amsgrad", &amsgrad_.value, &amsgrad_.stated}};
}
void AdamWOptions::check() const { check_adam("AdamW", *this); }

Tensor AdamW::step(LossClosure closure) {
  return step_each(closure, [this](const Tensor& p, const OptimizerOptions& group) {
    adam_update(p, static_cast<const AdamWOptions&>(group), true, static_cast<AdamParamState&>(state_of(p)));
  });
}

}  // namespace xgrad::optim
