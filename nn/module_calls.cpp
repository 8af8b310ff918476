#include <xgrad/nn/module_calls.h>

#include <unordered_set>

#include <xgrad/nn/module_walk.h>
#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn {

// Copies of a module share it, and are silent once nobody listens any more. Clones don't have it.
class ModuleCalls::Notice final : public ReparametrisedParameter {
 public:
  explicit Notice(ModuleCalls* listener) : listener_(listener) {}
  void attach_as_in(Module&, const Module&) const override {}
  void compute(Module& module, bool) const override {
    if (listener_) listener_->begins(module);
  }
  void forget() { listener_ = nullptr; }
  static void begin_in(Module& module, const std::shared_ptr<const Notice>& notice) { begin(module, notice); }
  static void end_in(Module& module, const Notice* notice) { end(module, notice); }
  static bool runs(const Module& module) { return is_called(module); }

 private:
  ModuleCalls* listener_;
};

ModuleCalls::ModuleCalls(Module& root, std::function<void(const Module&)> called)
    : called_(std::move(called)), thread_(std::this_thread::get_id()), notice_(std::make_shared<Notice>(this)) {
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
  notice_->forget();
  if (unowned_root_) Notice::end_in(*unowned_root_, notice_.get());
  for (const auto& attached : attached_)
    if (const auto module = attached.lock()) Notice::end_in(*module, notice_.get());
}

// A module is marked as called after it has been told, so the marks are looked at when somebody asks.
void ModuleCalls::begins(const Module& module) {
  if (std::this_thread::get_id() == thread_) {
    running();
    calls_.push_back(&module);
  }
  if (called_) called_(module);
}

const Module* ModuleCalls::running() {
  while (!calls_.empty() && !Notice::runs(*calls_.back())) calls_.pop_back();
  return calls_.empty() ? nullptr : calls_.back();
}

}}}  // namespace torch::xgrad::nn
