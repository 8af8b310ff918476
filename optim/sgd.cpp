#include <xgrad/optim/sgd.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/step_list.h>

namespace torch { inline namespace xgrad { namespace optim {

SGDOptions::SGDOptions(double lr) { lr_.state(lr); }
void SGDOptions::check() const {
  detail::check_option(lr() >= 0, "SGD", "learning rate", lr());
  detail::check_option(momentum() >= 0, "SGD", "momentum value", momentum());
  detail::check_option(weight_decay() >= 0, "SGD", "weight_decay value", weight_decay());
  XGRAD_CHECK_AS(ValueError, !nesterov() || (momentum() > 0 && dampening() == 0),
                 "[SGD] Nesterov momentum requires a momentum and zero dampening, got momentum ", momentum(), " and dampening ", dampening());
}

SGD::SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<SGDOptions>(defaults)) {}
SGD::SGD(std::vector<Tensor> params, SGDOptions defaults) : Optimizer(std::move(params), std::make_unique<SGDOptions>(defaults)) {}
std::unique_ptr<OptimizerParamState> SGD::new_state() const { return std::make_unique<SGDParamState>(); }

namespace {

void read_step(kernels::Constants<StepSource> sources, kernels::Constants<int64_t*>, kernels::SgdStep* numbers) {
  for (const StepSource* s = sources.data; s != sources.data + sources.size; ++s) {
    const auto& o = static_cast<const SGDOptions&>(*s->options);
    *numbers++ = {o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.nesterov(), s->first};
  }
}

// A buffer that sparse gradients began is sparse too: it lists every row that any of them has listed. So the result is that of dense ones.
void update_rows_by_sgd(const Tensor& p, const SGDOptions& o, Tensor* buffer) {
  Tensor change = p.grad();
  if (buffer) {
    if (!buffer->defined()) *buffer = change.clone();
    else buffer->mul_(o.momentum()).add_(change, 1 - o.dampening());
    if (buffer->is_sparse()) *buffer = buffer->coalesce();
    if (!o.nesterov()) change = *buffer;
    else change = buffer->is_sparse() ? change + *buffer * o.momentum() : *buffer * o.momentum() + change;
  }
  p.add_(change, -o.lr());
}

}  // namespace

Tensor SGD::step(LossClosure closure) {
  NoGradGuard no_grad;
  const Tensor loss = loss_of(closure);
  for (const Target& t : targets()) {
    const double decay = static_cast<const SGDOptions&>(*t.options).weight_decay();
    XGRAD_CHECK_AS(NotImplementedError, !t.parameter->grad().is_sparse() || decay == 0,
                   "[SGD] weight_decay with a sparse gradient: add(sparse, dense) is not supported, got ", decay);
    if (OptimizerParamState* state = find_state(t)) check_state(*t.parameter, state_as<SGDParamState>(*state).momentum_buffer());
  }
  if (!list_) list_ = std::make_shared<StepList<kernels::SgdStep>>();
  fill_list();
  list_->run<SGDOptions>(operation<"sgd">, read_step);
  for (const Target& t : targets_) {
    if (!t.parameter->grad().is_sparse()) continue;
    const auto& o = static_cast<const SGDOptions&>(*t.options);
    update_rows_by_sgd(*t.parameter, o, o.momentum() == 0 ? nullptr : &static_cast<SGDParamState&>(state_of(t)).momentum_buffer());
  }
  return loss;
}

// The numbers are written once for neighbours that share the group and whether they have a buffer already.
void SGD::fill_list() {
  list_->clear();
  std::vector<StepSource>& sources = list_->sources;
  std::vector<Tensor*> made;
  try {
    for (const Target& t : targets_) {
      if (t.parameter->grad().is_sparse()) continue;
      const auto& o = static_cast<const SGDOptions&>(*t.options);
      Tensor* const buffer = o.momentum() == 0 ? nullptr : &static_cast<SGDParamState&>(state_of(t)).momentum_buffer();
      const bool first = buffer && !buffer->defined();
      if (buffer && buffer->is_sparse()) *buffer = buffer->to_dense();
      if (first) {
        made.push_back(buffer);
        *buffer = zeros_like(*t.parameter);
      }
      if (sources.empty() || sources.back().options != t.options || sources.back().first != first) sources.push_back({t.options, 0, first});
      list_->add(*t.parameter, {buffer}, sources.size() - 1);
    }
  } catch (...) {
    for (Tensor* buffer : made) *buffer = Tensor();  // or the next step would not be their first
    throw;
  }
}

}}}  // namespace torch::xgrad::optim
