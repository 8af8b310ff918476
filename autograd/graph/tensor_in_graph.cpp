// Tensors as parts of a graph: edges, requires_grad, detaching, hooks.
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/retained_grad.h>

namespace torch { inline namespace xgrad {

namespace detail {

void refresh_view(TensorImpl& view);  // in_place.cpp

// The edge, current also when the base of a view was edited since.
const Edge& gradient_edge(const Tensor& t) {
  TensorImpl& impl = t.impl();
  if (impl.view_kind != ViewKind::None && impl.view_version.load(std::memory_order_acquire) != impl.storage->version()) refresh_view(impl);
  return impl.edge;
}

}  // namespace detail

void leave_graph(TensorImpl& t) {
  if (t.leaf_edge) static_cast<AccumulateGrad&>(*t.edge.function).forget_leaf(&t);
  if (t.retains_grad) stop_retaining(t);
}

IntrusivePtr<Node> Tensor::grad_fn_ptr() const {
  if (is_sparse()) return {};
  const Edge& edge = detail::gradient_edge(*this);
  return impl().leaf_edge ? IntrusivePtr<Node>() : edge.function;
}

uint32_t Tensor::output_nr() const { return detail::gradient_edge(*this).input_nr; }

bool Tensor::requires_grad() const {
  if (!has_memory(impl_.get())) return false;
  const Edge& edge = detail::gradient_edge(*this);
  return static_cast<bool>(edge.function);
}

const Tensor& Tensor::set_requires_grad(bool wanted) const {
  if (!wanted && !requires_grad()) return *this;
  TensorImpl& t = impl();
  if (wanted) {
    XGRAD_CHECK_AS(TypeError, isFloatingType(t.dtype), "[requires_grad_] only Tensors of floating point dtype can require gradients, got ", t.dtype);
    if (requires_grad()) return *this;
    t.edge.function = IntrusivePtr<AccumulateGrad>::adopt(new AccumulateGrad(&t));
    t.edge.input_nr = 0;
    t.leaf_edge = t.requires_grad = true;
    return *this;
  }
  XGRAD_CHECK(t.leaf_edge,
              "[requires_grad_] you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
              "in a subgraph that doesn't require differentiation use detach()");
  static_cast<AccumulateGrad&>(*t.edge.function).forget_leaf(&t);
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
  // The AccumulateGrad of a leaf knows its shape and dtype; it stays, with its hooks, while these do.
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
  return edge.function->hooks().add(edge.input_nr, std::move(hook));
}

void Tensor::remove_hook(unsigned position) const {
  const Edge& edge = detail::gradient_edge(*this);
  NodeHooks* const hooks = edge.function ? edge.function->hooks_if_any() : nullptr;
  if (hooks && hooks->remove(position)) return;
  detail::raise<IndexError>("[remove_hook] no hook has the position ", position);
}

}}  // namespace torch::xgrad
