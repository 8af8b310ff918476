// A module of any class, called through values of any type.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace internal {

/// A module together with the knowledge of its class and of the arguments of its forward().
class XGRAD_API AnyModuleContent {
 public:
  AnyModuleContent(std::shared_ptr<Module> module, void* object, const std::type_info& type)
      : module_(std::move(module)), object_(object), type_(type) {}
  virtual ~AnyModuleContent();
  /// Calls forward(); the arguments are used up. Throws unless their number and types fit.
  virtual AnyValue forward(AnyValue* arguments, size_t count) const = 0;
  virtual std::shared_ptr<const AnyModuleContent> clone(const std::optional<Device>& device) const = 0;

  const std::shared_ptr<Module>& module() const { return module_; }
  /// The module as its own class.
  void* object() const { return object_; }
  const std::type_info& type() const { return type_; }

 protected:
  /// Fills in default arguments; `completed` becomes the owner of what is returned if that is not `arguments`.
  AnyValue* complete(AnyValue* arguments, size_t count, size_t expected, std::vector<AnyValue>& completed) const;
  [[noreturn]] static void refuse_argument(size_t index, const std::type_info& expected, const std::type_info& got);

 private:
  std::shared_ptr<Module> module_;
  void* object_;
  const std::type_info& type_;
};

/// A module of class M whose forward() takes Args.
template <class M, class... Args> class ForwardCaller final : public AnyModuleContent {
  static_assert((!(std::is_lvalue_reference_v<Args> && !std::is_const_v<std::remove_reference_t<Args>>)&&...),
                "Modules stored inside AnyModule must not take references to non-const. Use pointers instead.");

 public:
  explicit ForwardCaller(const std::shared_ptr<M>& module) : AnyModuleContent(module, module.get(), typeid(M)) {}
  AnyValue forward(AnyValue* arguments, size_t count) const override {
    std::vector<AnyValue> completed;
    if (count != sizeof...(Args)) arguments = complete(arguments, count, sizeof...(Args), completed);
    return call(arguments, std::index_sequence_for<Args...>());
  }
  std::shared_ptr<const AnyModuleContent> clone(const std::optional<Device>& device) const override {
    return std::make_shared<ForwardCaller>(std::dynamic_pointer_cast<M>(module()->clone(device)));
  }

 private:
  template <class Arg> static std::decay_t<Arg>&& take(AnyValue& argument, size_t index) {
    if (auto* value = argument.try_get<std::decay_t<Arg>>()) return std::move(*value);
    refuse_argument(index, typeid(Arg), argument.type_info());
  }
  template <size_t... I> AnyValue call([[maybe_unused]] AnyValue* arguments, std::index_sequence<I...>) const {
    return AnyValue(static_cast<M*>(object())->forward(take<Args>(arguments[I], I)...));
  }
};

/// A module of class M that takes and gives any values itself, as SequentialImpl does.
template <class M> class ValuesCaller final : public AnyModuleContent {
 public:
  explicit ValuesCaller(const std::shared_ptr<M>& module) : AnyModuleContent(module, module.get(), typeid(M)) {}
  AnyValue forward(AnyValue* arguments, size_t count) const override { return static_cast<M*>(object())->forward_values(arguments, count); }
  std::shared_ptr<const AnyModuleContent> clone(const std::optional<Device>& device) const override {
    return std::make_shared<ValuesCaller>(std::dynamic_pointer_cast<M>(module()->clone(device)));
  }
};

template <class M, class Class, class Return, class... Args>
std::shared_ptr<const AnyModuleContent> make_caller(const std::shared_ptr<M>& module, Return (Class::*)(Args...)) {
  static_assert(!std::is_void_v<Return>, "AnyModule cannot store modules that return void (you can return a dummy value).");
  return std::make_shared<ForwardCaller<M, Args...>>(module);
}
template <class M, class Class, class Return, class... Args>
std::shared_ptr<const AnyModuleContent> make_caller(const std::shared_ptr<M>& module, Return (Class::*)(Args...) const) {
  static_assert(!std::is_void_v<Return>, "AnyModule cannot store modules that return void (you can return a dummy value).");
  return std::make_shared<ForwardCaller<M, Args...>>(module);
}
template <class M> std::shared_ptr<const AnyModuleContent> make_any_content(const std::shared_ptr<M>& module) {
  static_assert(is_module<M>, "Can only store object derived from nn::Module into AnyModule");
  XGRAD_CHECK_AS(ValueError, module != nullptr, "[AnyModule] expected a module, got null");
  if constexpr (has_forward<M>) return make_caller<M>(module, &M::forward);
  else return std::make_shared<ValuesCaller<M>>(module);
}

}  // namespace internal

/// Shares a module of a class that is known where it is put in, and can call its forward() without knowing that class.
/// The class must have one forward(), not a template, or be a Sequential. Copies share the module.
class XGRAD_API AnyModule {
 public:
  AnyModule() = default;
  template <class M> explicit AnyModule(std::shared_ptr<M> module) : content_(internal::make_any_content(module)) {}
  template <class M, class = internal::enable_if_module_t<M>>
  explicit AnyModule(M&& module) : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M> explicit AnyModule(const ModuleHolder<M>& module_holder) : AnyModule(module_holder.ptr()) {}
  template <class M> AnyModule& operator=(std::shared_ptr<M> module) { return *this = AnyModule(std::move(module)); }

