// Who is called: for those who look on.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// While it lives, it is told of each call of `root` and of the modules below it, those that are there when this is made: of calls through a holder,
/// an AnyModule or a Sequential, and of forward() of the layers that have weights. A module that is being called elsewhere must not be looked at.
class XGRAD_API ModuleCalls {
 public:
  /// `called` runs at the beginning of each call, on the thread that calls. `root` must outlive this unless it is owned by a std::shared_ptr.
  explicit ModuleCalls(Module& root, std::function<void(const Module&)> called = {});
  ~ModuleCalls();
  ModuleCalls(const ModuleCalls&) = delete;
  ModuleCalls& operator=(const ModuleCalls&) = delete;

  /// The innermost of the calls that run now on the thread on which this was made; null if there is none. A forward() that was called directly
  /// is not among them.
  const Module* running();

 private:
  class Notice;
  void begins(const Module& module);

  std::function<void(const Module&)> called_;
  const std::thread::id thread_;
  std::vector<const Module*> calls_;  // the outer ones first; the last may have ended
  std::vector<std::weak_ptr<Module>> attached_;
  Module* unowned_root_ = nullptr;
  std::shared_ptr<Notice> notice_;
};

}}}  // namespace torch::xgrad::nn
