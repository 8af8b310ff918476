// The base of all layers and models: a tree of modules with named parameters and buffers.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/any_value.h>
#include <xgrad/nn/module_holder.h>
#include <xgrad/nn/module_traits.h>
#include <xgrad/nn/ordered_dict.h>

namespace torch { inline namespace xgrad {
namespace nn {

class ReparametrisedParameter;
class ParameterMember;
class Reparametrisation;

/// What load_state_dict did not find for a module's tensors, and what the module had no use for.
struct IncompatibleKeys {
  std::vector<std::string> missing_keys, unexpected_keys;
};

/// A model or a part of one. Subclasses register their parameters (tensors that are trained), buffers (tensors that are
/// saved with them but not trained) and submodules, and give their computation a method forward().
///
/// Names within a module are unique, not empty and without dots; a parameter deeper in the tree has the path as its
/// name: "encoder.0.weight". A submodule may be registered in several places.
///
///     struct Net : torch::nn::Module {
///       Net() { fc = register_module("fc", torch::nn::Linear(784, 10)); }
///       torch::Tensor forward(torch::Tensor x) { return fc(x); }
///       torch::nn::Linear fc{nullptr};
///     };
class XGRAD_API Module : public std::enable_shared_from_this<Module> {
 public:
  using ModuleApplyFunction = std::function<void(Module&)>;
  using ConstModuleApplyFunction = std::function<void(const Module&)>;
  using NamedModuleApplyFunction = std::function<void(const std::string&, Module&)>;
  using ConstNamedModuleApplyFunction = std::function<void(const std::string&, const Module&)>;
  using ModulePointerApplyFunction = std::function<void(const std::shared_ptr<Module>&)>;
  using NamedModulePointerApplyFunction = std::function<void(const std::string&, const std::shared_ptr<Module>&)>;

  /// `name`: what name() gives; without it, the name of the class.
  explicit Module(std::string name);
  Module();
  Module(const Module&) = default;
  Module& operator=(const Module&) = default;
  virtual ~Module();

  const std::string& name() const;

  /// A deep copy: parameters, buffers and submodules are copied. Throws unless the class derives from Cloneable.
  virtual std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const;

  // ---- the tree
  /// Calls `function` for this module and then for every module below it, parents before children, in the order of
  /// registration. Names are paths that start with `name_prefix`. The forms that take pointers need this module to be
  /// owned by a std::shared_ptr.
  void apply(const ModuleApplyFunction& function);
  void apply(const ConstModuleApplyFunction& function) const;
  void apply(const NamedModuleApplyFunction& function, const std::string& name_prefix = std::string());
  void apply(const ConstNamedModuleApplyFunction& function, const std::string& name_prefix = std::string()) const;
  void apply(const ModulePointerApplyFunction& function) const;
  void apply(const NamedModulePointerApplyFunction& function, const std::string& name_prefix = std::string()) const;

  /// The parameters of this module and, with `recurse`, of those below. A tensor registered in several places comes
  /// once, under its first name, as in Python.
  std::vector<Tensor> parameters(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_parameters(bool recurse = true) const;
  std::vector<Tensor> buffers(bool recurse = true) const;
  OrderedDict<std::string, Tensor> named_buffers(bool recurse = true) const;
  /// This module (needs it to be owned by a std::shared_ptr) and all below.
  std::vector<std::shared_ptr<Module>> modules(bool include_self = true) const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_modules(const std::string& name_prefix = std::string(), bool include_self = true) const;
  /// The modules registered in this one.
  std::vector<std::shared_ptr<Module>> children() const;
  OrderedDict<std::string, std::shared_ptr<Module>> named_children() const;

  // ---- state
  // Of these and of saving, each module below may have its own: calls go down the tree one inside the other, on about 100 to 300 bytes
  // of stack each. All else that walks through the tree takes no stack.
  /// Sets the whole tree to training (or, with false, to evaluation), which Dropout and its kind act on.
  virtual void train(bool on = true);
  void eval();
  virtual bool is_training() const noexcept;
  /// Converts all parameters and buffers of the tree, and gradients. Throws, before anything changes, for a device other
  /// than the CPU and for a dtype that parameters cannot have.
  virtual void to(Device device, Dtype dtype, bool non_blocking = false);
  virtual void to(Dtype dtype, bool non_blocking = false);
  virtual void to(Device device, bool non_blocking = false);
  /// Zeroes all gradients of the tree, or with `set_to_none` drops them.
  virtual void zero_grad(bool set_to_none = false);

  /// This module as a `ModuleType` (a module class or its holder); null if it is none.
  template <class ModuleType> auto* as() noexcept {
    if constexpr (internal::is_module_holder<ModuleType>) return dynamic_cast<typename ModuleType::ContainedType*>(this);
    else return dynamic_cast<ModuleType*>(this);
  }
  template <class ModuleType> const auto* as() const noexcept { return const_cast<Module*>(this)->as<ModuleType>(); }

  // ---- saving
  /// Writes parameters and buffers under their names, and each serializable submodule in an archive of its own.
  virtual void save(serialize::OutputArchive& archive) const;
  /// Reads what save() wrote. All tensors that are missing or differ in shape or dtype are told in one error, and then
  /// nothing is changed in the whole tree.
  virtual void load(serialize::InputArchive& archive);
  /// Parameters and buffers, detached, by their paths, one that is registered in several places under each: the tensors that save() of these
  /// classes writes, in the order of registration.
  OrderedDict<std::string, Tensor> state_dict() const;
  /// Reads an archive as load() does, or such a dictionary. With `strict`, keys that are missing and those that nobody reads are told in the same
  /// error as what does not fit. Without it they are returned, tensors that are missing staying as they are; what does not fit is an
  /// error still.
  IncompatibleKeys load_state_dict(serialize::InputArchive& archive, bool strict = true);
  IncompatibleKeys load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict = true);
  /// False for modules that have nothing that could be saved.
  virtual bool is_serializable() const;