  /// A deep copy.
  AnyModule clone(const std::optional<Device>& device = std::nullopt) const;

  /// Calls the module's forward(). The arguments must have exactly its parameter types (after decay): 1 is not a float.
  template <class... Args> AnyValue any_forward(Args&&... arguments) {
    std::array<AnyValue, sizeof...(Args)> values{AnyValue(std::forward<Args>(arguments))...};
    return forward_values(values.data(), values.size());
  }
  /// The same with the result's type stated.
  template <class ReturnType = Tensor, class... Args> ReturnType forward(Args&&... arguments) {
    return any_forward(std::forward<Args>(arguments)...).template get<ReturnType>();
  }
  /// The same with arguments in an array; they are used up.
  AnyValue forward_values(AnyValue* arguments, size_t count) const {
    const auto& held = content("forward");
    const internal::ComputedParameters call(*held.module());
    return held.forward(arguments, count);
  }

  /// The module as class T; throws unless that is its exact class.
  template <class T, class = internal::enable_if_module_t<T>> T& get() { return get_as<T>(); }
  template <class T, class = internal::enable_if_module_t<T>> const T& get() const { return get_as<T>(); }
  /// The same in a holder.
  template <class T, class Contained = typename T::ContainedType> T get() const { return T(ptr<Contained>()); }
  std::shared_ptr<Module> ptr() const { return content("ptr").module(); }
  template <class T, class = internal::enable_if_module_t<T>> std::shared_ptr<T> ptr() const {
    const std::shared_ptr<Module> owner = ptr();
    return std::shared_ptr<T>(owner, &get_as<T>());
  }
  const std::type_info& type_info() const { return content("type_info").type(); }
  bool is_empty() const noexcept { return content_ == nullptr; }

 private:
  const internal::AnyModuleContent& content(const char* operation) const {
    XGRAD_CHECK(content_ != nullptr, "[AnyModule] Cannot call ", operation, "() on an empty AnyModule");
    return *content_;
  }
  template <class T> T& get_as() const {
    const auto& held = content("get");
    XGRAD_CHECK_AS(TypeError, held.type() == typeid(T), "[AnyModule] Attempted to cast module of type ", type_name(held.type()), " to type ",
                   type_name(typeid(T)));
    return *static_cast<T*>(held.object());
  }

  std::shared_ptr<const internal::AnyModuleContent> content_;
};

/// An AnyModule with a name, for lists of named modules: `Sequential({{"fc", Linear(3, 4)}, {"act", ReLU()}})`.
class NamedAnyModule {
 public:
  template <class M> NamedAnyModule(std::string name, std::shared_ptr<M> module) : NamedAnyModule(std::move(name), AnyModule(std::move(module))) {}
  template <class M, class = internal::enable_if_module_t<M>>
  NamedAnyModule(std::string name, M&& module) : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}
  template <class M> NamedAnyModule(std::string name, const ModuleHolder<M>& module_holder) : NamedAnyModule(std::move(name), module_holder.ptr()) {}
  NamedAnyModule(std::string name, AnyModule module) : name_(std::move(name)), module_(std::move(module)) {}

  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}}}  // namespace torch::xgrad::nn

/// Inside a module class whose forward() has default arguments, tells AnyModule (and so Sequential) their positions and
/// values: `FORWARD_HAS_DEFAULT_ARGS({1, torch::nn::AnyValue(2.0)}, {2, torch::nn::AnyValue(true)})`.
#define FORWARD_HAS_DEFAULT_ARGS(...)                                                                                          \
  bool _forward_has_default_args() override { return true; }                                                                   \
  unsigned int _forward_num_required_args() override {                                                                         \
    const std::vector<std::pair<unsigned int, ::xgrad::nn::AnyValue>> defaults = {__VA_ARGS__};                                \
    return defaults.front().first;                                                                                             \
  }                                                                                                                            \
  std::vector<::xgrad::nn::AnyValue> _forward_populate_default_args(std::vector<::xgrad::nn::AnyValue>&& arguments) override { \
    const std::vector<std::pair<unsigned int, ::xgrad::nn::AnyValue>> defaults = {__VA_ARGS__};                                \
    for (const auto& [position, value] : defaults)                                                                             \
      if (position >= arguments.size()) arguments.push_back(value);                                                            \
    return std::move(arguments);                                                                                               \
  }

/// The same of the library's own modules: what a module's class declares, and what its source defines.
#define XGRAD_HAS_DEFAULT_ARGS                        \
 protected:                                           \
  bool _forward_has_default_args() override;          \
  unsigned int _forward_num_required_args() override; \
  std::vector<::xgrad::nn::AnyValue> _forward_populate_default_args(std::vector<::xgrad::nn::AnyValue>&& arguments) override
#define XGRAD_DEFINE_DEFAULT_ARGS(Impl, required, ...)                                                                          \
  bool Impl::_forward_has_default_args() { return true; }                                                                       \
  unsigned int Impl::_forward_num_required_args() { return required; }                                                          \
  std::vector<AnyValue> Impl::_forward_populate_default_args(std::vector<AnyValue>&& arguments) {                               \
    const AnyValue defaults[] = {__VA_ARGS__};                                                                                  \
    for (size_t i = arguments.size() - required; i < sizeof defaults / sizeof *defaults; ++i) arguments.push_back(defaults[i]); \
    return std::move(arguments);                                                                                                \
  }
