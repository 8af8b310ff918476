#include <xgrad/autograd/engine/sweep.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/engine/anomaly_check.h>
#include <xgrad/autograd/engine/running_node.h>
#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/reduction/sum_to.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

namespace {

// Room for n objects, on the stack for the few of a usual node. kFew: there are no more than those.
template <class T, bool kFew> class Places {
 public:
  static constexpr uint32_t kInline = 4;

  explicit Places(uint32_t n) : size_(n), data_(kFew || n <= kInline ? reinterpret_cast<T*>(inline_) : new T[n]()) {
    if (is_inline()) std::uninitialized_value_construct_n(data_, kInline);  // all: no loop
  }
  ~Places() {
    if (is_inline()) std::destroy_n(data_, size_);
    else delete[] data_;
  }
  Places(const Places&) = delete;
  Places& operator=(const Places&) = delete;
  T* get() { return data_; }
  T& operator[](size_t i) { return data_[i]; }

 private:
  bool is_inline() const { return kFew || size_ <= kInline; }
  uint32_t size_;
  T* data_;
  alignas(T) std::byte inline_[kInline * sizeof(T)];
};

__thread Sweep* innermost = nullptr;

bool lower_sequence(const Node* a, const Node* b) { return a->sequence_nr() < b->sequence_nr(); }

// Orders what a sweep knows by node.
constexpr struct {
  static const Node* node_of(const Node* node) { return node; }
  static const Node* node_of(const IntrusivePtr<Node>& node) { return node.get(); }
  static const Node* node_of(const auto& capture) requires requires { capture.edge; }
  { return capture.edge.function.get(); }
  bool operator()(const auto& a, const auto& b) const { return std::less<>()(node_of(a), node_of(b)); }
} by_node;

constexpr uint32_t kStarted = UINT32_MAX;  // cursor of a root that is in the queue

// True iff nobody else can see this sum, so it may be added to in place.
bool is_private_sum(const Tensor& sum) { return is_private(sum.impl()) && (sum.is_contiguous() || fills_memory(sum.impl())); }

}  // namespace

Sweep::Sweep(bool keep_graph, bool create_graph) : keep_graph_(keep_graph), create_graph_(create_graph), outer_(std::exchange(innermost, this)) {}

Sweep::~Sweep() {
  give_up_claims();
  innermost = outer_;
}

void Sweep::give_up_claims() {
  for (Node* node : visited_) {
    node->gradient_.reset();
    for (Node::Further& output : node->further_) output.gradient.reset();
    node->plan_.store(0, std::memory_order_relaxed);
    node->claimed_by_.store(nullptr, std::memory_order_release);
  }
  visited_.clear();
  for (const auto& [node, state] : side_)
    if (state.reads) node->readers_.fetch_sub(1);
  side_.clear();
}

bool Sweep::is_outer(const Sweep* sweep) const {
  const Sweep* s = outer_;
  while (s && s != sweep) s = s->outer_;
  return s != nullptr;
}

void Sweep::add_root(const Edge& edge, Tensor gradient) { roots_.push_back({edge, std::move(gradient)}); }
void Sweep::capture(const Edge& edge, Tensor* result) {
  captures_.push_back({edge, result});
  requested_.push_back(edge.function.get());
}

void Sweep::request(const IntrusivePtr<Node>& node) {
  targets_.push_back(node);
  requested_.push_back(node.get());
}

inline bool Sweep::visit(Node* node, uint32_t consumers) {
  if (owns(node)) {
    node->dependencies_ += consumers;
    return false;
  }
  if (const auto known = side_.empty() ? side_.end() : side_.find(node); known != side_.end()) {
    known->second.dependencies += consumers;
    return false;
  }
  if (!claim(node)) {
    side(node).dependencies = consumers;
    return true;
  }
  node->dependencies_ = consumers;
  node->cursor_ = 0;
  if (!is_restricted()) plan(node, true);
  return true;
}

Tensor& Sweep::further_gradient(Node* node, uint32_t output) {
  if (owns(node)) return node->further_[output - 1].gradient;
  std::vector<Tensor>& all = side(node).gradients;
  if (all.size() <= output) all.resize(output + 1);
  return all[output];
}

void Sweep::mark_needed(Node* node) {
  bool any = is_requested(node) && std::binary_search(targets_.begin(), targets_.end(), node, by_node);
  for (uint32_t i = 0; i < node->num_outputs() && !any; ++i) {
    Node* input = node->next_edge(i).function.get();
    any = input && (needed(input) || is_requested(input));
  }
  if (owns(node)) plan(node, any);
  else side(node).needed = any;
}

