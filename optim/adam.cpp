#include <xgrad/optim/adam.h>

#include <cmath>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/optim/adamw.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

template <class Options> void check_adam(const char* optimizer, const Options& o) {
  detail::check_option(o.lr() >= 0, optimizer, "learning rate", o.lr());
  detail::check_option(o.eps() >= 0, optimizer, "epsilon value", o.eps());
  const auto [beta1, beta2] = o.betas();
  detail::check_option(beta1 >= 0 && beta1 < 1, optimizer, "beta parameter at index 0", beta1);
  detail::check_option(beta2 >= 0 && beta2 < 1, optimizer, "beta parameter at index 1", beta2);
  detail::check_option(o.weight_decay() >= 0, optimizer, "weight_decay value", o.weight_decay());
}

template <class Options> kernels::AdamStep numbers_of(const Options& o, int64_t step, bool decoupled) {
  const auto [beta1, beta2] = o.betas();
  const auto t = static_cast<double>(step);
  const double size = o.lr() / (1 - std::pow(beta1, t)), root = std::sqrt(1 - std::pow(beta2, t));
  if (decoupled) return {beta1, beta2, o.eps(), 0, 1 - o.lr() * o.weight_decay(), size, root};
  return {beta1, beta2, o.eps(), o.weight_decay(), 1, size, root};
}

template <class Options, bool kDecoupled>
void count_step(kernels::Constants<StepSource> sources, kernels::Constants<int64_t*> counts, kernels::AdamStep* numbers) {
  int64_t* const* count = counts.data;
  for (const StepSource* s = sources.data; s != sources.data + sources.size; ++s) {
    for (size_t i = 0; i < s->counts; ++i) ++*count[i];
    *numbers++ = numbers_of(static_cast<const Options&>(*s->options), **count, kDecoupled);
    count += s->counts;
  }
}

void check(const Tensor& p, const AdamParamState& state) {
  check_state(p, state.exp_avg());
  check_state(p, state.exp_avg_sq());
  check_state(p, state.max_exp_avg_sq());
}

const Tensor* zeros_at_first(Tensor& state, const Tensor& p) {
  if (!state.defined()) state = zeros_like(p);
  return &state;
}

}  // namespace

// Neighbours that share group and step count share the hyper-parameters.
template <class Options> void AdamSteps::fill_list() {
  list_->clear();
  std::vector<StepSource>& sources = list_->sources;
  int64_t step = -1;
  for (const Target& target : targets_) {
    const Tensor& p = *target.parameter;
    auto& state = static_cast<AdamParamState&>(state_of(target));
    if (sources.empty() || state.step() != step || sources.back().options != target.options) {
      step = state.step();
      sources.push_back({target.options});
    }
    ++sources.back().counts;
    list_->counts.push_back(&state.step());
    const Tensor* largest = static_cast<const Options&>(*target.options).amsgrad() ? zeros_at_first(state.max_exp_avg_sq(), p) : nullptr;
    list_->add(p, {zeros_at_first(state.exp_avg(), p), zeros_at_first(state.exp_avg_sq(), p), largest}, sources.size() - 1);
  }
}

template <class Options, bool kDecoupled> Tensor AdamSteps::step_with(const LossClosure& closure) {
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets())
    if (OptimizerParamState* state = find_state(t)) check(*t.parameter, state_as<AdamParamState>(*state));
  if (!list_) list_ = std::make_shared<StepList<kernels::AdamStep>>();
  fill_list<Options>();
  list_->run<Options>(kDecoupled ? operation<"adamw"> : operation<"adam">, count_step<Options, kDecoupled>);
  return loss;
}

AdamOptions::AdamOptions() = default;
AdamOptions::AdamOptions(double lr) { lr_.state(lr); }
void AdamOptions::check() const { check_adam("Adam", *this); }

Adam::Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults)
    : AdamSteps(std::move(param_groups), std::make_unique<AdamOptions>(defaults)) {}
Adam::Adam(std::vector<Tensor> params, AdamOptions defaults) : AdamSteps(std::move(params), std::make_unique<AdamOptions>(defaults)) {}
std::unique_ptr<OptimizerParamState> Adam::new_state() const { return std::make_unique<AdamParamState>(); }

Tensor Adam::step(LossClosure closure) { return step_with<AdamOptions, false>(closure); }

AdamWOptions::AdamWOptions() = default;
AdamWOptions::AdamWOptions(double lr) { lr_.state(lr); }
void AdamWOptions::check() const { check_adam("AdamW", *this); }

std::unique_ptr<OptimizerParamState> AdamWParamState::clone() const { return std::make_unique<AdamWParamState>(*this); }

AdamW::AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults)
    : AdamSteps(std::move(param_groups), std::make_unique<AdamWOptions>(defaults)) {}
AdamW::AdamW(std::vector<Tensor> params, AdamWOptions defaults) : AdamSteps(std::move(params), std::make_unique<AdamWOptions>(defaults)) {}
std::unique_ptr<OptimizerParamState> AdamW::new_state() const { return std::make_unique<AdamWParamState>(); }

Tensor AdamW::step(LossClosure closure) { return step_with<AdamWOptions, true>(closure); }

}}}  // namespace torch::xgrad::optim
