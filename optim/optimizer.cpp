#include <xgrad/optim/optimizer.h>

#include <typeinfo>
#include <unordered_set>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace optim {

OptimizerOptions& OptimizerParamGroup::options() {
  XGRAD_CHECK(options_, "[OptimizerParamGroup] this group has no options of its own; it gets them when it is added to an optimizer");
  return *options_;
}
OptimizerParamGroup::~OptimizerParamGroup() {
  if (in_optimizer_ && options_) xgrad::detail::outdate_kept_launches();
}
const OptimizerOptions& OptimizerParamGroup::options() const { return const_cast<OptimizerParamGroup&>(*this).options(); }

void OptimizerParamGroup::set_options(std::unique_ptr<OptimizerOptions> options) {
  if (in_optimizer_ && options_) {
    XGRAD_CHECK_AS(ValueError, options, "[set_options] a parameter group in an optimizer needs options, got null");
    detail::check_class("set_options", *options_, *options);
    options->check();
    xgrad::detail::outdate_kept_launches();  // they read the old ones
  }
  options_ = std::move(options);
}

void OptimizerParamGroup::set_lr(double lr) {
  const std::unique_ptr<OptimizerOptions> tried = options().clone();
  tried->set_lr(lr);
  if (in_optimizer_) tried->check();
  options().set_lr(lr);
}

void Optimizer::set_lr(double lr) {
  std::vector<OptimizerParamGroup> tried = param_groups_;
  for (OptimizerParamGroup& group : tried) {
    group.options().set_lr(lr);
    group.options().check();
  }
  for (OptimizerParamGroup& group : param_groups_) group.options().set_lr(lr);
}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults) : defaults_(std::move(defaults)) {
  XGRAD_CHECK_AS(ValueError, defaults_, "[Optimizer] expected options, got null");
  defaults_->check();
  XGRAD_CHECK_AS(ValueError, !param_groups.empty(), "[Optimizer] got an empty parameter list");
  std::vector<Tensor> parameters;  // looked at once, not anew for each group
  for (const OptimizerParamGroup& group : param_groups) {
    XGRAD_CHECK_AS(ValueError, !group.params().empty(), "[Optimizer] got an empty parameter list");
    parameters.insert(parameters.end(), group.params().begin(), group.params().end());
  }
  check_new_parameters(parameters);
  for (const OptimizerParamGroup& group : param_groups) append(group);
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
  append(param_group);
}

void Optimizer::append(const OptimizerParamGroup& param_group) {
  OptimizerParamGroup group(param_group);
  xgrad::detail::outdate_kept_launches();  // they know nothing of it
  if (!group.has_options()) group.set_options(defaults_->clone());
  detail::check_class("add_param_group", *defaults_, group.options());
  group.options().inherit(*defaults_);
  group.options().check();
  group.in_optimizer_ = true;
  param_groups_.push_back(std::move(group));
}

OptimizerParamGroup& Optimizer::first_group() {
  XGRAD_CHECK_AS(IndexError, !param_groups_.empty(), "[Optimizer] there is no parameter group");
  return param_groups_[0];
}

void Optimizer::add_parameters(const std::vector<Tensor>& parameters) {
  check_new_parameters(parameters);
  std::vector<Tensor>& first = first_group().params();
  first.insert(first.end(), parameters.begin(), parameters.end());
}

namespace {

// As grad.zero_(); the usual gradient needs none of its checks, which take two thirds of the time of a small one.
void zero(Tensor& grad) {
  if (grad.is_sparse()) {
    grad.zero_();
    return;
  }
  const TensorImpl& g = grad.impl();
  if (grad.requires_grad()) grad.detach_();
  if (!g.contiguous || g.view_kind != ViewKind::None) {
    grad.zero_();
    return;
  }
  clear_elements(grad);
  g.storage->bump_version();
}

}  // namespace

void Optimizer::zero_grad(bool set_to_none) {
  for (OptimizerParamGroup& group : param_groups_) {
    for (Tensor& p : group.params()) {
      if (!p.grad().defined()) continue;
      if (set_to_none) p.mutable_grad().reset();
      else zero(p.mutable_grad());
    }
  }
}

size_t Optimizer::size() const {
  size_t n = 0;
  for (const OptimizerParamGroup& group : param_groups_) n += group.params().size();
  return n;
}

std::unique_ptr<OptimizerParamState> Optimizer::new_state() const {
  xgrad::detail::raise<NotImplementedError>("[Optimizer] this optimizer's class doesn't tell what it keeps of a parameter");
}

Tensor Optimizer::loss_of(const LossClosure& closure) {
  if (!closure) return {};
  AutoGradMode recording(true);
  return closure();
}

namespace {

[[noreturn]] void refuse_sparse_gradient(const std::type_info& optimizer) {
  const std::string path = type_name(optimizer), name = path.substr(path.rfind(':') + 1);
  xgrad::detail::raise<NotImplementedError>("[step] ", name, " does not support sparse gradients: SGD, Adagrad, SparseAdam and LBFGS do");
}

}  // namespace

const std::vector<Optimizer::Target>& Optimizer::targets() {
  if (places_removals_ != state_.removals()) places_.clear();
  places_removals_ = state_.removals();
  places_.resize(size());
  targets_.clear();
  Place* place = places_.data();
  for (const OptimizerParamGroup& group : param_groups_) {
    const OptimizerOptions& options = group.options();
    detail::check_class("step", *defaults_, options);
    for (const Tensor& p : group.params()) {
      if (place->parameter != &p.impl()) *place = {&p.impl(), nullptr};
      if (const Tensor& gradient = p.grad(); gradient.defined()) {
        const TensorImpl* g = &gradient.properties();
        if (gradient.is_sparse() && !takes_sparse_gradients()) refuse_sparse_gradient(typeid(*this));
        XGRAD_CHECK(g->sizes == p.impl().sizes && g->dtype == p.impl().dtype, "[step] expected a gradient like its parameter, got ", p.grad(),
                    " for ", p);
        XGRAD_CHECK_AS(NotImplementedError, g->dtype == kFloat || g->dtype == kDouble, "[step] \"step\" not implemented for '", g->dtype, "'");
        targets_.push_back({&p, &options, &place->state});
      }
      ++place;
    }
  }
  return targets_;
}

OptimizerParamState* Optimizer::find_state(const Target& target) {
  StateMap::mapped_type*& place = *target.state;
  if (!place) {
    const auto found = state_.find(target.parameter->unsafeGetTensorImpl());
    if (found == state_.end()) return nullptr;
    place = &found->second;
  }
  return place->get();
}

OptimizerParamState& Optimizer::state_of(const Target& target) {
  if (OptimizerParamState* state = find_state(target)) return *state;
  std::unique_ptr<OptimizerParamState> made = new_state();
  made->parameter_ = *target.parameter;
  *target.state = &(state_[target.parameter->unsafeGetTensorImpl()] = std::move(made));
  return ***target.state;
}

}}}  // namespace torch::xgrad::optim
