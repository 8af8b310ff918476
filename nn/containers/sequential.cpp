#include <xgrad/nn/containers/sequential.h>

#include <ostream>

#include <xgrad/nn/containers/linear_with_activation.h>

namespace torch { inline namespace xgrad { namespace nn {

SequentialImpl::SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
  for (auto& item : modules) push_back(item.key(), std::move(item.value()));
}

SequentialImpl::SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
  for (const NamedAnyModule& m : modules) push_back(m.name(), m.module());
}

Sequential::Sequential(std::initializer_list<NamedAnyModule> modules) : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}

std::shared_ptr<Module> SequentialImpl::clone(const std::optional<Device>& device) const {
  auto copy = std::make_shared<SequentialImpl>();
  copy->train(is_training());  // while it has no children, so that they keep their own mode
  const auto names = named_children().keys();
  for (size_t i = 0; i < size(); ++i) copy->push_back(names[i], modules_[i].clone(device));
  return copy;
}

void SequentialImpl::reset() {}
void SequentialImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Sequential"; }

AnyValue SequentialImpl::forward_values(AnyValue* arguments, size_t count) {
  XGRAD_CHECK(!is_empty(), "[Sequential] Cannot call forward() on an empty Sequential");
  size_t i = 0;
  AnyValue value = forward_next(i, arguments, count);
  while (i < modules_.size()) value = forward_next(i, &value, 1);
  return value;
}

AnyValue SequentialImpl::forward_next(size_t& i, AnyValue* arguments, size_t count) {
  if (count == 1 && i + 1 < modules_.size()) {
    if (auto value = forward_linear_with_activation(modules_[i], modules_[i + 1], *arguments)) {
      i += 2;
      return std::move(*value);
    }
  }
  return modules_[i++].forward_values(arguments, count);
}

void SequentialImpl::push_back(AnyModule module) { push_back(std::to_string(size()), std::move(module)); }

void SequentialImpl::push_back(std::string name, AnyModule module) {
  const std::shared_ptr<Module> registered = module.ptr();
  modules_.push_back(std::move(module));
  try {
    register_module(std::move(name), registered);
  } catch (...) {
    modules_.pop_back();
    throw;
  }
}

size_t SequentialImpl::checked(size_t index) const {
  XGRAD_CHECK_AS(IndexError, index < size(), "[Sequential] Index out of range: ", index, " of ", size(), " modules");
  return index;
}

void SequentialImpl::refuse_result(const std::type_info& got, const std::type_info& asked) {
  detail::raise<TypeError>("[Sequential] The type of the return value is ", type_name(got), ", but you asked for type ", type_name(asked));
}

}}}  // namespace torch::xgrad::nn
