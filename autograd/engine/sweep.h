// One pass over a graph in reverse topological order.
#pragma once

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad {

/// Counts each node's consumers, then runs every node once all of them have run, later operations first.
///
/// The counts and the gradients summed so far live in the nodes. A node that another sweep has claimed (one on another
/// thread, or the one that called the hook this sweep runs in) gets its state in a side table instead, so sweeps over
/// shared parts of a graph never see each other's sums. What happens to the values that such nodes saved: sweep_meetings.cpp.
class Sweep {
 public:
  Sweep(bool keep_graph, bool create_graph);
  /// Leaves every visited node as if the sweep had not been, also after an exception.
  ~Sweep();
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  void add_root(const Edge& edge, Tensor gradient);
  /// From now on only what lies between the roots and requested nodes runs. `result` gets the gradient that arrives at
  /// `edge`, before its hooks; the node there doesn't run for the request's sake.
  void capture(const Edge& edge, Tensor* result);
  /// The same, but `node` runs, hooks included: for nodes that put a gradient somewhere.
  void request(const IntrusivePtr<Node>& node);
  void run();
  /// Has the outermost sweep on this thread call `callback` when it is done; false if there is none.
  static bool call_at_end(std::function<void()>& callback);
  /// True iff what `node`, which is running, saved is released after it.
  bool may_release(Node* node) { return owns(node) ? !keep_graph_ : side(node).releases; }
  /// Gradients::accumulate() for input `i` of `from`, which is running and may write.
  bool accumulate(Node* from, uint32_t i, const detail::Addition& addition);
  const Node* running() const { return running_; }

 private:
  struct State {
    uint32_t dependencies = 0;
    uint32_t cursor = 0;
    bool needed = false;
    bool reads = false;     // counted among the node's readers
    bool releases = false;  // no other sweep can be using what the node saved
    bool given = false;     // accumulate() went straight to the grad() of this leaf
    std::vector<Tensor> gradients;
  };
  struct Root {
    Edge edge;
    Tensor gradient;
  };
  struct Capture {
    Edge edge;
    Tensor* result;
  };

  /// What a sweep does at a node it has claimed, in Node::plan_.
  enum Plan : uint8_t { kDecided = 1, kRuns = 2, kReleases = 4, kGiven = 8 };

  /// Counts `consumers` that have come upon the node. True iff they are the first.
  bool visit(Node* node, uint32_t consumers);
  bool claim(Node* node);
  void give_up_claims();
  void plan(Node* node, bool runs) {
    const int releases = keep_graph_ ? 0 : kReleases;
    node->plan_.store(static_cast<uint8_t>(kDecided | (runs ? kRuns | releases : 0)), std::memory_order_release);
  }
  void meet_others();
  bool take_over(Node* node, const State& state);
  bool may_read(Node* node, State& state);
  bool is_outer(const Sweep* sweep) const;
  bool owns(const Node* node) const { return node->claimed_by_.load(std::memory_order_relaxed) == this; }
  State& side(Node* node) { return side_[node]; }
  uint32_t& dependencies(Node* node) { return owns(node) ? node->dependencies_ : side(node).dependencies; }
  uint32_t& cursor(Node* node) { return owns(node) ? node->cursor_ : side(node).cursor; }
  bool needed(Node* node) { return owns(node) ? node->plan_.load(std::memory_order_relaxed) & kRuns : side(node).needed; }
  Tensor& gradient(Node* node, uint32_t output) {
    return __builtin_expect(output == 0 && owns(node), 1) ? node->gradient_ : further_gradient(node, output);
  }
  Tensor& further_gradient(Node* node, uint32_t output);
  void note_given(Node* leaf);
  bool is_given(Node* leaf) { return owns(leaf) ? leaf->plan_.load(std::memory_order_relaxed) & kGiven : side(leaf).given; }

  void discover();
  bool is_restricted() const { return !requested_.empty(); }
  bool is_requested(const Node* node) const { return std::binary_search(requested_.begin(), requested_.end(), node); }
  bool runs(Node* node) { return !is_restricted() || needed(node); }
  template <bool kUsual> bool is_wanted(Node* input) { return input && (kUsual || !is_restricted() || needed(input) || is_requested(input)); }
  void mark_needed(Node* node);
  void deliver(Node* node, uint32_t output, Tensor&& gradient);
  void add_up(Tensor& sum, const Tensor& gradient) const;
  bool is_usual(const Node* node) const;
  // kUsual: the node is_usual(), and the little that such a one needs is compiled by itself.
  template <bool kUsual> void run_node(Node* node);
  template <bool kUsual> void differentiate(Node* node, Tensor* gy, Tensor* gx);
  template <bool kUsual> void pass_on(Node* node, Tensor* gx);
  void fit(const Node& from, uint32_t input, Node* to, uint32_t output, Tensor& gradient) const;
  void make_fit(const Node& from, uint32_t input, const Node::Output& expected, Tensor& gradient) const;
  void add_ready(Node* node);
  Node* take_ready();

  template <class T> using List = std::vector<T, memory::RecyclingAllocator<T>>;

  bool keep_graph_;
  bool create_graph_;
  List<Root> roots_;
  List<Capture> captures_;  // these three are sorted by node when the sweep starts
  List<const Node*> requested_;
  List<IntrusivePtr<Node>> targets_;
  List<Node*> visited_;
  Node* next_ = nullptr;  // the ready node with the highest sequence number
  List<Node*> ready_;     // the others, a heap
  std::unordered_map<Node*, State> side_;
  Sweep* outer_;                   // the sweep that this one runs in, on the same thread
  const Node* running_ = nullptr;  // the last that was begun
  std::vector<std::function<void()>> at_end_;
};

// Sequentially consistent, as is what readers do: either a reader sees the claim, or this sees the reader.
inline bool Sweep::claim(Node* node) {
  visited_.push_back(node);  // may throw, so before anything is claimed
  Sweep* nobody = nullptr;
  if (node->claimed_by_.compare_exchange_strong(nobody, this)) {
    if (__builtin_expect(node->readers_.load() == 0, 1)) return true;
    node->claimed_by_.store(nullptr);
  }
  visited_.pop_back();
  return false;
}

}}  // namespace torch::xgrad
