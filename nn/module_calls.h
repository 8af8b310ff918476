// Who is called: for those who look on.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// While it lives, `called` is told at the beginning of each call of `root` and of the modules below it, those that are there when this is made: of
/// calls through a holder, an AnyModule or a Sequential, and of forward() of the layers that have weights. It isn't told where a call ends. It
/// runs on the thread that calls. A module that is being called elsewhere must not be looked at.
class XGRAD_API ModuleCalls {
 public:
  /// `root` must outlive this unless it is owned by a std::shared_ptr.
  ModuleCalls(Module& root, std::function<void(const Module&)> called);
  ~ModuleCalls();
  ModuleCalls(const ModuleCalls&) = delete;
  ModuleCalls& operator=(const ModuleCalls&) = delete;

 private:
  class Notice;

  std::shared_ptr<std::function<void(const Module&)>> called_;
  std::vector<std::weak_ptr<Module>> attached_;
  Module* unowned_root_ = nullptr;
  std::shared_ptr<const Notice> notice_;
};

}}}  // namespace torch::xgrad::nn
