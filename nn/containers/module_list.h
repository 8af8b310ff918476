// A list of modules that are called one by one.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Modules named "0", "1", ... by position. It has no forward(): the owner calls its modules.
class XGRAD_API ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl() = default;
  template <class First, class... Rest, class = std::enable_if_t<!std::is_same_v<std::decay_t<First>, ModuleListImpl>>>
  explicit ModuleListImpl(First&& first, Rest&&... rest) {
    push_back(std::forward<First>(first));
    (push_back(std::forward<Rest>(rest)), ...);
  }

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module);
  template <class M, class = internal::enable_if_module_t<M>> void push_back(M&& module) {
    push_back(std::make_shared<std::decay_t<M>>(std::forward<M>(module)));
  }
  template <class M> void push_back(const ModuleHolder<M>& module) { push_back(module.ptr()); }
  template <class Container> void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  /// Puts a module before position `index`, moving those behind it; throws unless index <= size().
  void insert(size_t index, std::shared_ptr<Module> module);
  template <class M, class = internal::enable_if_module_t<M>> void insert(size_t index, M&& module) {
    insert(index, std::make_shared<std::decay_t<M>>(std::forward<M>(module)));
  }
  template <class M> void insert(size_t index, const ModuleHolder<M>& module) { insert(index, module.ptr()); }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }

  /// The module at a position, as class T; throws if it is none.
  template <class T> T& at(size_t index) { return *ptr<T>(index); }
  template <class T> const T& at(size_t index) const { return *ptr<T>(index); }
  template <class T> std::shared_ptr<T> ptr(size_t index) const {
    auto module = std::dynamic_pointer_cast<T>(ptr(index));
    XGRAD_CHECK_AS(TypeError, module != nullptr, "[ModuleList] module ", index, " is not of type ", type_name(typeid(T)));
    return module;
  }
  std::shared_ptr<Module> ptr(size_t index) const;
  std::shared_ptr<Module> operator[](size_t index) const { return ptr(index); }

  size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

 private:
  std::vector<std::shared_ptr<Module>> modules_;
};
TORCH_MODULE(ModuleList);

}}}  // namespace torch::xgrad::nn
