#include <xgrad/autograd/graph/leaf_hooks.h>

#include <utility>

#include <xgrad/autograd/graph/by_tensor.h>

namespace torch { inline namespace xgrad {

namespace {

using HooksAside = ByTensor<IntrusivePtr<NodeHooks>>;

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