void Sweep::discover() {
  List<Node*> path;
  for (const Root& root : roots_) {
    if (!visit(root.edge.function.get(), 0)) continue;
    path.push_back(root.edge.function.get());
    while (!path.empty()) {
      Node* node = path.back();
      Node* unseen = nullptr;
      uint32_t& next = cursor(node);
      while (!unseen && next < node->num_outputs()) {
        Node* input = node->next_edge(next++).function.get();
        if (input && visit(input, 1)) unseen = input;
      }
      if (unseen) {
        path.push_back(unseen);
        continue;
      }
      path.pop_back();
      if (is_restricted()) mark_needed(node);
    }
  }
}

inline void Sweep::add_ready(Node* node) {
  if (!next_) {
    next_ = node;
    return;
  }
  if (lower_sequence(next_, node)) std::swap(next_, node);
  ready_.push_back(node);
  std::push_heap(ready_.begin(), ready_.end(), lower_sequence);
}

inline Node* Sweep::take_ready() {
  Node* const node = next_;
  next_ = nullptr;
  if (ready_.empty()) return node;
  std::pop_heap(ready_.begin(), ready_.end(), lower_sequence);
  next_ = ready_.back();
  ready_.pop_back();
  return node;
}

bool Sweep::call_at_end(std::function<void()>& callback) {
  if (!innermost) return false;
  Sweep* outermost = innermost;
  while (outermost->outer_) outermost = outermost->outer_;
  outermost->at_end_.push_back(std::move(callback));
  return true;
}

inline void Sweep::deliver(Node* node, uint32_t output, Tensor&& g) {
  Tensor& sum = gradient(node, output);
  if (!sum.defined()) sum = std::move(g);
  else add_up(sum, g);
}

void Sweep::add_up(Tensor& sum, const Tensor& g) const {
  if (sum.is_sparse() || g.is_sparse()) add_to_sum(sum, g, false);
  else if (!GradMode::is_enabled() && is_private_sum(sum)) add_into(sum, g);
  else sum = sum + g;
}

inline void Sweep::fit(const Node& from, uint32_t input, Node* to, uint32_t output, Tensor& g) const {
  const Node::Output& expected = to->output(output);
  if (g.is_sparse() || g.impl().sizes != expected.sizes || g.impl().dtype != expected.dtype) make_fit(from, input, expected, g);
}

void Sweep::make_fit(const Node& from, uint32_t input, const Node::Output& expected, Tensor& g) const {
  if (g.sizes() != expected.sizes) {
    XGRAD_CHECK(broadcasts_to(expected.sizes, g.sizes()), "[backward] Function ", from.name(), " returned an invalid gradient at index ", input,
                " - got ", g.sizes(), " but expected shape compatible with ", expected.sizes);
    g = sum_to(g, expected.sizes);
  }
  if (g.dtype() != expected.dtype) g = g.to(expected.dtype);
}

template <bool kUsual> [[gnu::always_inline]] inline void Sweep::differentiate(Node* node, Tensor* gy, Tensor* gx) {
  const uint32_t num_inputs = kUsual ? 1 : node->num_inputs(), num_outputs = node->num_outputs();
  Places<bool, kUsual> wanted(num_outputs);
  for (uint32_t i = 0; i < num_outputs; ++i) wanted[i] = is_wanted<kUsual>(node->next_edge(i).function.get());
  const bool anomaly = AnomalyMode::is_enabled();
  const bool may_write = detail::operation_mode == 0 && !anomaly && !node->has_hooks(NodeHooks::kAfter);
  Gradients g(*node, gy, gx, wanted.get(), this, may_write);
  try {
    node->backward(g);
  } catch (const Error& e) {
    if (!anomaly) throw;
    detail::raise<Error>(e.what(), detail::describe_forward(*node));
  }
  if (anomaly) detail::check_anomaly(*node, gx, num_outputs);
  if (node->saves_ && may_release(node)) node->release_saved();
  if (node->has_hooks(NodeHooks::kAfter)) node->hooks_if_any()->call_post(num_outputs, gx, num_inputs, gy);
  for (uint32_t i = 0; i < num_inputs; ++i) gy[i].reset();
}

template <bool kUsual> [[gnu::always_inline]] inline void Sweep::pass_on(Node* node, Tensor* gx) {
  for (uint32_t i = 0; i < node->num_outputs(); ++i) {
    const Edge& edge = node->next_edge(i);
    Node* input = edge.function.get();
    if (!input) continue;
    if (gx[i].defined() && is_wanted<kUsual>(input)) {
      fit(*node, i, input, edge.input_nr, gx[i]);
      deliver(input, edge.input_nr, std::move(gx[i]));
    }
    if (--dependencies(input) == 0) add_ready(input);
  }
}

