// Modules by name.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A dictionary of modules in the order of insertion. It has no forward(): the owner calls its modules. As in Python,
/// what is taken out is no longer a submodule.
class XGRAD_API ModuleDictImpl : public Cloneable<ModuleDictImpl> {
 public:
  using Iterator = OrderedDict<std::string, std::shared_ptr<Module>>::Iterator;
  using ConstIterator = OrderedDict<std::string, std::shared_ptr<Module>>::ConstIterator;

  ModuleDictImpl() = default;
  explicit ModuleDictImpl(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules);
  explicit ModuleDictImpl(const OrderedDict<std::string, std::shared_ptr<Module>>& modules);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  std::vector<std::pair<std::string, std::shared_ptr<Module>>> items() const;
  std::vector<std::string> keys() const;
  std::vector<std::shared_ptr<Module>> values() const;
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  size_t size() const noexcept { return modules_.size(); }
  bool empty() const noexcept { return modules_.is_empty(); }
  bool contains(const std::string& key) const noexcept;

  /// The module of a key; throws if there is none.
  std::shared_ptr<Module> operator[](const std::string& key) const;
  /// The same as class T; throws if it is none.
  template <class T> T& at(const std::string& key) { return const_cast<T&>(std::as_const(*this).at<T>(key)); }
  template <class T> const T& at(const std::string& key) const {
    const T* module = dynamic_cast<const T*>(modules_[key].get());
    XGRAD_CHECK_AS(TypeError, module != nullptr, "[ModuleDict] module '", key, "' is not of type ", type_name(typeid(T)));
    return *module;
  }

  /// Takes a module out and returns it.
  std::shared_ptr<Module> pop(const std::string& key);
  void clear();
  /// Adds modules, or puts them in place of those of the same keys; all or, where one can't be registered, none.
  void update(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules);
  template <class Container> void update(const Container& container) {
    std::vector<std::pair<std::string, std::shared_ptr<Module>>> modules;
    for (auto& item : container) modules.emplace_back(item.key(), item.value());
    update(modules);
  }

 private:
  void insert(const std::string& key, std::shared_ptr<Module> module);

  OrderedDict<std::string, std::shared_ptr<Module>> modules_;
};
TORCH_MODULE(ModuleDict);

}}}  // namespace torch::xgrad::nn
