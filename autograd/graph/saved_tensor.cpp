#include <xgrad/autograd/graph/saved_tensor.h>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

Tensor detail::alias(const Tensor& t) {
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

__thread uint64_t SavedTensor::moves_ = 0;

inline Tensor SavedTensor::snapshot(const Tensor& t) {
  Tensor copy = detail::alias(t);
  TensorImpl& impl = copy.impl();
  impl.edge = detail::gradient_edge(t);
  impl.leaf_edge = t.impl().leaf_edge;
  impl.requires_grad = t.impl().requires_grad;
  return copy;
}

SavedTensor::SavedTensor(const Tensor& t) : SavedTensor() {
  // Without grad mode nothing is recorded that could read this.
  if (!t.defined() || !GradMode::is_enabled()) return;
  version_ = t.impl().storage->version();  // may throw
  referred_ = &t;
  is_snapshot_ = false;
}

SavedTensor::SavedTensor(const SavedTensor& other)
    : value_(other.is_snapshot_ ? other.value_ : snapshot(*other.referred_)), version_(other.version_) {
  moves_ += value_.defined();
}

inline Tensor SavedTensor::take() { return is_snapshot_ ? std::move(value_) : snapshot(*referred_); }

SavedTensor::SavedTensor(SavedTensor&& other) noexcept(false) : value_(other.take()), version_(other.version_) { moves_ += value_.defined(); }

SavedTensor& SavedTensor::operator=(SavedTensor other) {
  Tensor value = other.take();
  if (is_snapshot_) value_ = std::move(value);
  else new (&value_) Tensor(std::move(value));
  version_ = other.version_;
  is_snapshot_ = true;
  return *this;
}

const Tensor& SavedTensor::get() const {
  const Tensor& t = value();
  if (t.defined() && t.impl().storage->version() != version_) {
    refuse_edited(t.impl().leaf_edge ? nullptr : t.impl().edge.function.get(), t.impl().edge.input_nr);
  }
  return t;
}

void SavedTensor::refuse_edited(const Node* producer, uint32_t output) const {
  const TensorImpl& t = value().impl();
  std::string source;
  if (producer) source = ", which is output " + std::to_string(output) + " of " + producer->name() + ",";
  detail::raise<Error>("[backward] one of the variables needed for gradient computation has been modified by an inplace operation: [torch.", t.dtype,
                       "Tensor ", t.sizes, "]", source, " is at version ", t.storage->version(), "; expected version ", version_, " instead");
}

SavedOutput::SavedOutput(const Tensor& y) {
  saved_.value_ = detail::alias(y);
  saved_.version_ = y.storage()->version();
}

Tensor SavedOutput::get(Node& node, uint32_t output) const {
  const Tensor& held = saved_.value_;
  if (held.impl().storage->version() != saved_.version_) saved_.refuse_edited(&node, output);
  if (!GradMode::is_enabled() || !isFloatingType(held.dtype())) return held;
  Tensor y = detail::alias(held);
  y.impl().edge.function = IntrusivePtr<Node>(&node);
  y.impl().edge.input_nr = output;
  return y;
}

}}  // namespace torch::xgrad
