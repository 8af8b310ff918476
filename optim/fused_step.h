// One step of a fused optimizer. Internal.
#pragma once

#include <array>
#include <tuple>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/optim/fused_optimizer.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

/// What an optimizer's step is made of. A rule derives from this and states what differs:
///
///     static constexpr const Operation& kOperation = operation<"name">;
///     // The step's hyper-parameters for the kernel. Advances the state's numbers to this step.
///     static Step next(const Options& o, State& s);
///     // The state's tensors, in the kernel's order; null for one that these options do without.
///     static std::array<Tensor*, 3> tensors(State& s, const Options& o);
template <class O, class S, class K> struct StepRule {
  using Options = O;
  using State = S;
  using Step = K;
  /// The numbers in a state. Neighbours in a group that agree on them share hyper-parameters.
  static auto numbers(State& s) { return std::tie(s.step()); }
  /// False iff these options make the optimizer forget everything between steps: next() then gets no state.
  static bool remembers(const Options&) { return true; }
  /// What the k-th tensor begins with.
  static double initial(const Options&, size_t) { return 0; }
};

/// A rule whose kernel is told which tensors are in their first step, and whose states have no numbers: next(options, first).
template <class O, class S, class K> struct FirstStepRule : StepRule<O, S, K> {
  static std::tuple<> numbers(S&) { return {}; }
};

/// True iff a rule takes sparse gradients, by check_sparse(options), which throws for options that it doesn't take them with, and
/// update_rows(parameter, options, state or null).
template <class Rule> constexpr bool kUpdatesRows = requires { Rule::update_rows; };
template <class Rule> constexpr bool kHasNumbers = std::tuple_size_v<decltype(Rule::numbers(std::declval<typename Rule::State&>()))> != 0;

template <class... T> std::tuple<T...> values_of(const std::tuple<T&...>& numbers) { return numbers; }

/// Sources that agree on their numbers as this runs share the first one's step, whether they were one when the list was made or not.
template <class Rule>
void compute_step(kernels::Constants<StepSource> sources, kernels::Constants<OptimizerParamState*> states, typename Rule::Step* numbers) {
  using State = typename Rule::State;
  OptimizerParamState* const* state = states.data;
  [[maybe_unused]] decltype(values_of(Rule::numbers(std::declval<State&>()))) shared;  // before the step, those of the last one computed
  [[maybe_unused]] State* last = nullptr;
  for (const StepSource* s = sources.data; s != sources.data + sources.size; ++s) {
    const auto& options = static_cast<const typename Rule::Options&>(*s->options);
    if constexpr (kHasNumbers<Rule>) {
      auto& first = static_cast<State&>(**state);
      if (last && s[-1].options == s->options && Rule::numbers(first) == shared) {
        Rule::numbers(first) = Rule::numbers(*last);
        *numbers = numbers[-1];
      } else {
        shared = values_of(Rule::numbers(first));
        *numbers = Rule::next(options, first);
      }
      last = &first;
      ++numbers;
      for (size_t i = 1; i < s->states; ++i) Rule::numbers(static_cast<State&>(*state[i])) = Rule::numbers(first);
    } else {
      *numbers++ = Rule::next(options, s->first);
    }
    state += s->states;
  }
}

template <class Rule> void FusedOptimizer::fill_list() {
  using State = typename Rule::State;
  using Options = typename Rule::Options;
  StepTensors& list = *list_;
  list.clear();
  std::vector<Tensor*> made;
  State* shared = nullptr;  // the first of those that share the last hyper-parameters
  try {
    for (const Target& t : targets_) {
      if constexpr (kUpdatesRows<Rule>)
        if (t.parameter->grad().is_sparse()) continue;
      const auto& o = static_cast<const Options&>(*t.options);
      std::array<Tensor*, 3> tensors{};
      State* state = nullptr;
      bool first = false;
      if (Rule::remembers(o)) {
        state = static_cast<State*>(&state_of(t));
        tensors = Rule::tensors(*state, o);
        for (size_t k = 0; k < tensors.size(); ++k) {
          if (!tensors[k]) continue;
          if (tensors[k]->defined()) {
            if constexpr (kUpdatesRows<Rule>)
              if (tensors[k]->is_sparse()) *tensors[k] = tensors[k]->to_dense();
            continue;
          }
          first = true;
          made.push_back(tensors[k]);
          const double value = Rule::initial(o, k);
          *tensors[k] = value == 0 ? zeros_like(*t.parameter) : full_like(*t.parameter, value);
        }
      }
      bool shares = !list.sources.empty() && list.sources.back().options == t.options;
      // Recorded, the step is run again when numbers that are equal now may no longer be.
      if constexpr (kHasNumbers<Rule>) shares = shares && !kernels::is_observed() && Rule::numbers(*state) == Rule::numbers(*shared);
      else shares = shares && list.sources.back().first == first;
      if (!shares) {
        list.sources.push_back({t.options, 0, first});
        shared = state;
      }
      if constexpr (kHasNumbers<Rule>) {
        ++list.sources.back().states;
        list.states.push_back(state);
      }
      list.add(*t.parameter, tensors, list.sources.size() - 1);
    }
  } catch (...) {
    for (Tensor* tensor : made) *tensor = Tensor();  // or the next step would not be their first
    throw;
  }
}

template <class Rule> Tensor FusedOptimizer::step_by(const LossClosure& closure) {
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets()) {
    const auto& o = static_cast<const typename Rule::Options&>(*t.options);
    if constexpr (kUpdatesRows<Rule>)
      if (t.parameter->grad().is_sparse()) Rule::check_sparse(o);
    if (OptimizerParamState* const known = find_state(t); known && Rule::remembers(o))
      for (Tensor* tensor : Rule::tensors(state_as<typename Rule::State>(*known), o))
        if (tensor) check_state(*t.parameter, *tensor);
  }
  if (!list_) list_ = std::make_shared<StepList<typename Rule::Step>>();
  fill_list<Rule>();
  static_cast<StepList<typename Rule::Step>&>(*list_).template run<typename Rule::Options>(Rule::kOperation, compute_step<Rule>);
  for (const Target& t : targets_)
    if (!kUpdatesRows<Rule> || !t.parameter->grad().is_sparse()) t.parameter->impl().storage->bump_version();
  if constexpr (kUpdatesRows<Rule>) {
    for (const Target& t : targets_) {
      if (!t.parameter->grad().is_sparse()) continue;
      const auto& o = static_cast<const typename Rule::Options&>(*t.options);
      Rule::update_rows(*t.parameter, o, Rule::remembers(o) ? static_cast<typename Rule::State*>(&state_of(t)) : nullptr);
    }
  }
  return loss;
}

}}}  // namespace torch::xgrad::optim
