#include <xgrad/autograd/graph/in_place.h>

#include <mutex>
#include <vector>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/retained_grad.h>
#include <xgrad/autograd/graph/strided_geometry.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

// Note: in-place edits and the graph
//
// An in-place operation is computed out of place, graph and all, and then written into the memory of its tensor,
// which takes over the result's edge. Saved values of the old contents are caught by the storage's version.
//
// When the tensor is a view, its base changes too: the base's new value is the old one with the view's region
// replaced, recorded as CopySlices (gradient of the old base: the incoming one with the region zeroed; of the
// written value: the region). The view's edge, and on their next use those of all other views of the base, become
// AsStrided of the new base.

namespace torch { inline namespace xgrad {

namespace {

// Gives a tensor another place in the graph; a gradient it retains is retained there.
void move_to(TensorImpl& t, Edge edge) {
  if (t.leaf_edge) static_cast<AccumulateGrad&>(*t.edge.function).forget_leaf(&t);
  t.edge = std::move(edge);
  t.leaf_edge = false;
  t.requires_grad = false;
  if (t.retains_grad) retain_gradient(t);
}

// Notes that the edge of a view, which this thread alone is using, is that of its memory's version.
void set_current(TensorImpl& view) { view.view_version.store(view.storage->version(), std::memory_order_relaxed); }

// Makes `t` the next output of `node`.
void move_to_output(TensorImpl& t, Node* node) {
  const Tensor probe = detail::alias(Tensor(IntrusivePtr<TensorImpl>(&t)));
  Recording::attach(probe, node);
  move_to(t, probe.impl().edge);
}

// A view's edge as "this region of the base as it is now".
void attach_to_base(TensorImpl& view) {
  const Tensor base(view.base);
  if (!base.requires_grad()) {
    move_to(view, Edge());
    return;
  }
  const StridedGeometry whole = geometry_of(base), part{view.sizes, view.strides, view.offset()};
  auto gradient = [=](const Tensor& gy) { return as_strided_adjoint(gy, whole, part); };
  using N = detail::ClosureNode<With<>, decltype(gradient)>;
  auto node = IntrusivePtr<N>::adopt(new N(operation<"as_strided">));
  EnableGradGuard grad_mode;  // the edge may be asked for while nothing is recorded
  node->connect<0>(base, std::move(gradient));
  move_to_output(view, node.get());
}

}  // namespace

namespace detail {

// Reading a view is enough to call this, so several threads may.
void refresh_view(TensorImpl& view) {
  static std::mutex refreshing;
  std::lock_guard lock(refreshing);
  const uint32_t version = view.storage->version();
  if (view.view_version.load(std::memory_order_relaxed) == version) return;
  const bool keeps_its_own = view.leaf_edge || view.view_kind == ViewKind::NoGrad || view.view_kind == ViewKind::Function || !view.base;
  if (!keeps_its_own) attach_to_base(view);
  view.view_version.store(version, std::memory_order_release);  // others look at the edge once they see this
}

Tensor copy_in_place_of(const Tensor& t) {
  Tensor copy = copy_of(t, t.dtype());
  copy.impl().edge = gradient_edge(t);
  if (operation_mode < 0) trace(operation<"clone">, With<>(), {{&copy, true}, {&t, false}});
  return copy;
}

}  // namespace detail

void check_in_place(const char* operation, const Tensor& self, bool value_needs_grad) {
  const TensorImpl& impl = self.impl();
  if (GradMode::is_enabled()) {
    XGRAD_CHECK(!(self.requires_grad() && self.is_leaf()), "[", operation,
                "] a leaf Variable that requires grad is being used in an in-place operation");
    if (impl.view_kind != ViewKind::None) {
      const Tensor base(impl.base);
      const bool graph = value_needs_grad || self.requires_grad() || base.requires_grad();
      XGRAD_CHECK(!(graph && base.requires_grad() && base.is_leaf()), "[", operation,
                  "] a view of a leaf Variable that requires grad is being used in an in-place operation");
      XGRAD_CHECK(!(graph && impl.view_kind == ViewKind::MultiOutput), "[", operation,
                  "] a view is being modified inplace. This view is the output of a function that returns multiple views. Such "
                  "functions do not allow the output views to be modified inplace");
      XGRAD_CHECK(!(graph && impl.view_kind == ViewKind::NoGrad), "[", operation,
                  "] a view was created in no_grad mode and is being modified inplace with grad mode enabled");
      XGRAD_CHECK(!(graph && impl.view_kind == ViewKind::Function), "[", operation,
                  "] a view is being modified inplace. This view was created inside a custom Function (or because an input was returned as-is) "
                  "and the autograd logic to handle view+inplace would override the custom backward associated with the custom Function, "
                  "leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of the custom Function");
    }
  }
  XGRAD_CHECK(impl.contiguous || !may_overlap(impl.sizes, impl.strides), "[", operation,
              "] unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() "
              "the tensor before performing the operation, got shape ",
              impl.sizes, " with strides ", impl.strides);
}

bool may_write_directly(const char* operation, const Tensor& self, std::initializer_list<const Tensor*> others) {
  bool graph = false;
  for (const Tensor* t : others) graph = graph || t->requires_grad();
  check_in_place(operation, self, graph);
  if (detail::operation_mode <= 0) return detail::operation_mode == 0;  // who traces sees the value, and that it is copied
  graph = graph || self.requires_grad();
  if (self.impl().view_kind != ViewKind::None) graph = graph || Tensor(self.impl().base).requires_grad();
  return !graph;
}

// To those who trace, what is written to a tensor, or whose shape it takes, is copied.
static void trace_overwritten(const Tensor& self, const Tensor& value) {
  detail::trace(operation_recorded_as<"copy_", "torch::autograd::CopyBackwards">, With<>(), {{&self, true}, {&self, false}, {&value, false}});
}

Tensor& write_in_place(const char* operation, const Tensor& self, const Tensor& value) {
  TensorImpl& impl = self.impl();
  check_in_place(operation, self, value.requires_grad());
  XGRAD_CHECK(broadcasts_to(value.sizes(), self.sizes()), "[", operation, "] output with shape ", self.sizes(), " doesn't match the broadcast shape ",
              value.sizes());
  XGRAD_CHECK_AS(TypeError, can_cast(value.dtype(), self.dtype()), "[", operation, "] result type ", value.dtype(),
                 " can't be cast to the desired output type ", self.dtype());
  Tensor& result = const_cast<Tensor&>(self);
  if (__builtin_expect(detail::operation_mode < 0, 0)) {
    const int8_t mode = detail::operation_mode & detail::kRecords;
    {
      const detail::OperationMode untraced(mode);
      write_in_place(operation, self, value);
    }
    trace_overwritten(self, value);
    return result;
  }
  if (!GradMode::is_enabled()) {
    copy_elements(self, value);
    impl.storage->bump_version();
    return result;
  }
  // The value in self's shape and dtype, so that its edge fits.
  Tensor fitted = value;
  if (fitted.sizes() != self.sizes()) fitted = fitted.expand(self.sizes());
  if (fitted.dtype() != self.dtype()) fitted = fitted.to(self.dtype());

  copy_elements(self, fitted);
  impl.storage->bump_version();
  rebase_history(self, fitted);
  return result;
}

void rebase_history(const Tensor& self, const Tensor& value) {
  TensorImpl& impl = self.impl();
  if (impl.view_kind == ViewKind::None) {
    move_to(impl, detail::gradient_edge(value));
    return;
  }
  const Tensor base(impl.base);
  if (!value.requires_grad() && !base.requires_grad()) {
    set_current(impl);
    return;
  }
  const StridedGeometry whole = geometry_of(base), part = geometry_of(self);
  auto of_base = [=](const Tensor& gy) { return as_strided_zeroed(gy, whole, part); };
  auto of_value = [=](const Tensor& gy) { return as_strided_part(gy, whole, part); };
  using N = detail::ClosureNode<With<>, decltype(of_base), decltype(of_value)>;
  auto node = IntrusivePtr<N>::adopt(new N(operation_recorded_as<"copy_slices", "CopySlices">));
  node->connect<0>(base, std::move(of_base));
  node->connect<1>(value, std::move(of_value));
  move_to_output(base.impl(), node.get());
  attach_to_base(impl);
  set_current(impl);
}

Tensor& take_shape(const char* operation, const Tensor& self, const Tensor& view) {
  XGRAD_CHECK(!self.requires_grad() || (GradMode::is_enabled() && !self.is_leaf()), "[", operation,
              "] a leaf Variable that requires grad is being used in an in-place operation, or a tensor of a graph while grad mode is off");
  TensorImpl& t = self.impl();
  const TensorImpl& shown = view.impl();
  t.sizes = shown.sizes;
  t.strides = shown.strides;
  t.numel = shown.numel;
  t.data = shown.data;
  t.contiguous = shown.contiguous;
  if (view.requires_grad()) move_to(t, shown.edge);
  t.storage->bump_version();  // so that views of it follow from its new shape
  if (t.view_kind != ViewKind::None) set_current(t);
  if (detail::operation_mode < 0) trace_overwritten(self, view);
  return const_cast<Tensor&>(self);
}

Forward make_view(const Operation& operation, const Tensor& base, const Dims& sizes, const Dims& strides, int64_t offset, ViewKind kind) {
  Tensor view = tensor_on(base.storage(), base.dtype(), sizes, strides, offset);
  TensorImpl& impl = view.impl();
  const TensorImpl& from = base.impl();
  impl.base = from.view_kind == ViewKind::None ? base.impl_ptr() : from.base;
  const bool refused = from.view_kind > ViewKind::Single;
  impl.view_kind = !GradMode::is_enabled() ? ViewKind::NoGrad : refused ? from.view_kind : kind;
  set_current(impl);
  return Forward(operation, std::move(view));
}

}}  // namespace torch::xgrad
