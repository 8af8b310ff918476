// Modules that can be copied deeply.
#pragma once

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Base of modules that can be cloned: `class NetImpl : public Cloneable<NetImpl>`. The class must register all its
/// parameters, buffers and submodules in reset() (and call that from its constructors).
template <class Derived> class Cloneable : public virtual Module {
 public:
  using Module::Module;

  /// Registers parameters, buffers and submodules anew.
  virtual void reset() = 0;

  /// A copy that shares nothing with this module except members that are not registered. reset() runs on the copy, and
  /// draws from the generator if the class initialises its parameters randomly, before the values are copied.
  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override {
    NoGradGuard no_grad;
    auto copy = std::make_shared<Derived>(static_cast<const Derived&>(*this));
    copy->parameters_.clear();
    copy->buffers_.clear();
    copy->children_.clear();
    copy->reparametrised_.clear();
    copy->has_computed_ = false;
    copy->reset();
    copy->copy_registered(*this, device);
    return copy;
  }

 private:
  void clone_(Module& other, const std::optional<Device>& device) final {
    auto clone = std::dynamic_pointer_cast<Derived>(other.clone(device));
    XGRAD_CHECK(clone != nullptr,
                "[clone] Attempted to clone submodule, but it is of a different type than the submodule it was to be "
                "cloned into");
    static_cast<Derived&>(*this) = std::move(*clone);
  }
};

}}}  // namespace torch::xgrad::nn
