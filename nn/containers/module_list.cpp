#include <xgrad/nn/containers/module_list.h>

#include <ostream>

namespace torch { inline namespace xgrad { namespace nn {

std::shared_ptr<Module> ModuleListImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<ModuleListImpl>();
  copy->train(is_training());  // while it has no children, so that they keep their own mode
  for (const auto& module : modules_) copy->push_back(module->clone(device));
  return copy;
}

void ModuleListImpl::reset() {}
void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }

void ModuleListImpl::push_back(std::shared_ptr<Module> module) { insert(size(), std::move(module)); }

void ModuleListImpl::insert(size_t index, std::shared_ptr<Module> module) {
  XGRAD_CHECK_AS(IndexError, index <= size(), "[ModuleList] Index out of range: ", index, " of ", size(), " modules");
  XGRAD_CHECK_AS(ValueError, module != nullptr, "[ModuleList] expected a module, got null");
  // The last name is new; the names from `index` on then stand for other modules.
  register_module(std::to_string(size()), index == size() ? module : modules_.back());
  modules_.insert(modules_.begin() + static_cast<std::ptrdiff_t>(index), std::move(module));
  for (size_t i = index; i + 1 < size(); ++i) replace_module(std::to_string(i), modules_[i]);
}

std::shared_ptr<Module> ModuleListImpl::ptr(size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < size(), "[ModuleList] Index out of range: ", index, " of ", size(), " modules");
  return modules_[index];
}

}}}  // namespace torch::xgrad::nn
