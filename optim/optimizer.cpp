#include <xgrad/optim/optimizer.h>

#include <algorithm>
#include <unordered_set>

namespace xgrad::optim {

OptimizerOptions& OptimizerParamGroup::options() {
  XGRAD_CHECK(options_, "[OptimizerParamGroup] this group has no options of its own; it gets them when it is added to an optimizer");
  return *options_;
}
const OptimizerOptions& OptimizerParamGroup::options() const { return const_cast<OptimizerParamGroup&>(*this).options(); }

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults) : defaults_(std::move(defaults)) {
  defaults_->check();
  XGRAD_CHECK_AS(ValueError, !param_groups.empty(), "[Optimizer] got an empty parameter list");
  for (const OptimizerParamGroup& group : param_groups) add_param_group(group);
}

Optimizer::Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}

Optimizer::~Optimizer() = default;

void Optimizer::check_new_parameters(const std::vector<Tensor>& parameters) const {
  std::unordered_set<const void*> known;
  for (const OptimizerParamGroup& group : param_groups_)
    for (const Tensor& p : group.params()) known.insert(p.unsafeGetTensorImpl());
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Tensor& p = parameters[i];
    XGRAD_CHECK_AS(ValueError, p.defined(), "[Optimizer] parameter ", i, " is undefined");
    XGRAD_CHECK_AS(ValueError, p.is_leaf(), "[Optimizer] can't optimize a non-leaf Tensor, got parameter ", i, " of shape ", p.sizes());
    XGRAD_CHECK_AS(ValueError, known.insert(p.unsafeGetTensorImpl()).second,
                   "[Optimizer] some parameters appear in more than one parameter group or twice: parameter ", i, " of shape ", p.sizes());
  }
}

void Optimizer::add_param_group(const OptimizerParamGroup& param_group) {
  XGRAD_CHECK_AS(ValueError, !param_group.params().empty(), "[Optimizer] got an empty parameter list");
  check_new_parameters(param_group.params());
  OptimizerParamGroup group(param_group);
  if (group.has_options()) group.options().inherit(*defaults_);
  else group.set_options(defaults_->clone());
  group.options().check();
  param_groups_.push_back(std::move(group));
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  check_new_parameters(parameters);
  std::vector<Tensor>& first = param_groups_[0].params();
  first.insert(first.end(), parameters.begin(), parameters.end());
}

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_) {
    for (Tensor& p : group.params()) {
      Tensor& grad = p.mutable_grad();
      if (!grad.defined()) continue;
      if (set_to_none) {
        grad.reset();
      } else {
        if (grad.requires_grad()) grad.detach_();
        grad.zero_();
      }
    }
  }
}

size_t Optimizer::size() const {
  size_t n = 0;
  for (const OptimizerParamGroup& group : param_groups_) n += group.params().size();
  return n;
}

OptimizerParamState& Optimizer::state_of(const Tensor& parameter) {
  std::unique_ptr<OptimizerParamState>& state = state_[parameter.unsafeGetTensorImpl()];
  if (!state) state = new_state();
  return *state;
}

Tensor Optimizer::step_each(const LossClosure& closure, const std::function<void(const Tensor&, const OptimizerOptions&)>& update) {
  NoGradGuard no_grad;
  Tensor loss;
  if (closure) {
    AutoGradMode recording(true);
    loss = closure();
  }
  for (const OptimizerParamGroup& group : param_groups_) {
    for (const Tensor& p : group.params()) {
      const Tensor& g = p.grad();
      XGRAD_CHECK(!g.defined() || (g.sizes() == p.sizes() && g.dtype() == p.dtype()), "[step] expected a gradient like its parameter, got ", g,
                  " for ", p);
    }
  }
  for (const OptimizerParamGroup& group : param_groups_)
    for (const Tensor& p : group.params())
      if (p.grad().defined()) update(p, group.options());
  return loss;
}

}  // namespace xgrad::optim
