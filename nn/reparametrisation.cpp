#include <xgrad/nn/reparametrisation.h>

#include <algorithm>

#include <xgrad/autograd/core/grad_mode.h>

namespace torch { inline namespace xgrad { namespace nn {

Reparametrisation::~Reparametrisation() = default;

Tensor Reparametrisation::initial(const Tensor&, const std::vector<Tensor>& parts) const { return put_together(parts, /*training=*/false); }

ReparametrisedParameter::ReparametrisedParameter(std::string name, const ParameterMember& member, std::shared_ptr<const Reparametrisation> how)
    : name_(std::move(name)), member_(member), how_(std::move(how)) {
  for (const Reparametrisation::Part& part : how_->parts()) parts_.push_back({name_ + part.suffix, part.is_buffer});
}

ReparametrisedParameter::ReparametrisedParameter() : member_(ParameterMember::none()) {}
ReparametrisedParameter::~ReparametrisedParameter() = default;

void ReparametrisedParameter::begin(Module& module, std::shared_ptr<const ReparametrisedParameter> what) {
  module.reparametrised_.insert(module.reparametrised_.begin(), std::move(what));
}

void ReparametrisedParameter::end(Module& module, const ReparametrisedParameter* what) {
  auto& all = module.reparametrised_;
  all.erase(std::remove_if(all.begin(), all.end(), [what](const auto& one) { return one.get() == what; }), all.end());
}

bool ReparametrisedParameter::is_called(const Module& module) { return module.has_computed_; }

Tensor& ReparametrisedParameter::shown_in(Module& module) const {
  Tensor* member = member_.find_in(module);
  XGRAD_CHECK(member != nullptr, "[", function(), "] '", name_, "' is a member of another class than ", module.name());
  return *member;
}

std::vector<Tensor> ReparametrisedParameter::parts_in(const Module& module) const {
  std::vector<Tensor> parts;
  for (const Part& part : parts_) parts.push_back((part.is_buffer ? module.buffers_ : module.parameters_)[part.name]);
  return parts;
}

void ReparametrisedParameter::replace(Module& module, const std::vector<Tensor>& parts) const {
  for (const Part& part : parts_) module.check_name(function(), part.is_buffer ? "Buffer" : "Parameter", part.name);
  auto parameters = module.parameters_, buffers = module.buffers_;
  parameters.erase(name_);
  for (size_t i = 0; i < parts_.size(); ++i) (parts_[i].is_buffer ? buffers : parameters).insert(parts_[i].name, parts[i]);
  module.reparametrised_.push_back(std::make_shared<const ReparametrisedParameter>(*this));
  std::swap(module.parameters_, parameters);
  std::swap(module.buffers_, buffers);
}

void ReparametrisedParameter::attach(Module& module, const Tensor& parameter) const {
  const std::vector<Tensor> parts = how_->take_apart(parameter);
  Tensor initial = how_->initial(parameter, parts);
  replace(module, parts);
  shown_in(module) = std::move(initial);
}

void ReparametrisedParameter::attach_as_in(Module& module, const Module& original) const {
  replace(module, std::vector<Tensor>(parts_in(original).size()));
}

void ReparametrisedParameter::remove(Module& module) const {
  NoGradGuard no_grad;
  Tensor parameter = how_->put_together(parts_in(module), /*training=*/false).detach();
  auto parameters = module.parameters_, buffers = module.buffers_;
  for (const Part& part : parts_) (part.is_buffer ? buffers : parameters).erase(part.name);
  Tensor& shown = shown_in(module);
  parameters.insert(name_, parameter.set_requires_grad(true));
  std::swap(module.parameters_, parameters);
  std::swap(module.buffers_, buffers);
  end(module, this);
  shown = std::move(parameter);
}

void ReparametrisedParameter::compute(Module& module, bool training) const { shown_in(module) = how_->put_together(parts_in(module), training); }

void Module::compute_parameters(bool training) {
  for (const auto& parameter : reparametrised_) parameter->compute(*this, training);
}

std::string Module::name_of_parameter(const Tensor& parameter) const {
  for (const auto& item : parameters_)
    if (parameter.defined() && item->is_same(parameter)) return item.key();
  return {};
}

std::shared_ptr<const ReparametrisedParameter> Module::reparametrised(const Tensor* member) {
  for (const auto& parameter : reparametrised_)
    if (parameter->member().find_in(*this) == member) return parameter;
  return nullptr;
}

// A clone's reset() has registered plain parameters, and reparametrised those that it reparametrises itself.
void Module::reparametrise_as(const Module& original) {
  for (const auto& parameter : original.reparametrised_) {
    const bool done = std::any_of(reparametrised_.begin(), reparametrised_.end(), [&](const auto& own) { return own->name() == parameter->name(); });
    if (!done) parameter->attach_as_in(*this, original);
  }
}

void reparametrise(Module& module, const ParameterMember& member, std::shared_ptr<const Reparametrisation> how) {
  const Tensor* shown = member.find_in(module);
  const char* function = how->function();
  XGRAD_CHECK_AS(ValueError, shown != nullptr, "[", function, "] the parameter must be a member of the module's class, which is ", module.name());
  if (const auto earlier = module.reparametrised(shown)) {
    const bool same = std::string(earlier->function()) == function;
    XGRAD_CHECK(!same, "[", function, "] Cannot register two ", function, " hooks on the same parameter ", earlier->name());
    detail::raise<Error>("[", function, "] the parameter ", earlier->name(), " must be one of ", module.name(), "'s own, but ", earlier->function(),
                         " computes it already");
  }
  XGRAD_CHECK_AS(ValueError, shown->defined(), "[", function, "] cannot be applied as the parameter of ", module.name(), " is None");
  const std::string name = module.name_of_parameter(*shown);
  XGRAD_CHECK_AS(ValueError, !name.empty(), "[", function, "] the member must show a parameter registered in ", module.name(), ", got ", *shown);
  ReparametrisedParameter(name, member, std::move(how)).attach(module, Tensor(*shown));
}

void remove_reparametrisation(Module& module, const ParameterMember& member, const char* function) {
  const Tensor* shown = member.find_in(module);
  const auto found = shown ? module.reparametrised(shown) : nullptr;
  if (found && std::string(found->function()) == function) return found->remove(module);
  const std::string name = found ? found->name() : shown ? module.name_of_parameter(*shown) : std::string();
  detail::raise<ValueError>("[remove_", function, "] ", function, " of '", name, "' not found in ", module.name());
}

}}}  // namespace torch::xgrad::nn
