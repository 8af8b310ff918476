#include <xgrad/optim/adagrad.h>

#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/listed_rows.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

AdagradOptions::AdagradOptions() = default;
AdagradOptions::AdagradOptions(double lr) { lr_.state(lr); }
void AdagradOptions::check() const {
  detail::check_option(lr() >= 0, "Adagrad", "learning rate", lr());
  detail::check_option(lr_decay() >= 0, "Adagrad", "lr_decay value", lr_decay());
  detail::check_option(weight_decay() >= 0, "Adagrad", "weight_decay value", weight_decay());
  detail::check_option(initial_accumulator_value() >= 0, "Adagrad", "initial_accumulator_value value", initial_accumulator_value());
  detail::check_option(eps() >= 0, "Adagrad", "epsilon value", eps());
}

Adagrad::Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<AdagradOptions>(defaults)) {}
Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults) : Optimizer(std::move(params), std::make_unique<AdagradOptions>(defaults)) {}
std::unique_ptr<OptimizerParamState> Adagrad::new_state() const { return std::make_unique<AdagradParamState>(); }

namespace {

double rate_at(const AdagradOptions& o, int64_t step) { return o.lr() / (1 + static_cast<double>(step - 1) * o.lr_decay()); }

void count_adagrad_step(kernels::Constants<StepSource> sources, kernels::Constants<int64_t*> counts, kernels::AdagradStep* numbers) {
  int64_t* const* count = counts.data;
  for (const StepSource* s = sources.data; s != sources.data + sources.size; ++s) {
    const auto& o = static_cast<const AdagradOptions&>(*s->options);
    for (size_t i = 0; i < s->counts; ++i) ++*count[i];
    *numbers++ = {rate_at(o, **count), o.eps(), o.weight_decay()};
    count += s->counts;
  }
}

void update_rows_by_adagrad(const Tensor& p, AdagradParamState& state, const AdagradOptions& o) {
  const RowsOnce g(p.grad());
  const Tensor sum = state.sum().index_select(0, g.positions).addcmul_(g.values, g.values);
  const Tensor change = g.values / sum.sqrt().add_(o.eps());
  replace_rows(state.sum(), g.positions, sum);
  add_to_rows(p, g.positions, change, -rate_at(o, ++state.step()));
}

}  // namespace

// Neighbours that share group and step count share the hyper-parameters.
void Adagrad::fill_list() {
  list_->clear();
  std::vector<StepSource>& sources = list_->sources;
  int64_t step = -1;
  for (const Target& t : targets_) {
    const auto& o = static_cast<const AdagradOptions&>(*t.options);
    auto& state = static_cast<AdagradParamState&>(state_of(t));
    if (!state.sum().defined()) state.sum() = full_like(*t.parameter, o.initial_accumulator_value());
    if (t.parameter->grad().is_sparse()) continue;
    if (sources.empty() || state.step() != step || sources.back().options != t.options) {
      step = state.step();
      sources.push_back({t.options});
    }
    ++sources.back().counts;
    list_->counts.push_back(&state.step());
    list_->add(*t.parameter, {&state.sum()}, sources.size() - 1);
  }
}

Tensor Adagrad::step(LossClosure closure) {
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets()) {
    XGRAD_CHECK(!t.parameter->grad().is_sparse() || static_cast<const AdagradOptions&>(*t.options).weight_decay() == 0,
                "[Adagrad] weight_decay option is not compatible with sparse gradients, got ",
                static_cast<const AdagradOptions&>(*t.options).weight_decay());
    if (OptimizerParamState* state = find_state(t)) check_state(*t.parameter, state_as<AdagradParamState>(*state).sum());
  }
  if (!list_) list_ = std::make_shared<StepList<kernels::AdagradStep>>();
  fill_list();
  list_->run<AdagradOptions>(operation<"adagrad">, count_adagrad_step);
  for (const Target& t : targets_)
    if (t.parameter->grad().is_sparse())
      update_rows_by_adagrad(*t.parameter, static_cast<AdagradParamState&>(state_of(t)), static_cast<const AdagradOptions&>(*t.options));
  return loss;
}

}}}  // namespace torch::xgrad::optim
