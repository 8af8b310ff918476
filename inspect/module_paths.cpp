#include <xgrad/inspect/module_paths.h>

#include <xgrad/nn/module_walk.h>

namespace torch { inline namespace xgrad { namespace inspect {

ModulePaths::ModulePaths(const nn::Module& root) {
  std::vector<size_t> way;  // the modules around the one that is walked to, the root first
  const auto add = [this, &way](const nn::Module& module, const std::string& path, size_t depth) {
    way.resize(depth);
    const auto [known, is_new] = index_.emplace(&module, modules_.size());
    way.push_back(known->second);
    if (!is_new) return;
    const size_t parent = depth > 0 ? way[depth - 1] : kNone;
    modules_.push_back({&module, path, depth, parent, true});
    if (parent != kNone) modules_[parent].is_leaf = false;
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& kind : {module.named_parameters(false), module.named_buffers(false)})
      for (const auto& item : kind)
        if (item->defined()) tensors_.emplace(item->unsafeGetTensorImpl(), Owned{known->second, prefix + item.key()});
  };
  add(root, "", 0);
  for (nn::ModuleWalk walk(root, ""); walk.next();) add(*walk.module(), walk.path(), walk.depth());
}

size_t ModulePaths::index_of(const nn::Module& module) const {
  const auto found = index_.find(&module);
  return found == index_.end() ? kNone : found->second;
}

size_t ModulePaths::owner_of(const Tensor& t) const {
  const auto found = tensors_.find(t.unsafeGetTensorImpl());
  return found == tensors_.end() ? kNone : found->second.module;
}

std::string ModulePaths::name_of(const Tensor& t) const {
  const auto found = tensors_.find(t.unsafeGetTensorImpl());
  return found == tensors_.end() ? "" : found->second.name;
}

}}}  // namespace torch::xgrad::inspect
