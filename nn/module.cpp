#include <xgrad/nn/module.h>

#include <mutex>
#include <new>
#include <typeindex>
#include <unordered_map>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/core/warning.h>
#include <xgrad/nn/module_walk.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

// Kept for ever, by class: names are asked for by reference, and from several threads.
const std::string& class_name(const std::type_info& type) {
  static std::mutex mutex;
  static std::unordered_map<std::type_index, std::string>& names = *new std::unordered_map<std::type_index, std::string>;
  const std::lock_guard lock(mutex);
  std::string& name = names[type];
  if (name.empty()) name = type_name(type);
  return name;
}

}  // namespace

Module::Module() : parameters_("Parameter"), buffers_("Buffer"), children_("Submodule") {}
Module::Module(std::string name) : Module() { name_ = std::move(name); }

// Note: the end of deep trees
//
// The outermost module that ends takes the children of all below it, so that no destructor runs inside another more than once: trees
// may be deeper than a thread's stack.
Module::~Module() {
  using Children = OrderedDict<std::string, std::shared_ptr<Module>>;
  static thread_local std::vector<Children>* left_to_end = nullptr;
  if (flag_is_noted_) detail::outdate_kept_launches();
  if (children_.is_empty()) return;
  try {
    if (left_to_end) {
      left_to_end->push_back(std::move(children_));
      return;
    }
    std::vector<Children> left(1);
    left[0] = std::move(children_);
    left_to_end = &left;
    while (!left.empty()) {
      const Children next = std::move(left.back());
      left.pop_back();
    }
  } catch (const std::bad_alloc&) {  // they end one inside the other
  }
  left_to_end = nullptr;
}

const std::string& Module::name() const { return name_ ? *name_ : class_name(typeid(*this)); }

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
              " as the original module after calling reset(). Are you sure you called ", registered_by, "() inside reset() and not the constructor?");
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
  reparametrise_as(from);
  check_counts(parameters_.size(), from.parameters_.size(), "parameters", "register_parameter");
  check_counts(buffers_.size(), from.buffers_.size(), "buffers", "register_buffer");
  check_counts(children_.size(), from.children_.size(), "child modules", "register_module");
  copy_tensors(parameters_, from.parameters_, device);
  copy_tensors(buffers_, from.buffers_, device);
  compute_parameters(/*training=*/false);
  for (const auto& child : from.children_) children_[child.key()]->clone_(*child.value(), device);
}

unsigned int Module::_forward_num_required_args() {
  detail::raise<Error>("[forward] ", name(),
                       " overrides _forward_has_default_args but not _forward_num_required_args. Please use the "
                       "`FORWARD_HAS_DEFAULT_ARGS` macro.");
}

std::vector<AnyValue> Module::_forward_populate_default_args(std::vector<AnyValue>&&) {
  detail::raise<Error>("[forward] ", name(),
                       " overrides _forward_has_default_args but not _forward_populate_default_args. Please use the "
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
  else if (requires_grad)
    Warning::warn({__func__, __FILE__, __LINE__}, "An undefined tensor cannot require grad. Ignoring the `requires_grad=true` function parameter.",
                  false);
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor) {
  check_name("register_buffer", "Buffer", name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::check_child(const char* operation, const std::string& name, const std::shared_ptr<Module>& module) const {
  XGRAD_CHECK_AS(ValueError, module != nullptr, "[", operation, "] Submodule '", name, "' must not be null");
  XGRAD_CHECK_AS(ValueError, module.get() != this, "[", operation, "] Submodule '", name, "' must not be the module itself");
}

void Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_name("register_module", "Submodule", name);
  check_child("register_module", name, module);
  children_.insert(std::move(name), std::move(module));
}

void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  XGRAD_CHECK_AS(ValueError, children_.contains(name), "[replace_module] Submodule '", name, "' is not defined");
  check_child("replace_module", name, module);
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
bool Module::is_training() const noexcept {
  if (detail::step_observer) {
    detail::step_observer->reads_flag(is_training_);
    flag_is_noted_ = true;
  }
  return is_training_;
}

namespace {

void check_parameter(const Module& root, const Tensor& parameter, Dtype dtype) {
  if (isFloatingType(dtype) || !parameter.requires_grad()) return;
  std::string name;
  for (const auto& item : root.named_parameters())
    if (item->is_same(parameter)) name = item.key();
  detail::raise<TypeError>("[to] parameter '", name, "' requires a gradient and so must stay floating point, got ", dtype);
}

// Throws unless all of the tree can become `dtype`. Modules below the one that to() is called for convert in their own way, and are not
// checked again.
class Conversion {
 public:
  Conversion(const Module& root, Dtype dtype) : outer_(std::exchange(running, dtype)) {
    if (outer_ == dtype) return;
    try {
      XGRAD_CHECK_AS(TypeError, is_supported(dtype), "[to] dtype ", dtype, " is not supported");
      for (const Tensor& parameter : root.parameters()) check_parameter(root, parameter, dtype);
    } catch (...) {
      running = outer_;
      throw;
    }
  }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;
  ~Conversion() { running = outer_; }

 private:
  static thread_local std::optional<Dtype> running;
  const std::optional<Dtype> outer_;
};

thread_local std::optional<Dtype> Conversion::running;

}  // namespace

void Module::convert(Dtype dtype) {
  NoGradGuard no_grad;
  for (const auto& parameter : parameters_)
    if (parameter->defined()) check_parameter(*this, *parameter, dtype);
  for (auto& parameter : parameters_) {
    if (!parameter->defined()) continue;
    Tensor& gradient = parameter->mutable_grad();
    if (gradient.defined()) gradient = gradient.detach().to(dtype);
    parameter->set_data(parameter->to(dtype));
  }
  for (auto& buffer : buffers_)
    if (buffer->defined()) buffer->set_data(buffer->to(dtype));
}

void Module::to(Device device, Dtype dtype, bool non_blocking) {
  check_device("to", device);
  const Conversion conversion(*this, dtype);
  for (auto& child : children_) child.value()->to(device, dtype, non_blocking);
  convert(dtype);
}

void Module::to(Dtype dtype, bool non_blocking) {
  const Conversion conversion(*this, dtype);
  for (auto& child : children_) child.value()->to(dtype, non_blocking);
  convert(dtype);
}

void Module::to(Device device, bool non_blocking) {
  check_device("to", device);
  for (auto& child : children_) child.value()->to(device, non_blocking);
}

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) child.value()->zero_grad(set_to_none);
  for (auto& parameter : parameters_) {
    if (!parameter->defined()) continue;
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

}}}  // namespace torch::xgrad::nn
