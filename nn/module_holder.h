// Holders: they let a module be used like a value while it is shared like a std::shared_ptr.
#pragma once

#include <iosfwd>
#include <memory>
#include <utility>

#include <xgrad/autograd/core/error.h>
#include <xgrad/nn/module_traits.h>

namespace torch { inline namespace xgrad {

namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace nn {

namespace internal {

/// A call of a module from outside: what weight_norm and its kind have it compute is in its members as long as this lives.
class ComputedParameters {
 public:
  explicit ComputedParameters(Module& module);
  ComputedParameters(const ComputedParameters&) = delete;
  ComputedParameters& operator=(const ComputedParameters&) = delete;
  ~ComputedParameters();

 private:
  Module* const module_;  // null where there is nothing to compute
  bool outer_ = false;
};
struct NothingComputed {
  template <class M> explicit NothingComputed(M&) {}
};
void prepare_forward(Module& module);

}  // namespace internal

/// A std::shared_ptr to a module that is made together with it: `Linear fc(3, 4)` holds `LinearImpl(3, 4)`. Copies share
/// the module. An empty holder comes from nullptr: `Linear fc{nullptr}`; using it throws.
template <class Contained> class ModuleHolder : public internal::ModuleHolderIndicator {
 public:
  using ContainedType = Contained;

  ModuleHolder() : impl_(make_default()) {
    static_assert(std::is_default_constructible_v<Contained>,
                  "This module has no default constructor. Use nullptr for an empty holder, as in `Linear linear{nullptr};`");
  }
  ModuleHolder(std::nullptr_t) {}
  /// Makes the module from the arguments.
  template <class Head, class... Tail, class = std::enable_if_t<!(internal::is_module_holder_of<Head, Contained> && sizeof...(Tail) == 0)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail) : impl_(std::make_shared<Contained>(std::forward<Head>(head), std::forward<Tail>(tail)...)) {}
  ModuleHolder(std::shared_ptr<Contained> module) : impl_(std::move(module)) {}

  explicit operator bool() const noexcept { return !is_empty(); }
  bool is_empty() const noexcept { return impl_ == nullptr; }

  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  Contained* get() { return ptr().get(); }
  const Contained* get() const { return ptr().get(); }
  const std::shared_ptr<Contained>& ptr() const {
    XGRAD_CHECK(!is_empty(), "[ModuleHolder] Accessing empty ModuleHolder");
    return impl_;
  }

  /// Calls the module's forward().
  template <class... Args, class C = Contained> auto operator()(Args&&... args) -> decltype(std::declval<C&>().forward(std::forward<Args>(args)...)) {
    Contained& module = *get();
    [[maybe_unused]] const std::conditional_t<internal::is_module<Contained>, internal::ComputedParameters, internal::NothingComputed> call(module);
    return module.forward(std::forward<Args>(args)...);
  }
  template <class Arg> decltype(auto) operator[](Arg&& arg) { return (*get())[std::forward<Arg>(arg)]; }

 protected:
  std::shared_ptr<Contained> impl_;

 private:
  template <class T = Contained> static std::shared_ptr<T> make_default() {
    if constexpr (std::is_default_constructible_v<T>) return std::make_shared<T>();
    else return nullptr;
  }
};

template <class M> std::ostream& operator<<(std::ostream& stream, const ModuleHolder<M>& module) { return stream << *module; }
template <class M> serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const ModuleHolder<M>& module) {
  return archive << module.ptr();
}
template <class M> serialize::InputArchive& operator>>(serialize::InputArchive& archive, ModuleHolder<M>& module) { return archive >> module.ptr(); }

}  // namespace nn
}}  // namespace torch::xgrad

/// Declares `Name`, the holder of `ImplType`.
#define TORCH_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::xgrad::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::xgrad::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                  \
  }

/// Declares `Name`, the holder of `NameImpl`.
#define TORCH_MODULE(Name) TORCH_MODULE_IMPL(Name, Name##Impl)
