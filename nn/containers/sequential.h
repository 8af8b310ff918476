// Modules called one after the other.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A list of modules; forward() gives its arguments to the first, the result of each to the next, and returns that of the
/// last. The modules may be of any classes that AnyModule takes, Sequential included, as long as their types fit together.
/// A Linear and the ReLU, Tanh or Sigmoid behind it are computed as one operation (linear_relu and its kind), which gives
/// the same bits.
class XGRAD_API SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl() = default;
  /// Of modules (holders, pointers or values), named "0", "1", ...
  template <class First, class... Rest, class = std::enable_if_t<!std::is_same_v<std::decay_t<First>, SequentialImpl>>>
  explicit SequentialImpl(First&& first, Rest&&... rest) {
    modules_.reserve(1 + sizeof...(Rest));
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules);
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  /// Throws when there are no modules, when types don't fit, and unless the result is exactly a ReturnType.
  template <class ReturnType = Tensor, class... Inputs> ReturnType forward(Inputs&&... inputs) {
    std::array<AnyValue, sizeof...(Inputs)> values{AnyValue(std::forward<Inputs>(inputs))...};
    AnyValue result = forward_values(values.data(), values.size());
    if (auto* value = result.template try_get<ReturnType>()) return std::move(*value);
    refuse_result(result.type_info(), typeid(ReturnType));
  }
  /// The same with boxed arguments, which are used up.
  AnyValue forward_values(AnyValue* arguments, size_t count);

  void push_back(AnyModule module);
  void push_back(std::string name, AnyModule module);
  template <class M> void push_back(std::shared_ptr<M> module) { push_back(AnyModule(std::move(module))); }
  template <class M> void push_back(std::string name, std::shared_ptr<M> module) { push_back(std::move(name), AnyModule(std::move(module))); }
  template <class M, class = internal::enable_if_module_t<M>> void push_back(M&& module) { push_back(AnyModule(std::forward<M>(module))); }
  template <class M, class = internal::enable_if_module_t<M>> void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class M> void push_back(const ModuleHolder<M>& module) { push_back(AnyModule(module)); }
  template <class M> void push_back(std::string name, const ModuleHolder<M>& module) { push_back(std::move(name), AnyModule(module)); }
  /// Adds all modules of a container, such as another Sequential.
  template <class Container> void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }

  /// The module at a position, as its exact class T.
  template <class T> T& at(size_t index) { return modules_[checked(index)].get<T>(); }
  template <class T> const T& at(size_t index) const { return modules_[checked(index)].get<T>(); }
  template <class T> std::shared_ptr<T> ptr(size_t index) const { return modules_[checked(index)].ptr<T>(); }
  std::shared_ptr<Module> ptr(size_t index) const { return modules_[checked(index)].ptr(); }
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }

  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  /// The result of module `i`, or of it and the next where one operation computes both; `i` moves behind them.
  AnyValue forward_next(size_t& i, AnyValue* arguments, size_t count);
  size_t checked(size_t index) const;
  [[noreturn]] static void refuse_result(const std::type_info& got, const std::type_info& asked);

  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  using Impl = SequentialImpl;
  Sequential() = default;
  XGRAD_API Sequential(std::initializer_list<NamedAnyModule> modules);
};

}}}  // namespace torch::xgrad::nn
