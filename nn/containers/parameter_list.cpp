#include <xgrad/nn/containers/parameter_list.h>

#include <xgrad/nn/containers/print_parameters.h>

namespace torch { inline namespace xgrad { namespace nn {

std::shared_ptr<Module> ParameterListImpl::clone(const std::optional<Device>& device) const {
  if (device) check_device("clone", *device);
  auto copy = std::make_shared<ParameterListImpl>();
  for (const auto& item : parameters_) copy->append(item->detach().clone().set_requires_grad(item->requires_grad()));
  copy->train(is_training());
  return copy;
}

void ParameterListImpl::reset() {}
void ParameterListImpl::pretty_print(std::ostream& stream) const { print_parameters(stream, "ParameterList", parameters_); }

void ParameterListImpl::append(const Tensor& parameter) { register_parameter(std::to_string(size()), parameter, parameter.requires_grad()); }

Tensor& ParameterListImpl::at(size_t index) { return parameters_[index].value(); }
const Tensor& ParameterListImpl::at(size_t index) const { return parameters_[index].value(); }

}}}  // namespace torch::xgrad::nn
