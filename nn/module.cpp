#include <xgrad/nn/module.h>

#include <ostream>
#include <typeinfo>

#include <xgrad/autograd/grad_mode.h>
#include <xgrad/nn/type_name.h>

namespace torch::nn {

Module::Module() : parameters_("Parameter"), buffers_("Buffer"), children_("Submodule") {}
Module::Module(std::string name) : Module() { name_ = std::move(name); }
Module::~Module() = default;

const std::string& Module::name() const {
  // typeid tells the class of the object only once it is constructed, so not in the constructor.
  if (!name_) name_ = type_name(typeid(*this));
  return *name_;
}

std::shared_ptr<Module> Module::clone(const std::optional<Device>&) const {
  detail::raise<NotImplementedError>("[clone] clone() has not been implemented for ", name(), ". Subclass torch::nn::Cloneable<", name(),
                                     "> instead of torch::nn::Module to inherit the ability to clone.");
}

void Module::clone_(Module&, const std::optional<Device>&) {
  detail::raise<NotImplementedError>("[clone] clone() has not been implemented for ", name(), ". Subclass torch::nn::Cloneable<", name(),
                                     "> instead of torch::nn::Module to inherit the ability to clone.");
}

namespace {

void check_counts(size_t copied, size_t original, const char* kind, const char* registered_by) {
  XGRAD_CHECK(copied == original, "[clone] The cloned module does not have the same number of ", kind,
              " as the original module after calling reset(). Are you sure you called ", registered_by,
              "() inside reset() and not the constructor?");
}

// The parameters or buffers of a clone get copies of the original's values.
void copy_tensors(OrderedDict<std::string, Tensor>& to, const OrderedDict<std::string, Tensor>& from, const std::optional<Device>& device) {
  for (const auto& item : from) {
    if (!item->defined()) continue;
    if (device) check_device("clone", *device);
    Tensor& target = to[item.key()];
    if (target.defined()) {
      target.set_data(item->clone());
      target.set_requires_grad(item->requires_grad());
    } else {
      target = item->clone().set_requires_grad(item->requires_grad());
    }
  }
}

}  // namespace

void Module::copy_registered(const Module& from, const std::optional<Device>& device) {
  check_counts(parameters_.size(), from.parameters_.size(), "parameters", "register_parameter");
  check_counts(buffers_.size(), from.buffers_.size(), "buffers", "register_buffer");
  check_counts(children_.size(), from.children_.size(), "child modules", "register_module");
  copy_tensors(parameters_, from.parameters_, device);
  copy_tensors(buffers_, from.buffers_, device);
  for (const auto& child : from.children_) children_[child.key()]->clone_(*child.value(), device);
}

unsigned int Module::_forward_num_required_args() {
  detail::raise<Error>("[forward] ", name(), " overrides _forward_has_default_args but not _forward_num_required_args. Please use the "
                       "`FORWARD_HAS_DEFAULT_ARGS` macro.");
}

std::vector<AnyValue> Module::_forward_populate_default_args(std::vector<AnyValue>&&) {
  detail::raise<Error>("[forward] ", name(), " overrides _forward_has_default_args but not _forward_populate_default_args. Please use the "
                       "`FORWARD_HAS_DEFAULT_ARGS` macro.");
}

// ---- registration

void Module::check_name(const char* operation, const char* kind, const std::string& name) const {
  XGRAD_CHECK_AS(ValueError, !name.empty(), "[", operation, "] ", kind, " name must not be empty");
  XGRAD_CHECK_AS(ValueError, name.find('.') == std::string::npos, "[", operation, "] ", kind, " name must not contain a dot (got '", name, "')");
  // One name for two things would become one key in a file.
  const bool taken = parameters_.contains(name) || buffers_.contains(name) || children_.contains(name);
  XGRAD_CHECK_AS(ValueError, !taken, "[", operation, "] ", kind, " '", name, "' already defined");
}

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("register_parameter", "Parameter", name);
  if (tensor.defined()) tensor.set_requires_grad(requires_grad);
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("register_buffer", "Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_name("register_module", "Submodule", name);
  XGRAD_CHECK_AS(ValueError, module != nullptr, "[register_module] Submodule '", name, "' must not be null");
  children_.insert(std::move(name), std::move(module));
}

void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  XGRAD_CHECK_AS(ValueError, children_.contains(name), "[replace_module] Submodule '", name, "' is not defined");
  XGRAD_CHECK_AS(ValueError, module != nullptr, "[replace_module] Submodule '", name, "' must not be null");
  children_[name] = std::move(module);
}

void Module::unregister_module(const std::string& name) {
  XGRAD_CHECK_AS(ValueError, children_.contains(name), "[unregister_module] No Module with name `", name, "` is registered");
  children_.erase(name);
}

// ---- state

void Module::train(bool on) {
  for (auto& child : children_) child.value()->train(on);
  is_training_ = on;
}

void Module::eval() { train(false); }
bool Module::is_training() const noexcept { return is_training_; }

void Module::check_convertible(const Device& device, const std::optional<Dtype>& dtype) const {
  check_device("to", device);
  if (!dtype) return;
  XGRAD_CHECK_AS(TypeError, is_supported(*dtype), "[to] dtype ", *dtype, " is not supported");
  for (const auto& parameter : named_parameters())
    XGRAD_CHECK_AS(TypeError, isFloatingType(*dtype) || !parameter->requires_grad(), "[to] parameter '", parameter.key(),
                   "' requires a gradient and so must stay floating point, got ", *dtype);
}

void Module::convert(const std::optional<Dtype>& dtype) {
  if (!dtype) return;
  NoGradGuard no_grad;
  for (const auto& parameter : named_parameters(false)) {
    Tensor& gradient = parameter->mutable_grad();
    if (gradient.defined()) gradient = gradient.detach().to(*dtype);
    parameter->set_data(parameter->to(*dtype));
  }
  for (const auto& buffer : named_buffers(false)) buffer->set_data(buffer->to(*dtype));
}

void Module::to(Device device, Dtype dtype, bool non_blocking) {
  check_convertible(device, dtype);
  for (auto& child : children_) child.value()->to(device, dtype, non_blocking);
  convert(dtype);
}

void Module::to(Dtype dtype, bool non_blocking) {
  check_convertible(Device(kCPU), dtype);
  for (auto& child : children_) child.value()->to(dtype, non_blocking);
  convert(dtype);
}

void Module::to(Device device, bool non_blocking) {
  check_convertible(device, std::nullopt);
  for (auto& child : children_) child.value()->to(device, non_blocking);
}

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) child.value()->zero_grad(set_to_none);
  for (auto& parameter : named_parameters(false)) {
    Tensor& gradient = parameter->mutable_grad();
    if (!gradient.defined()) continue;
    if (set_to_none) {
      gradient.reset();
    } else {
      gradient = gradient.detach();
      gradient.zero_();
    }
  }
}

bool Module::is_serializable() const { return true; }

// ---- printing

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

void Module::pretty_print_recursive(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  stream << "(\n";
  for (const auto& child : children_) {
    stream << indentation << "  (" << child.key() << "): ";
    child.value()->pretty_print_recursive(stream, indentation + "  ");
    stream << '\n';
  }
  stream << indentation << ')';
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.pretty_print_recursive(stream, "");
  return stream;
}

}  // namespace torch::nn
