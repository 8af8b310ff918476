#include <xgrad/autograd/graph/node.h>

#include <algorithm>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

Tensor Gradients::gy_or_zeros(int i) const {
  if (gy_[i].defined()) return gy_[i];
  const Node::Output& out = node_.output(static_cast<uint32_t>(i));
  return allocate_zeros(out.sizes, out.dtype);
}

Node::Node(Edge* edges, uint32_t num_outputs, uint64_t sequence) : num_outputs_(num_outputs), edges_(edges), sequence_(sequence) {
  memory::count_nodes(1);
}

Node::Node(Edge* edges, uint32_t num_outputs) : Node(edges, num_outputs, next_sequence()) {}

Node::~Node() {
  IntrusivePtr<NodeHooks>::adopt(hooks_.load(std::memory_order_relaxed));
  memory::count_nodes(-1);
}

void* Node::operator new(size_t bytes) { return memory::take_block(bytes); }
void Node::operator delete(void* block, size_t bytes) { memory::give_block(block, bytes); }

uint64_t Node::next_sequence() {
  static thread_local uint64_t next = 0;
  return next++;
}

uint32_t Node::add_further_output(const Dims& sizes, ScalarType dtype) {
  Output& output = further_.emplace_back().output;
  output.sizes = sizes;
  output.dtype = dtype;
  return num_inputs_++;
}

std::vector<Edge> Node::next_edges() const { return {edges_, edges_ + num_outputs_}; }
void Node::set_forward_note(std::string note) { forward_note_ = std::make_unique<std::string>(std::move(note)); }

NodeHooks& Node::hooks() {
  NodeHooks* present = hooks_.load(std::memory_order_acquire);
  if (present) return *present;
  auto made = IntrusivePtr<NodeHooks>::adopt(new NodeHooks);
  // Where another thread was faster, its hooks are the node's.
  return hooks_.compare_exchange_strong(present, made.get(), std::memory_order_acq_rel) ? *made.leak() : *present;
}

std::vector<Tensor> Node::operator()(std::vector<Tensor> gradients) {
  XGRAD_CHECK(gradients.size() == num_inputs_, "[", name(), "] expected ", num_inputs_, " gradients, got ", gradients.size());
  std::vector<Tensor> gx(num_outputs_);
  const auto needed = std::make_unique<bool[]>(num_outputs_ + 1);
  for (uint32_t i = 0; i < num_outputs_; ++i) needed[i] = static_cast<bool>(edges_[i]);
  Gradients g(*this, gradients.data(), gx.data(), needed.get());
  backward(g);
  return gx;
}

void retain(Node* node) { node->refs_.increment(); }

namespace {
// Nodes whose last reference went while another node was being destroyed on this thread: destroying them one after
// the other, instead of inside each other, keeps the stack flat.
__thread Node* dying = nullptr;
__thread bool draining = false;
}  // namespace

void release(Node* node) {
  if (!node->refs_.decrement()) return;
  node->next_dying_ = dying;
  dying = node;
  if (draining) return;
  draining = true;
  while (dying) {
    Node* next = dying;
    dying = next->next_dying_;
    delete next;
  }
  draining = false;
}

AccumulateGrad::AccumulateGrad(TensorImpl* leaf) : Node(nullptr, 0, kLeafSequence), leaf_(leaf) {
  add_output(leaf->sizes, leaf->dtype);
  set_saves(false);
}

Tensor AccumulateGrad::variable() {
  std::lock_guard lock(mutex_);
  return living_leaf();
}

Tensor AccumulateGrad::living_leaf() {
  // A leaf on its way down has no references left and may not be revived.
  TensorImpl* leaf = leaf_.load(std::memory_order_relaxed);
  return leaf && leaf->refs.increment_if_alive() ? Tensor(IntrusivePtr<TensorImpl>::adopt(leaf)) : Tensor();
}

void AccumulateGrad::forget_leaf(TensorImpl* leaf) {
  // Snapshots of the leaf share its node and are not it.
  if (leaf_.load(std::memory_order_relaxed) != leaf) return;
  std::lock_guard lock(mutex_);
  leaf_.store(nullptr, std::memory_order_relaxed);
}

