#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/retained_grad.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

unsigned NodeHooks::add(uint32_t output, PreHook call) {
  std::lock_guard lock(mutex_);
  pre_.emplace(next_id_, Pre{output, std::move(call), nullptr});
  return next_id_++;
}

void NodeHooks::retain(uint32_t output, std::shared_ptr<RetainedGrad> keeper) {
  std::lock_guard lock(mutex_);
  pre_.emplace(next_id_++, Pre{output, {}, std::move(keeper)});
}

unsigned NodeHooks::add_post(PostHook call) {
  std::lock_guard lock(mutex_);
  post_.emplace(next_id_, std::move(call));
  return next_id_++;
}

bool NodeHooks::remove(unsigned id) {
  Pre removed;  // what a hook holds dies without the lock
  std::lock_guard lock(mutex_);
  const auto found = pre_.find(id);
  if (found == pre_.end() || !found->second.call) return false;
  removed = std::move(found->second);
  pre_.erase(found);
  return true;
}

bool NodeHooks::sees_after() const {
  std::lock_guard lock(mutex_);
  return !post_.empty();
}

// Calls each of the hooks there are now, unless it is removed before its turn, and without the lock.
template <class Hook, class F> void NodeHooks::for_each(const std::map<unsigned, Hook>& hooks, F call) const {
  std::unique_lock lock(mutex_);
  const unsigned end = next_id_;
  for (auto at = hooks.begin(); at != hooks.end() && at->first < end;) {
    const unsigned id = at->first;
    const Hook hook = at->second;
    lock.unlock();
    call(hook);
    lock.lock();
    at = hooks.upper_bound(id);
  }
}

void NodeHooks::call_pre(Tensor* gy) {
  for_each(pre_, [gy](const Pre& hook) {
    Tensor& g = gy[hook.output];
    if (!g.defined()) return;
    if (hook.keeper) return hook.keeper->keep(g);
    if (g.is_sparse()) g = own_rows(g);
    else if (!is_private(g)) g = g.clone();
    Tensor replaced = hook.call(g);
    if (!replaced.defined()) return;
    XGRAD_CHECK(replaced.sizes() == g.sizes(), "[register_hook] hook has changed the size of value, got ", replaced.sizes(), " for ", g.sizes());
    g = std::move(replaced);
  });
}

void NodeHooks::call_post(uint32_t num_outputs, Tensor* gx, uint32_t num_inputs, const Tensor* gy) {
  std::vector<Tensor> ins(gx, gx + num_outputs);
  const std::vector<Tensor> outs(gy, gy + num_inputs);
  for_each(post_, [&](const PostHook& call) {
    ins = call(ins, outs);
    XGRAD_CHECK(ins.size() == num_outputs, "[post_hook] expected ", num_outputs, " gradients, got ", ins.size());
  });
  std::move(ins.begin(), ins.end(), gx);
}

}}  // namespace torch::xgrad
