// Which module a tensor belongs to. Internal.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The modules of a tree with their paths, and their tensors. Numbers are those of modules(): 0 is the root.
class ModulePaths {
 public:
  static constexpr size_t kNone = SIZE_MAX;
  struct Entry {
    const nn::Module* module;
    std::string path;  ///< "" of the root
    size_t depth, parent;
    bool is_leaf;  ///< has no modules below it
  };

  ModulePaths() = default;
  explicit ModulePaths(const nn::Module& root);

  /// Parents before children; a module that is registered in several places comes once, under its first name.
  const std::vector<Entry>& modules() const { return modules_; }
  size_t index_of(const nn::Module& module) const;

  /// The module that has the tensor as a parameter or buffer, and the tensor's path; kNone and "" for others.
  size_t owner_of(const Tensor& t) const;
  std::string name_of(const Tensor& t) const;

 private:
  struct Owned {
    size_t module;
    std::string name;
  };
  std::vector<Entry> modules_;
  std::unordered_map<const nn::Module*, size_t> index_;
  std::unordered_map<const void*, Owned> tensors_;  // by TensorImpl
};

}}}  // namespace torch::xgrad::inspect
