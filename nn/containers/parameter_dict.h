// Parameters by name.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A dictionary of parameters in the order of insertion. Each keeps whether it requires a gradient.
class XGRAD_API ParameterDictImpl : public Cloneable<ParameterDictImpl> {
 public:
  using Iterator = OrderedDict<std::string, Tensor>::Iterator;
  using ConstIterator = OrderedDict<std::string, Tensor>::ConstIterator;

  ParameterDictImpl() = default;
  explicit ParameterDictImpl(const OrderedDict<std::string, Tensor>& parameters);

  std::shared_ptr<Module> clone(const std::optional<Device>& device = std::nullopt) const override;
  void reset() override;
  void pretty_print(std::ostream& stream) const override;

  /// Adds a parameter; throws if the key is taken.
  Tensor& insert(std::string key, Tensor parameter);
  /// Takes a parameter out and returns it.
  Tensor pop(const std::string& key);
  /// Adds parameters, or puts them in place of those of the same keys; all or, where a name can't be registered, none.
  template <class Container> void update(const Container& container) {
    for (auto& item : container)
      if (!contains(item.key())) check_name("ParameterDict", "Parameter", item.key());
    for (auto& item : container) {
      if (Tensor* parameter = parameters_.find(item.key())) *parameter = item.value();
      else insert(item.key(), item.value());
    }
  }
  void clear();

  std::vector<std::string> keys() const;
  std::vector<Tensor> values() const;
  Iterator begin() { return parameters_.begin(); }
  ConstIterator begin() const { return parameters_.begin(); }
  Iterator end() { return parameters_.end(); }
  ConstIterator end() const { return parameters_.end(); }
  size_t size() const noexcept { return parameters_.size(); }
  bool empty() const noexcept { return parameters_.is_empty(); }
  bool contains(const std::string& key) const noexcept;
  Tensor& get(const std::string& key);
  const Tensor& get(const std::string& key) const;
  Tensor& operator[](const std::string& key) { return get(key); }
  const Tensor& operator[](const std::string& key) const { return get(key); }
};
TORCH_MODULE(ParameterDict);

}}}  // namespace torch::xgrad::nn
