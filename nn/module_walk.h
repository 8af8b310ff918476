// Walking a tree of modules without recursion: a tree may be deeper than a thread's stack. Internal.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// The modules below `root`, parents before children, in the order of registration:
///
///     for (ModuleWalk walk(root); walk.next();) use(walk.module());
///
/// Modules that are registered or taken out on the way are met or not, and nothing else happens.
class ModuleWalk {
 public:
  explicit ModuleWalk(const Module& root) { way_.push_back({nullptr, &root, 0, 0}); }
  /// With path(): names that start with `prefix`.
  ModuleWalk(const Module& root, std::string prefix) : named_(true), path_(std::move(prefix)) { way_.push_back({nullptr, &root, 0, path_.size()}); }

  /// False when there is no further one.
  bool next() {
    for (; !way_.empty(); way_.pop_back()) {
      Place& parent = way_.back();
      if (parent.next >= parent.module->children_.size()) continue;
      const auto& child = parent.module->children_[parent.next++];
      if (named_) {
        path_.resize(parent.path_size);
        if (!path_.empty()) path_ += '.';
        path_ += child.key();
      }
      way_.push_back({child.value(), child.value().get(), 0, path_.size()});
      return true;
    }
    return false;
  }

  const std::shared_ptr<Module>& module() const { return way_.back().owner; }
  const std::string& path() const { return path_; }
  /// The name it is registered under.
  const std::string& key() const {
    const Place& parent = way_[way_.size() - 2];
    return parent.module->children_[parent.next - 1].key();
  }
  /// 1 for what is registered in the root.
  size_t depth() const { return way_.size() - 1; }

 private:
  struct Place {
    std::shared_ptr<Module> owner;  // none for the root
    const Module* module;
    size_t next;  // which child comes next
    size_t path_size;
  };

  std::vector<Place> way_;
  const bool named_ = false;
  std::string path_;
};

}}}  // namespace torch::xgrad::nn