  /// Writes what operator<< shows for this module, without its submodules: by default name().
  virtual void pretty_print(std::ostream& stream) const;

  // ---- registration
  /// Adds a parameter and returns it as stored here. It may be undefined: then it is only a name.
  Tensor& register_parameter(std::string name, Tensor tensor, bool requires_grad = true);
  Tensor& register_buffer(std::string name, Tensor tensor);
  /// Adds a submodule and returns it.
  template <class ModuleType> std::shared_ptr<ModuleType> register_module(std::string name, std::shared_ptr<ModuleType> module) {
    add_child(std::move(name), module);
    return module;
  }
  template <class ModuleType> std::shared_ptr<ModuleType> register_module(std::string name, ModuleHolder<ModuleType> module_holder) {
    return register_module(std::move(name), module_holder.ptr());
  }
  /// Puts another module in place of the submodule `name`. A member that held the old one must be assigned the result.
  template <class ModuleType> std::shared_ptr<ModuleType> replace_module(const std::string& name, std::shared_ptr<ModuleType> module) {
    replace_child(name, module);
    return module;
  }
  template <class ModuleType> std::shared_ptr<ModuleType> replace_module(const std::string& name, ModuleHolder<ModuleType> module_holder) {
    return replace_module(name, module_holder.ptr());
  }
  void unregister_module(const std::string& name);

 protected:
  // What FORWARD_HAS_DEFAULT_ARGS overrides.
  virtual bool _forward_has_default_args() { return false; }
  virtual unsigned int _forward_num_required_args();
  virtual std::vector<AnyValue> _forward_populate_default_args(std::vector<AnyValue>&& arguments);

  /// Throws if `name` can't be registered here.
  void check_name(const char* operation, const char* kind, const std::string& name) const;
  void check_child(const char* operation, const std::string& name, const std::shared_ptr<Module>& module) const;

  OrderedDict<std::string, Tensor> parameters_;

 private:
  template <class Derived> friend class Cloneable;
  friend class ModuleWalk;
  friend struct ForwardDefaults;
  friend class ReparametrisedParameter;
  friend class internal::ComputedParameters;
  friend void internal::prepare_forward(Module& module);
  friend XGRAD_API void reparametrise(Module& module, const ParameterMember& member, std::shared_ptr<const Reparametrisation> how);
  friend XGRAD_API void remove_reparametrisation(Module& module, const ParameterMember& member, const char* function);

  /// Makes `this` a clone of `other`, which has the same class.
  virtual void clone_(Module& other, const std::optional<Device>& device);
  /// Copies the tensors and clones the submodules of `from`, whose names are registered here too, into those here.
  void copy_registered(const Module& from, const std::optional<Device>& device);

  // nn/reparametrisation.h
  void compute_parameters(bool training);
  std::string name_of_parameter(const Tensor& parameter) const;
  std::shared_ptr<const ReparametrisedParameter> reparametrised(const Tensor* member);
  void reparametrise_as(const Module& original);

  void add_child(std::string name, std::shared_ptr<Module> module);
  void replace_child(const std::string& name, std::shared_ptr<Module> module);
  void convert(Dtype dtype);
  std::shared_ptr<Module> shared_from_this_checked() const;
  std::vector<Tensor> tensors(OrderedDict<std::string, Tensor> Module::*kind, bool recurse) const;
  OrderedDict<std::string, Tensor> named_tensors(OrderedDict<std::string, Tensor> Module::*kind, bool recurse) const;

  OrderedDict<std::string, Tensor> buffers_;
  OrderedDict<std::string, std::shared_ptr<Module>> children_;
  std::optional<std::string> name_;                                             // as given
  std::vector<std::shared_ptr<const ReparametrisedParameter>> reparametrised_;  // none in nearly all modules
  bool is_training_ = true;
  mutable bool flag_is_noted_ = false;  // by who may look at it later
  bool has_computed_ = false;           // in a call that has computed the reparametrised parameters
};

namespace internal {

inline ComputedParameters::ComputedParameters(Module& module) : module_(module.reparametrised_.empty() ? nullptr : &module) {
  if (!module_) return;
  module.compute_parameters(module.is_training());
  outer_ = std::exchange(module.has_computed_, true);
}
inline ComputedParameters::~ComputedParameters() {
  if (module_) module_->has_computed_ = outer_;
}

/// The same at the beginning of a layer's forward(), which may have been called directly.
inline void prepare_forward(Module& module) {
  if (!module.reparametrised_.empty() && !module.has_computed_) module.compute_parameters(module.is_training());
}

}  // namespace internal

/// Prints the tree, one module a line.
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Module& module);

/// As module->save(archive).
XGRAD_API serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const std::shared_ptr<Module>& module);
/// As module->load_state_dict(archive).
XGRAD_API serialize::InputArchive& operator>>(serialize::InputArchive& archive, const std::shared_ptr<Module>& module);

}  // namespace nn

/// Tensors under their names, which are paths: keys joined by dots, as in a state dict.
XGRAD_API serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const OrderedDict<std::string, Tensor>& tensors);
/// `tensors` become those of the archive, by their names in alphabetical order. Throws, and changes nothing, when it holds anything else.
XGRAD_API serialize::InputArchive& operator>>(serialize::InputArchive& archive, OrderedDict<std::string, Tensor>& tensors);

}}  // namespace torch::xgrad
