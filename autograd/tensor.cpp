#include <xgrad/autograd/tensor.h>

#include <iostream>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/engine.h>
#include <xgrad/autograd/in_place.h>
#include <xgrad/autograd/node.h>
#include <xgrad/autograd/retained_grad.h>
#include <xgrad/autograd/shape.h>

namespace torch { inline namespace xgrad {

namespace detail {

__thread bool grad_mode_enabled = true;

void refresh_view(TensorImpl& view);  // in_place.cpp

// The edge, current also when the base of a view was edited since.
const Edge& gradient_edge(const Tensor& t) {
  TensorImpl& impl = t.impl();
  if (impl.view_kind != ViewKind::None && impl.view_version.load(std::memory_order_acquire) != impl.storage->version()) refresh_view(impl);
  return impl.edge;
}

}  // namespace detail

void TensorImpl::set_storage(Storage other) {
  if (other.is_alias_of(storage)) return;
  if (home && storage.get() == home) storage.leak();
  storage = std::move(other);
  if (home && storage.get() == home) release(home);
}

void append(std::string& text, const Tensor& tensor) {
  if (!tensor.defined()) {
    text += "an undefined tensor";
    return;
  }
  text += toString(tensor.dtype());
  append(text, tensor.sizes());
}

void Tensor::refuse_undefined() { detail::raise<Error>("[tensor] expected a tensor, got an undefined one"); }

void Tensor::check_dtype(const char* what, ScalarType expected) const {
  XGRAD_CHECK_AS(TypeError, dtype() == expected, "[", what, "] expected scalar type ", expected, " but found ", dtype());
}

void Tensor::check_ndim(const char* what, size_t expected) const {
  XGRAD_CHECK(static_cast<size_t>(dim()) == expected, "[", what, "] TensorAccessor expected ", expected, " dims but tensor has ", dim());
}

int64_t Tensor::size(int64_t axis) const {
  XGRAD_CHECK_AS(IndexError, dim() > 0, "[size] Dimension specified as ", axis, " but tensor has no dimensions");
  return impl().sizes[static_cast<int>(wrap_axis("size", axis, dim()))];
}

int64_t Tensor::stride(int64_t axis) const {
  XGRAD_CHECK_AS(IndexError, dim() > 0, "[stride] Dimension specified as ", axis, " but tensor has no dimensions");
  return impl().strides[static_cast<int>(wrap_axis("stride", axis, dim()))];
}

std::string Tensor::toString() const {
  return defined() ? std::string("CPU") + xgrad::toString(dtype()) + "Type" : "UndefinedType";
}
void Tensor::print() const {
  if (defined()) std::cerr << "[" << toString() << " " << sizes() << "]" << std::endl;
  else std::cerr << "[UndefinedTensor]" << std::endl;
}

Scalar Tensor::item() const {
  XGRAD_CHECK(numel() == 1, "[item] a Tensor with ", numel(), " elements cannot be converted to Scalar, got shape ", sizes());
  return dispatch_all(dtype(), "item", [this](auto zero) { return Scalar(*reinterpret_cast<const decltype(zero)*>(impl().data)); });
}

bool Tensor::is_nonzero() const {
  XGRAD_CHECK(numel() != 0, "[is_nonzero] Boolean value of Tensor with no values is ambiguous");
  XGRAD_CHECK(numel() == 1, "[is_nonzero] Boolean value of Tensor with more than one value is ambiguous, got shape ", sizes());
  return item().toBool();
}

Tensor Tensor::cuda() const {
  check_device("cuda", Device(kCUDA));
  return *this;
}

// ---- gradients

IntrusivePtr<Node> Tensor::grad_fn_ptr() const {
  const Edge& edge = detail::gradient_edge(*this);
  return impl().leaf_edge ? IntrusivePtr<Node>() : edge.function;
}

uint32_t Tensor::output_nr() const { return detail::gradient_edge(*this).input_nr; }

bool Tensor::requires_grad() const {
  if (!defined()) return false;
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
  XGRAD_CHECK(t.leaf_edge, "[requires_grad_] you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
              "in a subgraph that doesn't require differentiation use detach()");
  static_cast<AccumulateGrad&>(*t.edge.function).forget_leaf(&t);
  t.edge = Edge();
  t.leaf_edge = t.requires_grad = false;
  return *this;
}

Tensor& Tensor::mutable_grad() const { return impl().grad(); }
const Tensor& Tensor::grad() const {
  static const Tensor none;
  return defined() ? impl().grad() : none;
}

void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph, std::optional<TensorList> inputs) const {
  autograd::backward(*this, gradient.defined() ? TensorList(gradient) : TensorList(), retain_graph, create_graph, inputs.value_or(TensorList()));
}

Tensor Tensor::detach() const { return detail::alias(*this); }

Tensor& Tensor::detach_() const {
  TensorImpl& t = impl();
  XGRAD_CHECK(t.view_kind == ViewKind::None, "[detach_] Can't detach views in-place. Use detach() instead");
  if (t.leaf_edge) set_requires_grad(false);
  t.edge = Edge();
  return const_cast<Tensor&>(*this);
}

void Tensor::set_data(const Tensor& other) const {
  TensorImpl& t = impl();
  XGRAD_CHECK(!t.edge.function || t.leaf_edge, "[set_data] expected a leaf, got a tensor made by ", t.edge.function->name());
  XGRAD_CHECK_AS(TypeError, !t.leaf_edge || isFloatingType(other.dtype()), "[set_data] a tensor that requires grad must stay floating, got ", other.dtype());
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

// ---- assignment to temporaries

Tensor& Tensor::operator=(const Tensor& value) && {
  copy_(value);
  return *this;
}
Tensor& Tensor::operator=(Tensor&& value) && {
  copy_(value);
  return *this;
}
Tensor& Tensor::operator=(const Scalar& value) && {
  fill_(value);
  return *this;
}

}}  // namespace torch::xgrad
