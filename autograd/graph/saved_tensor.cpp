#include <xgrad/autograd/graph/saved_tensor.h>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

namespace detail {

Tensor alias(const Tensor& t) {
  const TensorImpl& from = t.impl();
  auto impl = IntrusivePtr<TensorImpl>::adopt(new (memory::take_block(sizeof(TensorImpl))) TensorImpl);
  memory::count_tensors(1);
  impl->dtype = from.dtype;
  impl->contiguous = from.contiguous;
  impl->numel = from.numel;
  impl->data = from.data;
  impl->storage = from.storage;
  impl->sizes = from.sizes;
  impl->strides = from.strides;
  return Tensor(std::move(impl));
}

}  // namespace detail

thread_local uint64_t SavedTensor::snapshots_ = 0;

Tensor SavedTensor::snapshot(const Tensor& t) {
  ++snapshots_;
  Tensor copy = detail::alias(t);
  TensorImpl& impl = copy.impl();
  impl.edge = detail::gradient_edge(t);
  impl.leaf_edge = t.impl().leaf_edge;
  impl.requires_grad = t.impl().requires_grad;
  return copy;
}

SavedTensor::SavedTensor(const Tensor& t) {
  // Without grad mode nothing is recorded that could read this.
  if (!t.defined() || !GradMode::is_enabled()) return;
  value_ = t;
  version_ = t.impl().storage->version();
  is_snapshot_ = false;
}

SavedTensor::SavedTensor(const SavedTensor& other) : value_(other.is_snapshot_ ? other.value_ : snapshot(other.value_)), version_(other.version_) {}

SavedTensor::SavedTensor(SavedTensor&& other) noexcept(false)
    : value_(other.is_snapshot_ ? std::move(other.value_) : snapshot(other.value_)), version_(other.version_) {}

const Tensor& SavedTensor::get() const {
  if (value_.defined() && value_.impl().storage->version() != version_) refuse_edited();
  return value_;
}

void SavedTensor::refuse_edited() const {
  const TensorImpl& t = value_.impl();
  std::string source;
  if (t.edge.function && !t.leaf_edge) source = ", which is output " + std::to_string(t.edge.input_nr) + " of " + t.edge.function->name() + ",";
  detail::raise<Error>("[backward] one of the variables needed for gradient computation has been modified by an inplace operation: [torch.", t.dtype,
                       "Tensor ", t.sizes, "]", source, " is at version ", t.storage->version(), "; expected version ", version_, " instead");
}

SavedOutput::SavedOutput(const Tensor& y) {
  saved_.value_ = detail::alias(y);
  saved_.version_ = y.storage()->version();
}

Tensor SavedOutput::get(Node& node, uint32_t output) const {
  const Tensor& held = saved_.value_;
  if (held.impl().storage->version() != saved_.version_) {
    const TensorImpl& t = held.impl();
    detail::raise<Error>("[backward] one of the variables needed for gradient computation has been modified by an inplace operation: [torch.",
                         t.dtype, "Tensor ", t.sizes, "], which is output ", output, " of ", node.name(), ", is at version ", t.storage->version(),
                         "; expected version ", saved_.version_, " instead");
  }
  if (!GradMode::is_enabled() || !isFloatingType(held.dtype())) return held;
  Tensor y = detail::alias(held);
  y.impl().edge.function = IntrusivePtr<Node>(&node);
  y.impl().edge.input_nr = output;
  return y;
}

}}  // namespace torch::xgrad
