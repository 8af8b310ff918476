// What is asked of a tree of modules.
#include <ostream>
#include <unordered_set>

#include <xgrad/nn/module_walk.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using Tensors = OrderedDict<std::string, Tensor>;

std::string join(const std::string& prefix, const std::string& name) { return prefix.empty() ? name : prefix + "." + name; }

// True for a defined tensor that it has not been asked about.
class FirstTime {
 public:
  bool operator()(const Tensor& t) { return t.defined() && seen_.insert(t.unsafeGetTensorImpl()).second; }

 private:
  std::unordered_set<const void*> seen_;
};

}  // namespace

void Module::apply(const ModuleApplyFunction& function) {
  function(*this);
  for (ModuleWalk walk(*this); walk.next();) function(*walk.module());
}

void Module::apply(const ConstModuleApplyFunction& function) const {
  function(*this);
  for (ModuleWalk walk(*this); walk.next();) function(*walk.module());
}

void Module::apply(const NamedModuleApplyFunction& function, const std::string& name_prefix) {
  function(name_prefix, *this);
  for (ModuleWalk walk(*this, name_prefix); walk.next();) function(walk.path(), *walk.module());
}

void Module::apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, *this);
  for (ModuleWalk walk(*this, name_prefix); walk.next();) function(walk.path(), *walk.module());
}

void Module::apply(const ModulePointerApplyFunction& function) const {
  function(shared_from_this_checked());
  for (ModuleWalk walk(*this); walk.next();) function(walk.module());
}

void Module::apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix) const {
  function(name_prefix, shared_from_this_checked());
  for (ModuleWalk walk(*this, name_prefix); walk.next();) function(walk.path(), walk.module());
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  const std::shared_ptr<const Module> self = weak_from_this().lock();
  XGRAD_CHECK(self != nullptr,
              "[modules] It looks like you attempted to retrieve your top-level module as a shared_ptr, but it is not stored "
              "in a shared_ptr. Use std::make_shared<",
              name(),
              "> instead of creating your module on the stack, or alternatively do not try "
              "to access your top-level module at all by passing /*include_self=*/false to modules() or named_modules()");
  return std::const_pointer_cast<Module>(self);
}

std::vector<Tensor> Module::tensors(Tensors Module::*kind, bool recurse) const {
  std::vector<Tensor> result;
  FirstTime first_time;
  const auto collect = [&](const Module& m) {
    for (const auto& item : m.*kind)
      if (first_time(*item)) result.push_back(*item);
  };
  collect(*this);
  if (recurse)
    for (ModuleWalk walk(*this); walk.next();) collect(*walk.module());
  return result;
}

Tensors Module::named_tensors(Tensors Module::*kind, bool recurse) const {
  Tensors result((this->*kind).key_description());
  FirstTime first_time;
  const auto collect = [&](const std::string& path, const Module& m) {
    for (const auto& item : m.*kind)
      if (first_time(*item)) result.insert(join(path, item.key()), *item);
  };
  collect("", *this);
  if (recurse)
    for (ModuleWalk walk(*this, ""); walk.next();) collect(walk.path(), *walk.module());
  return result;
}

std::vector<Tensor> Module::parameters(bool recurse) const { return tensors(&Module::parameters_, recurse); }
std::vector<Tensor> Module::buffers(bool recurse) const { return tensors(&Module::buffers_, recurse); }
Tensors Module::named_parameters(bool recurse) const { return named_tensors(&Module::parameters_, recurse); }
Tensors Module::named_buffers(bool recurse) const { return named_tensors(&Module::buffers_, recurse); }

OrderedDict<std::string, std::shared_ptr<Module>> Module::named_modules(const std::string& name_prefix, bool include_self) const {
  OrderedDict<std::string, std::shared_ptr<Module>> result("Module");
  if (include_self) result.insert(name_prefix, shared_from_this_checked());
  for (ModuleWalk walk(*this, name_prefix); walk.next();) result.insert(walk.path(), walk.module());
  return result;
}

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  std::vector<std::shared_ptr<Module>> result;
  if (include_self) result.push_back(shared_from_this_checked());
  for (ModuleWalk walk(*this); walk.next();) result.push_back(walk.module());
  return result;
}

std::vector<std::shared_ptr<Module>> Module::children() const { return children_.values(); }
OrderedDict<std::string, std::shared_ptr<Module>> Module::named_children() const { return children_; }

// ---- printing

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

// A module with children is "name(", a line for each of them, two blanks further in, and ")".
std::ostream& operator<<(std::ostream& stream, const Module& module) {
  const auto close = [&stream](size_t depth) { stream << '\n' << std::string(2 * depth, ' ') << ')'; };
  module.pretty_print(stream);
  size_t depth = 0;
  for (ModuleWalk walk(module); walk.next(); depth = walk.depth()) {
    if (walk.depth() > depth) stream << '(';
    while (depth > walk.depth()) close(--depth);
    stream << '\n' << std::string(2 * walk.depth(), ' ') << '(' << walk.key() << "): ";
    walk.module()->pretty_print(stream);
  }
  while (depth > 0) close(--depth);
  return stream;
}

}}}  // namespace torch::xgrad::nn
