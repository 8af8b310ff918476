#include <xgrad/autograd/graph/leaf_hooks.h>

#include <mutex>
#include <unordered_map>
#include <utility>

namespace torch { inline namespace xgrad {

namespace {

// Few tensors are in this state, so their hooks are listed here instead of taking room in every one.
class HooksAside {
 public:
  static HooksAside& all() {
    static HooksAside* const hooks = new HooksAside;  // never destroyed: static tensors may outlive it
    return *hooks;
  }

  void put(const TensorImpl* leaf, IntrusivePtr<NodeHooks> hooks) {
    std::lock_guard lock(mutex_);
    of_[leaf] = std::move(hooks);
  }
  IntrusivePtr<NodeHooks> take(const TensorImpl* leaf) {
    std::lock_guard lock(mutex_);
    const auto found = of_.extract(leaf);
    return found ? std::move(found.mapped()) : IntrusivePtr<NodeHooks>();
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const TensorImpl*, IntrusivePtr<NodeHooks>> of_;
};

}  // namespace

void put_hooks_aside(TensorImpl& t, AccumulateGrad& node) {
  IntrusivePtr<NodeHooks> hooks = node.take_hooks();
  if (!hooks) return;
  HooksAside::all().put(&t, std::move(hooks));
  t.hooks_aside = true;
}

void bring_hooks_back(TensorImpl& t, AccumulateGrad& node) {
  if (std::exchange(t.hooks_aside, false)) node.give_hooks(HooksAside::all().take(&t));
}

void drop_hooks_aside(TensorImpl& t) { HooksAside::all().take(&t); }

}}  // namespace torch::xgrad
