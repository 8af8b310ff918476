#include <xgrad/autograd/sweep.h>

#include <algorithm>
#include <cstddef>
#include <memory>

#include <xgrad/autograd/anomaly.h>
#include <xgrad/autograd/operators.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/reduction.h>
#include <xgrad/autograd/ops/view.h>
#include <xgrad/autograd/pointwise.h>
#include <xgrad/autograd/shape.h>

namespace torch { inline namespace xgrad {

namespace {

// Room for n objects, on the stack for the few of a usual node.
template <class T, uint32_t kInline = 4>
class SmallArray {
 public:
  explicit SmallArray(uint32_t n) : size_(n), data_(n <= kInline ? reinterpret_cast<T*>(inline_) : new T[n]) {
    if (n <= kInline) std::uninitialized_value_construct_n(data_, n);
  }
  ~SmallArray() {
    if (size_ <= kInline) std::destroy_n(data_, size_);
    else delete[] data_;
  }
  SmallArray(const SmallArray&) = delete;
  SmallArray& operator=(const SmallArray&) = delete;
  T* get() { return data_; }
  T& operator[](size_t i) { return data_[i]; }

 private:
  uint32_t size_;
  T* data_;
  alignas(T) std::byte inline_[kInline * sizeof(T)];
};

bool lower_sequence(const Node* a, const Node* b) { return a->sequence_nr() < b->sequence_nr(); }

// True iff nobody else can see this sum, so it may be added to in place.
bool is_private_sum(const Tensor& sum) { return is_private(sum) && sum.is_contiguous(); }

Tensor sum_to(const Tensor& t, IntArrayRef sizes) {
  const int64_t lead = t.dim() - static_cast<int64_t>(sizes.size());
  Dims axes;
  for (int64_t i = 0; i < t.dim(); ++i)
    if (i < lead || (sizes[static_cast<size_t>(i - lead)] == 1 && t.sizes()[static_cast<size_t>(i)] != 1)) axes.push_back(i);
  const Tensor s = axes.empty() ? t : t.sum(IntArrayRef(axes), true);
  return lead > 0 ? s.view(sizes) : s;
}

void keep(TensorImpl& tensor, const Tensor& g) {
  const Tensor kept(tensor.grad);
  tensor.grad = (kept.defined() ? kept + g : g.clone(MemoryFormat::Contiguous)).impl_ptr();
}

// Hooks run in the order they were added. They may remove hooks; those they add wait for the next sweep.
void call_pre_hooks(NodeHooks& hooks, Tensor* gy) {
  const unsigned end = hooks.next_id;
  unsigned next = 0;
  while (true) {
    const auto it = std::find_if(hooks.pre.begin(), hooks.pre.end(), [next](const NodeHooks::Pre& h) { return h.id >= next; });
    if (it == hooks.pre.end() || it->id >= end) return;
    const NodeHooks::Pre hook = *it;
    next = hook.id + 1;
    Tensor& g = gy[hook.output];
    if (!g.defined()) continue;
    if (hook.retained_by) {
      keep(*hook.retained_by, g);
      continue;
    }
    if (!is_private(g)) g = g.clone();
    Tensor replaced = hook.call(g);
    if (!replaced.defined()) continue;
    XGRAD_CHECK(replaced.sizes() == g.sizes(), "[register_hook] hook has changed the size of value, got ", replaced.sizes(), " for ", g.sizes());
    g = std::move(replaced);
  }
}

void call_post_hooks(NodeHooks& hooks, uint32_t num_inputs, Tensor* gx, uint32_t num_outputs, const Tensor* gy) {
  std::vector<Tensor> ins(gx, gx + num_inputs);
  const std::vector<Tensor> outs(gy, gy + num_outputs);
  for (size_t k = 0; k < hooks.post.size(); ++k) {
    const auto call = hooks.post[k].call;
    ins = call(ins, outs);
    XGRAD_CHECK(ins.size() == num_inputs, "[post_hook] expected ", num_inputs, " gradients, got ", ins.size());
  }
  std::move(ins.begin(), ins.end(), gx);
}

}  // namespace

Sweep::~Sweep() {
  for (Node* node : visited_) {
    node->gradient_.reset();
    node->more_gradients_.clear();
    node->claimed_by_.store(nullptr, std::memory_order_release);
  }
}

void Sweep::add_root(const Edge& edge, Tensor gradient) { roots_.push_back({edge, std::move(gradient)}); }
void Sweep::capture(const Edge& edge, Tensor* result) {
  captures_.push_back({edge, result});
  requested_.push_back(edge.node.get());
}

void Sweep::request(const IntrusivePtr<Node>& node) {
  targets_.push_back(node);
  requested_.push_back(node.get());
}

bool Sweep::visit(Node* node) {
  if (!side_.empty() && side_.count(node)) return false;
  Sweep* claimant = nullptr;
  if (node->claimed_by_.compare_exchange_strong(claimant, this, std::memory_order_acquire)) {
    visited_.push_back(node);
    node->dependencies_ = 0;
    node->cursor_ = 0;
    node->needed_ = false;
    return true;
  }
  if (claimant == this) return false;
  side_.emplace(node, State());
  return true;
}

Tensor& Sweep::gradient(Node* node, uint32_t output) {
  std::vector<Tensor>* rest;
  if (owns(node)) {
    if (output == 0) return node->gradient_;
    rest = &node->more_gradients_;
    --output;
  } else {
    rest = &side(node).gradients;
  }
  if (rest->size() <= output) rest->resize(output + 1);
  return (*rest)[output];
}

void Sweep::mark_needed(Node* node) {
  bool any = is_requested(node) && std::any_of(targets_.begin(), targets_.end(), [node](const IntrusivePtr<Node>& t) { return t.get() == node; });
  for (uint32_t i = 0; i < node->num_inputs() && !any; ++i) {
    Node* input = node->next_edge(i).node.get();
    any = input && (needed(input) || is_requested(input));
  }
  needed(node) = any;
}

void Sweep::discover() {
  List<Node*> path;
  for (const Root& root : roots_) {
    if (!visit(root.edge.node.get())) continue;
    path.push_back(root.edge.node.get());
    while (!path.empty()) {
      Node* node = path.back();
      uint32_t& next = cursor(node);
      if (next < node->num_inputs()) {
        Node* input = node->next_edge(next++).node.get();
        if (!input) continue;
        if (visit(input)) path.push_back(input);
        ++dependencies(input);
        continue;
      }
      path.pop_back();
      if (is_restricted()) mark_needed(node);
    }
  }
}

void Sweep::add_ready(Node* node) {
  ready_.push_back(node);
  std::push_heap(ready_.begin(), ready_.end(), lower_sequence);
}

void Sweep::run() {
  std::sort(requested_.begin(), requested_.end());
  discover();
  AutoGradMode mode(create_graph_);
  for (Root& root : roots_) deliver(root.edge.node.get(), root.edge.output, std::move(root.gradient));
  for (const Root& root : roots_) {
    Node* node = root.edge.node.get();
    if (dependencies(node) == 0 && std::find(ready_.begin(), ready_.end(), node) == ready_.end()) add_ready(node);
  }
  while (!ready_.empty()) {
    std::pop_heap(ready_.begin(), ready_.end(), lower_sequence);
    Node* node = ready_.back();
    ready_.pop_back();
    run_node(node);
  }
}

void Sweep::deliver(Node* node, uint32_t output, Tensor&& g) {
  Tensor& sum = gradient(node, output);
  if (!sum.defined()) sum = std::move(g);
  else if (!GradMode::is_enabled() && is_private_sum(sum)) add_into(sum, g);
  else sum = sum + g;
}

void Sweep::fit(const Node& from, uint32_t input, Node* to, uint32_t output, Tensor& g) const {
  const Node::Output& expected = to->output(output);
  if (g.impl().sizes != expected.sizes) {
    XGRAD_CHECK(broadcasts_to(expected.sizes, g.sizes()), "[backward] Function ", from.name(), " returned an invalid gradient at index ",
                input, " - got ", g.sizes(), " but expected shape compatible with ", expected.sizes);
    g = sum_to(g, expected.sizes);
  }
  if (g.dtype() != expected.dtype) g = g.to(expected.dtype);
}

void Sweep::run_node(Node* node) {
  const uint32_t num_outputs = node->num_outputs();
  SmallArray<Tensor> gy(num_outputs);
  for (uint32_t i = 0; i < num_outputs; ++i) gy[i] = std::move(gradient(node, i));
  if (is_requested(node))
    for (const Capture& c : captures_)
      if (c.edge.node.get() == node) *c.result = gy[c.edge.output];
  if (is_restricted() && !needed(node)) return;

  if (NodeHooks* hooks = node->hooks_if_any()) call_pre_hooks(*hooks, gy.get());
  SmallArray<Tensor> gx(node->num_inputs());
  if (std::any_of(gy.get(), gy.get() + num_outputs, [](const Tensor& g) { return g.defined(); })) differentiate(node, gy.get(), gx.get());
  pass_on(node, gx.get());
}

void Sweep::differentiate(Node* node, Tensor* gy, Tensor* gx) {
  const uint32_t num_outputs = node->num_outputs(), num_inputs = node->num_inputs();
  SmallArray<bool> wanted(num_inputs);
  for (uint32_t i = 0; i < num_inputs; ++i) wanted[i] = is_wanted(node->next_edge(i).node.get());
  Gradients g(*node, gy, gx, wanted.get(), this);
  const bool anomaly = AnomalyMode::is_enabled();
  try {
    node->backward(g);
  } catch (const Error& e) {
    if (!anomaly) throw;
    detail::raise<Error>(e.what(), detail::describe_forward(*node));
  }
  if (anomaly) detail::check_anomaly(*node, gx, num_inputs);
  if (!keep_graph_) node->release_saved();
  if (NodeHooks* hooks = node->hooks_if_any(); hooks && !hooks->post.empty()) call_post_hooks(*hooks, num_inputs, gx, num_outputs, gy);
  for (uint32_t i = 0; i < num_outputs; ++i) gy[i].reset();
}

void Sweep::pass_on(Node* node, Tensor* gx) {
  for (uint32_t i = 0; i < node->num_inputs(); ++i) {
    const Edge& edge = node->next_edge(i);
    Node* input = edge.node.get();
    if (!input) continue;
    if (gx[i].defined() && is_wanted(input)) {
      fit(*node, i, input, edge.output, gx[i]);
      deliver(input, edge.output, std::move(gx[i]));
    }
    if (--dependencies(input) == 0) add_ready(input);
  }
}

bool Sweep::may_write(const Node& node) {
  const NodeHooks* hooks = node.hooks_if_any();
  return !GradMode::is_enabled() && !AnomalyMode::is_enabled() && (!hooks || hooks->post.empty());
}

bool Sweep::accumulate(Node* from, uint32_t i, void (*add)(const void*, const Tensor&), const void* f) {
  if (!may_write(*from)) return false;
  const Edge& edge = from->next_edge(i);
  Node* input = edge.node.get();
  const Node::Output& expected = input->output(edge.output);
  const Tensor& sum = gradient(input, edge.output);
  if (sum.defined()) {
    if (!is_private_sum(sum) || sum.impl().sizes != expected.sizes || sum.dtype() != expected.dtype) return false;
    add(f, sum);
    sum.impl().storage->bump_version();
    return true;
  }
  // The last gradient on its way to a leaf may go straight to grad(), unless somebody wants to see it before.
  const bool last = input->is_leaf() && dependencies(input) == 1;
  if (!last || input->hooks_if_any() || !captures_.empty()) return false;
  return static_cast<AccumulateGrad*>(input)->accumulate(add, f);
}

}}  // namespace torch::xgrad
