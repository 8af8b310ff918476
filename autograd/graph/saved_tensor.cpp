#include <xgrad/autograd/graph/saved_tensor.h>

#include <mutex>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

namespace {

// Inline here, where a snapshot is made of every saved tensor.
[[gnu::always_inline]] inline Tensor alias_of(const TensorImpl& from) {
  auto impl = IntrusivePtr<TensorImpl>::adopt(new (memory::take_block(sizeof(TensorImpl))) TensorImpl(from, TensorImpl::OnlyMemory()));
  memory::count_tensors(1);
  return Tensor(std::move(impl));
}

}  // namespace

Tensor detail::alias(const Tensor& t) { return alias_of(t.impl()); }

__thread SavedTensor::Keeping SavedTensor::keeping_;

SavedTensor::SavedTensor(const Tensor& t) : SavedTensor() {
  // Without grad mode nothing is recorded that could read this.
  if (!t.defined() || !GradMode::is_enabled()) return;
  version_ = t.impl().storage->version();  // may throw
  referred_ = &t;
  is_snapshot_ = false;
}

inline void SavedTensor::take_snapshot(const Tensor& t) {
  value_ = alias_of(t.impl());
  const Edge& edge = detail::gradient_edge(t);
  if (!edge) return;
  for (uint32_t i = 0; i < keeping_.num_edges; ++i)
    if (keeping_.edges[i] == edge) return edge_of_node_.store(&keeping_.edges[i], std::memory_order_relaxed);
  TensorImpl& impl = value_.impl();
  impl.edge = edge;
  impl.leaf_edge = t.impl().leaf_edge;
  impl.requires_grad = t.impl().requires_grad;
}

template <class Other> inline void SavedTensor::take(Other&& other) {
  version_ = other.version_;
  if (__builtin_expect(!other.is_snapshot_, 1)) {
    take_snapshot(*other.referred_);
  } else {
    other.enter_graph();  // it may be on its way out of its node
    value_ = std::forward<Other>(other).value_;
  }
  keeping_.moves += value_.defined();
}

SavedTensor::SavedTensor(const SavedTensor& other) : SavedTensor() { take(other); }
SavedTensor::SavedTensor(SavedTensor&& other) noexcept(false) : SavedTensor() { take(std::move(other)); }

SavedTensor& SavedTensor::operator=(SavedTensor other) {
  if (!is_snapshot_) new (&value_) Tensor;
  is_snapshot_ = true;
  edge_of_node_.store(nullptr, std::memory_order_relaxed);
  take(std::move(other));
  return *this;
}

const Tensor& SavedTensor::get() const {
  const Tensor& t = value();
  if (t.defined() && t.impl().storage->version() != version_) {
    const Edge& made_by = edge();
    refuse_edited(made_by && !made_by.function->is_leaf() ? made_by.function.get() : nullptr, made_by.input_nr);
  }
  if (detail::operation_mode != 0) enter_graph();
  return t;
}

const Edge& SavedTensor::edge() const {
  const Edge* const of_node = edge_of_node_.load(std::memory_order_acquire);
  return of_node ? *of_node : value().impl().edge;
}

void SavedTensor::enter_graph() const {
  if (!edge_of_node_.load(std::memory_order_acquire)) return;
  static std::mutex mutex;  // sweeps of several threads may read one node's
  std::lock_guard lock(mutex);
  const Edge* const edge = edge_of_node_.load(std::memory_order_relaxed);
  if (!edge) return;
  TensorImpl& impl = value_.impl();
  impl.leaf_edge = impl.requires_grad = edge->function->is_leaf();
  impl.edge = *edge;
  edge_of_node_.store(nullptr, std::memory_order_release);
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
