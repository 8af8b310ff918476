// One step of an optimizer that changes one parameter after the other by operations on tensors. Internal.
#pragma once

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/optim/optimizer.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

/// A rule has Options, State, check(parameter, options), which throws for what it can't work with, and update(parameter, gradient,
/// options, state), the gradient being turned where it is to be climbed, unless the rule's kTurns says that it does that itself.
template <class Rule> Tensor Optimizer::step_each(const LossClosure& closure) {
  using Options = typename Rule::Options;
  using State = typename Rule::State;
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets()) {
    Rule::check(*t.parameter, static_cast<const Options&>(*t.options));
    if (OptimizerParamState* const known = find_state(t))
      for (const std::string& misfit : state_as<State>(*known).misfits(*t.parameter))
        xgrad::detail::raise<Error>("[step] expected a state like its parameter, got one where ", misfit);
  }
  for (const Target& t : targets_) {
    const auto& o = static_cast<const Options&>(*t.options);
    const Tensor& g = t.parameter->grad();
    Rule::update(
        *t.parameter, o.maximize() && !requires { Rule::kTurns; } ? -g : g, o, static_cast<State&>(state_of(t)));
  }
  return loss;
}

}}}  // namespace torch::xgrad::optim
