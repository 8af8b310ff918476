// Walking the tree of modules.
#include <unordered_set>

#include <xgrad/nn/module.h>
#include <xgrad/nn/type_name.h>

namespace torch::nn {

namespace {

std::string join(const std::string& prefix, const std::string& name) { return prefix.empty() ? name : name.empty() ? prefix : prefix + "." + name; }

using Tensors = OrderedDict<std::string, Tensor>;

// The defined tensors of `all` whose tensor was not seen yet, under `prefix`.
void collect(Tensors& result, std::unordered_set<const TensorImpl*>& seen, const Tensors& all, const std::string& prefix) {
  for (const auto& item : all)
    if (item->defined() && seen.insert(item->unsafeGetTensorImpl()).second) result.insert(join(prefix, item.key()), *item);
}

}  // namespace

void Module::apply_to_submodules(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const {
  for (const auto& child : children_) {
    const std::string name = join(name_prefix, child.key());
    function(name, child.value());
    child.value()->apply_to_submodules(function, name);
  }
}

void Module::apply(const ModuleApplyFunction& function) {
  function(*this);
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& module) { function(*module); });
}

void Module::apply(const ConstModuleApplyFunction& function) const {
  function(*this);
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& module) { function(*module); });
}

void Module::apply(const NamedModuleApplyFunction& function, const std::string& name_prefix) {
  function(name_prefix, *this);
  apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& module) { function(name, *module); }, name_prefix);
}

void Module::apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, *this);
  apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& module) { function(name, *module); }, name_prefix);
}

void Module::apply(const ModulePointerApplyFunction& function) const {
  function(shared_from_this_checked());
  apply_to_submodules([&](const std::string&, const std::shared_ptr<Module>& module) { function(module); });
}

void Module::apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, shared_from_this_checked());
  apply_to_submodules(function, name_prefix);
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  const std::shared_ptr<const Module> self = weak_from_this().lock();
  XGRAD_CHECK(self != nullptr, "[modules] It looks like you attempted to retrieve your top-level module as a shared_ptr, but it is not stored "
              "in a shared_ptr. Use std::make_shared<", name(), "> instead of creating your module on the stack, or alternatively do not try "
              "to access your top-level module at all by passing /*include_self=*/false to modules() or named_modules()");
  return std::const_pointer_cast<Module>(self);
}

OrderedDict<std::string, Tensor> Module::named_parameters(bool recurse) const {
  Tensors result("Parameter");
  std::unordered_set<const TensorImpl*> seen;
  collect(result, seen, parameters_, "");
  if (recurse)
    apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& m) { collect(result, seen, m->parameters_, name); });
  return result;
}

OrderedDict<std::string, Tensor> Module::named_buffers(bool recurse) const {
  Tensors result("Buffer");
  std::unordered_set<const TensorImpl*> seen;
  collect(result, seen, buffers_, "");
  if (recurse)
    apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& m) { collect(result, seen, m->buffers_, name); });
  return result;
}

std::vector<Tensor> Module::parameters(bool recurse) const { return named_parameters(recurse).values(); }
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix, bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> result("Module");
  if (include_self) result.insert(name_prefix, shared_from_this_checked());
  apply_to_submodules([&](const std::string& name, const std::shared_ptr<Module>& m) { result.insert(name, m); }, name_prefix);
  return result;
}

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const { return named_modules("", include_self).values(); }
std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

}  // namespace torch::nn
