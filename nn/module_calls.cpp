#include <xgrad/nn/module_calls.h>

#include <unordered_set>

#include <xgrad/nn/module_walk.h>
#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn {

// Copies of a module share it: they are silent once nobody listens any more. Clones don't have it.
class ModuleCalls::Notice final : public ReparametrisedParameter {
 public:
  explicit Notice(std::shared_ptr<std::function<void(const Module&)>> called) : called_(std::move(called)) {}
  void attach_as_in(Module&, const Module&) const override {}
  void compute(Module& module, bool) const override {
    if (*called_) (*called_)(module);
  }
  static void begin_in(Module& module, const std::shared_ptr<const Notice>& notice) { begin(module, notice); }
  static void end_in(Module& module, const Notice* notice) { end(module, notice); }

 private:
  std::shared_ptr<std::function<void(const Module&)>> called_;
};

ModuleCalls::ModuleCalls(Module& root, std::function<void(const Module&)> called)
    : called_(std::make_shared<std::function<void(const Module&)>>(std::move(called))), notice_(std::make_shared<Notice>(called_)) {
  std::unordered_set<const Module*> seen{&root};
  std::vector<std::shared_ptr<Module>> modules;
  if (const auto owned = root.weak_from_this().lock()) modules.push_back(owned);
  else unowned_root_ = &root;
  for (ModuleWalk walk(root); walk.next();)
    if (seen.insert(walk.module().get()).second) modules.push_back(walk.module());
  attached_.assign(modules.begin(), modules.end());
  if (unowned_root_) Notice::begin_in(*unowned_root_, notice_);
  for (const auto& module : modules) Notice::begin_in(*module, notice_);
}

ModuleCalls::~ModuleCalls() {
  *called_ = nullptr;
  if (unowned_root_) Notice::end_in(*unowned_root_, notice_.get());
  for (const auto& attached : attached_)
    if (const auto module = attached.lock()) Notice::end_in(*module, notice_.get());
}

}}}  // namespace torch::xgrad::nn