// Most nodes of most sweeps: see kUsual.
inline bool Sweep::is_usual(const Node* node) const {
  return !is_restricted() && owns(node) && node->num_inputs() == 1 && node->num_outputs() <= Places<Tensor, true>::kInline;
}

template <bool kUsual> inline void Sweep::run_node(Node* node) {
  running_ = node;
  const uint32_t num_inputs = kUsual ? 1 : node->num_inputs();
  Places<Tensor, kUsual> gy(num_inputs);
  bool any = false;
  for (uint32_t i = 0; i < num_inputs; ++i) {
    gy[i] = std::move(kUsual ? node->gradient_ : gradient(node, i));
    any = any || gy[i].defined();
  }
  if (!kUsual && is_restricted()) {
    const auto [first, last] = std::equal_range(captures_.begin(), captures_.end(), node, by_node);
    for (auto c = first; c != last; ++c) *c->result = gy[c->edge.input_nr];
    if (!needed(node)) return;
  }

  if (node->has_hooks(NodeHooks::kBefore)) node->hooks_if_any()->call_pre(gy.get());
  Places<Tensor, kUsual> gx(node->num_outputs());
  if (any) differentiate<kUsual>(node, gy.get(), gx.get());
  else if (node->is_leaf() && node->has_hooks(NodeHooks::kAccumulated) && is_given(node)) static_cast<AccumulateGrad*>(node)->call_hooks();
  pass_on<kUsual>(node, gx.get());
}

void Sweep::run() {
  std::sort(requested_.begin(), requested_.end());
  std::sort(targets_.begin(), targets_.end(), by_node);
  std::sort(captures_.begin(), captures_.end(), by_node);
  discover();
  if (!side_.empty()) meet_others();
  AutoGradMode mode(create_graph_);
  for (Root& root : roots_) deliver(root.edge.function.get(), root.edge.input_nr, std::move(root.gradient));
  for (const Root& root : roots_) {
    Node* node = root.edge.function.get();
    if (dependencies(node) != 0 || cursor(node) == kStarted) continue;  // a tensor may be given twice
    cursor(node) = kStarted;
    add_ready(node);
  }
  while (next_) {
    Node* const node = take_ready();
    if (is_usual(node)) run_node<true>(node);
    else run_node<false>(node);
  }
  for (size_t i = 0; i < at_end_.size(); ++i) at_end_[i]();  // one may add another
}

void Sweep::note_given(Node* leaf) {
  if (owns(leaf)) leaf->plan_.store(leaf->plan_.load(std::memory_order_relaxed) | kGiven, std::memory_order_relaxed);
  else side(leaf).given = true;
}

bool Sweep::accumulate(Node* from, uint32_t i, const detail::Addition& addition) {
  const Edge& edge = from->next_edge(i);
  Node* input = edge.function.get();
  const Node::Output& expected = input->output(edge.input_nr);
  const Tensor& sum = gradient(input, edge.input_nr);
  const auto fits = [&] { return !addition.sizes || *addition.sizes == expected.sizes; };
  if (sum.defined()) {
    if (sum.is_sparse() || !is_private(sum.impl()) || !sum.impl().contiguous || !fits()) return false;  // what came before has been made to fit
    addition.add(addition.f, sum, 0, detail::rows_of(sum));
    sum.impl().storage->bump_version();
    return true;
  }
  // The last gradient on its way to a leaf may go straight to grad(), unless somebody wants to see it by itself.
  const bool last = input->is_leaf() && dependencies(input) == 1;
  if (!last || !fits() || input->has_hooks(NodeHooks::kBefore | NodeHooks::kAfter) || !captures_.empty()) return false;
  if (!static_cast<AccumulateGrad*>(input)->accumulate(addition)) return false;
  if (input->has_hooks(NodeHooks::kAccumulated)) note_given(input);
  return true;
}

const Node* running_node() { return innermost ? innermost->running() : nullptr; }

bool Gradients::accumulate(int i, const detail::Addition& addition) const {
  return may_write_ && sweep_->accumulate(&node_, static_cast<uint32_t>(i), addition);
}

// Where a sweep may release, no other becomes a reader: see the note on sweeps that meet.
bool Gradients::releases_saved() const { return may_write_ && sweep_->may_release(&node_); }

}}  // namespace torch::xgrad
