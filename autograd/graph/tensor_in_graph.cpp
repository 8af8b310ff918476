// Tensors as parts of a graph: edges, requires_grad, detaching, hooks.
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/leaf_hooks.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/retained_grad.h>

namespace torch { inline namespace xgrad {

namespace detail {

void refresh_view(TensorImpl& view);  // in_place.cpp

const Edge& gradient_edge_of_view(TensorImpl& view) {
  if (view.view_version.load(std::memory_order_acquire) != view.storage->version()) refresh_view(view);
  return view.edge;
}

}  // namespace detail

void leave_graph(TensorImpl& t) {
  if (t.leaf_edge) static_cast<AccumulateGrad&>(*t.edge.function).forget_leaf(&t);
  if (t.retains_grad) stop_retaining(t);
  if (t.hooks_aside) drop_hooks_aside(t);
}

IntrusivePtr<Node> Tensor::grad_fn_ptr() const {
  if (is_sparse()) return {};
  const Edge& edge = detail::gradient_edge(*this);
  return impl().leaf_edge ? IntrusivePtr<Node>() : edge.function;
}

uint32_t Tensor::output_nr() const { return detail::gradient_edge(*this).input_nr; }

bool Tensor::requires_grad() const { return detail::is_in_graph(*this); }

// To be called before a tensor changes other than by its elements.
static void outdate_launches_on(const TensorImpl& t) {
  if (t.storage->is_in_kept_launches()) detail::outdate_kept_launches();
}

const Tensor& Tensor::set_requires_grad(bool wanted) const {
  if (!wanted && !requires_grad()) return *this;
  TensorImpl& t = impl();
  if (wanted) {
    XGRAD_CHECK_AS(TypeError, isFloatingType(t.dtype), "[requires_grad_] only Tensors of floating point dtype can require gradients, got ", t.dtype);
    if (requires_grad()) return *this;
    outdate_launches_on(t);
    auto node = IntrusivePtr<AccumulateGrad>::adopt(new AccumulateGrad(&t));
    bring_hooks_back(t, *node);
    t.edge.function = std::move(node);
    t.edge.input_nr = 0;
    t.leaf_edge = t.requires_grad = true;
    return *this;
  }
  XGRAD_CHECK(t.leaf_edge,
              "[requires_grad_] you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
              "in a subgraph that doesn't require differentiation use detach()");
  outdate_launches_on(t);
  auto& node = static_cast<AccumulateGrad&>(*t.edge.function);
  node.forget_leaf(&t);
  put_hooks_aside(t, node);
  t.edge = Edge();
  t.leaf_edge = t.requires_grad = false;
  return *this;
}

Tensor Tensor::detach() const {
  if (is_sparse()) return *this;
  Tensor y = detail::alias(*this);
  if (__builtin_expect(detail::operation_mode < 0, 0)) detail::trace(operation<"detach">, With<>(), {{&y, true}, {this, false}});
  return y;
}

Tensor& Tensor::detach_() const {
  if (is_sparse()) return const_cast<Tensor&>(*this);
  TensorImpl& t = impl();
  XGRAD_CHECK(t.view_kind == ViewKind::None, "[detach_] Can't detach views in-place. Use detach() instead");
  if (t.leaf_edge) set_requires_grad(false);
  t.edge = Edge();
  return const_cast<Tensor&>(*this);
}

void Tensor::set_data(const Tensor& other) const {
  TensorImpl& t = impl();
  XGRAD_CHECK(!t.edge.function || t.leaf_edge, "[set_data] expected a leaf, got a tensor made by ", t.edge.function->name());
  XGRAD_CHECK_AS(TypeError, !t.leaf_edge || isFloatingType(other.dtype()), "[set_data] a tensor that requires grad must stay floating, got ",
                 other.dtype());
  const TensorImpl& from = other.impl();
  outdate_launches_on(t);
  // The AccumulateGrad of a leaf knows its shape and dtype, and stays while these do. Hooks follow to the next.
  const bool renew = t.leaf_edge && (from.dtype != t.dtype || from.sizes != t.sizes);
  if (renew) set_requires_grad(false);
  t.dtype = from.dtype;
  t.contiguous = from.contiguous;
  t.numel = from.numel;
  t.sizes = from.sizes;
  t.strides = from.strides;
  t.set_storage(from.storage);
  t.data = from.data;
  t.view_kind = ViewKind::None;
  t.base.reset();
  if (renew) set_requires_grad(true);
}

void Tensor::retain_grad() const {
  XGRAD_CHECK(requires_grad(), "[retain_grad] can't retain_grad on Tensor that has requires_grad=False");
  TensorImpl& t = impl();
  if (t.leaf_edge || t.retains_grad) return;
  retain_gradient(t);
}

unsigned Tensor::register_hook(std::function<Tensor(const Tensor&)> hook) const {
  XGRAD_CHECK(requires_grad(), "[register_hook] cannot register a hook on a variable that doesn't require gradient");
  const Edge& edge = detail::gradient_edge(*this);
  outdate_launches_on(impl());
  return edge.function->hooks().add(edge.input_nr, std::move(hook));
}

unsigned Tensor::register_post_accumulate_grad_hook(std::function<void(const Tensor&)> hook) const {
  XGRAD_CHECK(requires_grad(), "[register_post_accumulate_grad_hook] cannot register a hook on a tensor that doesn't require gradient");
  XGRAD_CHECK(is_leaf(), "[register_post_accumulate_grad_hook] post accumulate grad hooks cannot be registered on non-leaf tensors, got one made by ",
              grad_fn()->name());
  XGRAD_CHECK(hook, "[register_post_accumulate_grad_hook] expected a function, got an empty one");
  outdate_launches_on(impl());
  return detail::gradient_edge(*this).function->hooks().add_accumulated(std::move(hook));
}

void Tensor::remove_hook(unsigned position) const {
  const Edge& edge = detail::gradient_edge(*this);
  NodeHooks* const hooks = edge.function ? edge.function->hooks_if_any() : nullptr;
  if (hooks && hooks->remove(position)) return outdate_launches_on(impl());
  detail::raise<IndexError>("[remove_hook] no hook has the position ", position);
}

}}  // namespace torch::xgrad
