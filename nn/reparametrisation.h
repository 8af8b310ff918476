// Parameters that are computed from others before every call of their module, as by weight_norm and spectral_norm.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// How a parameter is made of parts. One object may serve many modules: what changes lies in the parts.
class XGRAD_API Reparametrisation {
 public:
  struct Part {
    const char* suffix;  // of its name: "_g" of "weight" is "weight_g"
    bool is_buffer;
  };

  virtual ~Reparametrisation();
  /// What it is called in errors, such as "weight_norm".
  virtual const char* function() const = 0;
  /// Its parts in the order of registration.
  virtual std::vector<Part> parts() const = 0;
  /// Tensors for the parts, such that together they are `parameter`. Parameters among them train if they require a gradient.
  virtual std::vector<Tensor> take_apart(const Tensor& parameter) const = 0;
  /// The parameter, differentiable. `training`: for a call of a module that is in training, which may change buffers.
  virtual Tensor put_together(const std::vector<Tensor>& parts, bool training) const = 0;
  /// What the module's member holds until the first call: by default the parameter put together.
  virtual Tensor initial(const Tensor& parameter, const std::vector<Tensor>& parts) const;
};

/// The member of a module class that its forward() reads a parameter from: `&nn::LinearImpl::weight`, or `lstm->member("weight_hh_l0")`.
class ParameterMember {
 public:
  /// What `find` gives for a module; null for a module of another class.
  explicit ParameterMember(std::function<Tensor*(Module&)> find) : find_(std::move(find)) {}
  template <class Class>
  ParameterMember(Tensor Class::*member)
      : find_([member](Module& module) -> Tensor* {
          auto* owner = dynamic_cast<Class*>(&module);
          return owner ? &(owner->*member) : nullptr;
        }) {}
  /// Null for a module of another class.
  Tensor* find_in(Module& module) const { return find_(module); }
  /// A member of no class.
  static ParameterMember none() {
    return ParameterMember([](Module&) -> Tensor* { return nullptr; });
  }

 private:
  std::function<Tensor*(Module&)> find_;
};

/// Takes the parameter that `member` shows out of the module's parameters and registers its parts behind the others. From then on the
/// member holds what the parts make:
///
///   - it is computed anew before each call of the module through its holder, an AnyModule or a Sequential. A direct
///     `module->forward(x)` computes it for xgrad's own layers; a class of yours that reads such a member itself has to be called as
///     `module(x)`. So one module cannot run in two threads at once.
///   - between calls it may be outdated: after a step of an optimizer, load() or to().
///
/// A clone has parts and a member of its own. Throws, before anything changes, unless the member is a registered parameter, for a second
/// reparametrisation of it, and if a part's name is taken.
XGRAD_API void reparametrise(Module& module, const ParameterMember& member, std::shared_ptr<const Reparametrisation> how);

/// Ends what reparametrise() began with an object of that function(): the member, computed once more, becomes a parameter again, the last
/// one, and requires a gradient. Throws a ValueError if there is none.
XGRAD_API void remove_reparametrisation(Module& module, const ParameterMember& member, const char* function);

/// A module's parameter that has been replaced by parts; or, without a name and parts, something else to do before each call
/// (nn/module_calls.h). Internal.
class ReparametrisedParameter {
 public:
  ReparametrisedParameter(std::string name, const ParameterMember& member, std::shared_ptr<const Reparametrisation> how);
  virtual ~ReparametrisedParameter();

  const std::string& name() const { return name_; }
  const char* function() const { return how_->function(); }
  const ParameterMember& member() const { return member_; }

  /// In place of `parameter`. Throws before anything changes.
  void attach(Module& module, const Tensor& parameter) const;
  /// Makes room for the parts that a clone of the class will get from the original.
  virtual void attach_as_in(Module& module, const Module& original) const;
  void remove(Module& module) const;
  virtual void compute(Module& module, bool training) const;

 protected:
  /// Of no parameter.
  ReparametrisedParameter();
  /// Puts `what` before all else that the module does before a call, or takes it out.
  static void begin(Module& module, std::shared_ptr<const ReparametrisedParameter> what);
  static void end(Module& module, const ReparametrisedParameter* what);
  /// True iff a call of the module has begun that did these things, and has not ended.
  static bool is_called(const Module& module);

 private:
  struct Part {
    std::string name;
    bool is_buffer;
  };

  std::vector<Tensor> parts_in(const Module& module) const;
  /// Registers them in place of the parameter.
  void replace(Module& module, const std::vector<Tensor>& parts) const;
  Tensor& shown_in(Module& module) const;

  std::string name_;
  ParameterMember member_;
  std::shared_ptr<const Reparametrisation> how_;
  std::vector<Part> parts_;
};

namespace internal {

/// The module in a holder or pointer, or itself.
template <class M> auto& module_of(M& module) {
  if constexpr (is_module<M>) return module;
  else return *module;
}
template <class M> using module_class = std::decay_t<decltype(module_of(std::declval<std::decay_t<M>&>()))>;

}  // namespace internal
}}}  // namespace torch::xgrad::nn