namespace {

// True iff nobody but the sweep sees this gradient, so the leaf may take its memory over.
bool is_unshared(const Tensor& g) { return is_private(g) && !g.requires_grad(); }

// A gradient lies as its leaf does, if that fills its memory, else row-major.
bool lies_as_asked(const Tensor& g, const TensorImpl& leaf) {
  return leaf.contiguous || !fills_memory(leaf) ? g.is_contiguous() : g.impl().strides == leaf.strides;
}
Tensor copy_as_asked(const Tensor& g, const TensorImpl& leaf) {
  if (leaf.contiguous || !fills_memory(leaf)) return g.clone(MemoryFormat::Contiguous);
  const Tensor copy = allocate_with_strides(leaf.sizes, leaf.strides, g.dtype());
  copy_elements(copy, g);
  return record(Forward(operation<"clone">, copy), wrt(g, passed_on));
}

void add_to_gradient(const Tensor& grad, const Tensor& gy) {
  // A gradient that the user put there may be of any kind.
  if (grad.is_contiguous() && grad.dtype() == gy.dtype() && grad.sizes() == gy.sizes()) add_into(grad, gy);
  else grad.add_(gy);
}

}  // namespace

void AccumulateGrad::backward(Gradients& g) {
  Tensor leaf;  // outlives the lock, which a dying leaf takes
  std::lock_guard lock(mutex_);
  leaf = living_leaf();
  if (!leaf.defined()) return;
  detail::note_gradient_of(leaf.impl());
  Tensor& grad = leaf.mutable_grad();
  Tensor& gy = *const_cast<Tensor*>(&g.gy());
  if (gy.is_sparse() || grad.is_sparse()) {
    if (grad.defined()) add_to_sum(grad, gy, !GradMode::is_enabled());
    else grad = own_rows(gy);
  } else if (!grad.defined()) {
    const bool take_over = !GradMode::is_enabled() && is_unshared(gy) && lies_as_asked(gy, leaf.impl());
    grad = take_over ? std::move(gy) : copy_as_asked(gy, leaf.impl());
    if (!GradMode::is_enabled() && grad.requires_grad()) grad = grad.detach();
  } else if (GradMode::is_enabled()) {
    grad = grad + gy;
  } else {
    add_to_gradient(grad, gy);
  }
  if (has_hooks(NodeHooks::kAccumulated)) hooks_if_any()->call_accumulated(leaf);
}

bool AccumulateGrad::accumulate(const detail::Addition& addition) {
  Tensor leaf;  // outlives the lock, which a dying leaf takes
  std::lock_guard lock(mutex_);
  leaf = living_leaf();
  if (!leaf.defined()) return false;
  detail::note_gradient_of(leaf.impl());
  const std::shared_ptr<GradientReceiver> receiver = has_hooks(NodeHooks::kReceiver) ? hooks_if_any()->receiver() : nullptr;
  Tensor& grad = leaf.impl().grad();
  if (grad.is_sparse() || !(receiver ? receiver->prepare(grad) : grad.defined() && is_unshared(grad))) return false;
  if (!grad.is_contiguous() || grad.dtype() != leaf.dtype() || grad.sizes() != leaf.sizes()) return false;
  const int64_t rows = detail::rows_of(grad);
  int64_t done = 0;
  do {
    done = addition.add(addition.f, grad, done, receiver ? std::clamp(receiver->stretch_end(done), std::min(done + 1, rows), rows) : rows);
    grad.impl().storage->bump_version();
    if (receiver) receiver->complete(done);
  } while (done < rows);
  return true;
}

void AccumulateGrad::call_hooks() {
  Tensor leaf;  // outlives the lock, which a dying leaf takes
  std::lock_guard lock(mutex_);
  leaf = living_leaf();
  if (leaf.defined() && leaf.grad().defined() && has_hooks(NodeHooks::kAccumulated)) hooks_if_any()->call_accumulated(leaf);
}

}}  // namespace torch::xgrad
