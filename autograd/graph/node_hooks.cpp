#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/retained_grad.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

GradientReceiver::~GradientReceiver() = default;
NodeHooks::NodeHooks() = default;
NodeHooks::~NodeHooks() = default;

void NodeHooks::note_kinds() {
  const int kinds =
      (pre_.empty() ? 0 : kBefore) | (post_.empty() ? 0 : kAfter) | (accumulated_.empty() ? 0 : kAccumulated) | (receiver_.expired() ? 0 : kReceiver);
  kinds_.store(static_cast<uint8_t>(kinds), std::memory_order_release);
}

template <class Hook> unsigned NodeHooks::put(std::map<unsigned, Hook>& hooks, Hook hook) {
  std::lock_guard lock(mutex_);
  hooks.emplace(next_id_, std::move(hook));
  note_kinds();
  return next_id_++;
}

unsigned NodeHooks::add(uint32_t output, PreHook call) { return put(pre_, Pre{output, std::move(call), nullptr}); }
void NodeHooks::retain(uint32_t output, std::shared_ptr<RetainedGrad> keeper) { put(pre_, Pre{output, {}, std::move(keeper)}); }
unsigned NodeHooks::add_post(PostHook call) { return put(post_, std::move(call)); }
unsigned NodeHooks::add_accumulated(AccumulatedHook call) { return put(accumulated_, std::move(call)); }

bool NodeHooks::remove(unsigned id) {
  // What a hook holds dies without the lock.
  std::map<unsigned, Pre>::node_type before;
  std::map<unsigned, PostHook>::node_type after;
  std::map<unsigned, AccumulatedHook>::node_type accumulated;
  std::lock_guard lock(mutex_);
  if (const auto found = pre_.find(id); found != pre_.end() && found->second.call) before = pre_.extract(found);
  after = post_.extract(id);
  accumulated = accumulated_.extract(id);
  note_kinds();
  return before || after || accumulated;
}

void NodeHooks::set_receiver(std::weak_ptr<GradientReceiver> receiver) {
  std::lock_guard lock(mutex_);
  receiver_ = std::move(receiver);
  note_kinds();
}

std::shared_ptr<GradientReceiver> NodeHooks::receiver() const {
  std::lock_guard lock(mutex_);
  return receiver_.lock();
}

// Calls each of the hooks there are now, unless it is removed before its turn, and without the lock.
template <class Hook, class F> void NodeHooks::for_each(const std::map<unsigned, Hook>& hooks, F call) const {
  const IntrusivePtr<NodeHooks> alive(const_cast<NodeHooks*>(this));
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

void NodeHooks::call_accumulated(const Tensor& leaf) {
  for_each(accumulated_, [&leaf](const AccumulatedHook& call) { call(leaf); });
}

}}  // namespace torch::xgrad
