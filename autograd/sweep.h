// One pass over a graph in reverse topological order.
#pragma once

#include <algorithm>
#include <unordered_map>
#include <vector>

#include <xgrad/autograd/memory_cache.h>
#include <xgrad/autograd/node.h>

namespace torch { inline namespace xgrad {

/// Counts each node's consumers, then runs every node once all of them have run, later operations first.
///
/// The counts and the gradients summed so far live in the nodes. A node that another sweep has claimed (one on another
/// thread, or the one that called the hook this sweep runs in) gets its state in a side table instead, so sweeps over
/// shared parts of a graph never see each other's sums.
class Sweep {
 public:
  Sweep(bool keep_graph, bool create_graph) : keep_graph_(keep_graph), create_graph_(create_graph) {}
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
  /// Gradients::may_write() of the running `node`.
  static bool may_write(const Node& node);
  /// Gradients::accumulate() for input `i` of `from`, which is running.
  bool accumulate(Node* from, uint32_t i, void (*add)(const void*, const Tensor&), const void* f);

 private:
  struct State {
    uint32_t dependencies = 0;
    uint32_t cursor = 0;
    bool needed = false;
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

  bool visit(Node* node);
  bool owns(const Node* node) const { return node->claimed_by_.load(std::memory_order_relaxed) == this; }
  State& side(Node* node) { return side_[node]; }
  uint32_t& dependencies(Node* node) { return owns(node) ? node->dependencies_ : side(node).dependencies; }
  uint32_t& cursor(Node* node) { return owns(node) ? node->cursor_ : side(node).cursor; }
  bool& needed(Node* node) { return owns(node) ? node->needed_ : side(node).needed; }
  Tensor& gradient(Node* node, uint32_t output);

  void discover();
  bool is_restricted() const { return !requested_.empty(); }
  bool is_requested(const Node* node) const { return std::binary_search(requested_.begin(), requested_.end(), node); }
  bool is_wanted(Node* input) { return input && (!is_restricted() || needed(input) || is_requested(input)); }
  void mark_needed(Node* node);
  void deliver(Node* node, uint32_t output, Tensor&& gradient);
  void run_node(Node* node);
  void differentiate(Node* node, Tensor* gy, Tensor* gx);
  void pass_on(Node* node, Tensor* gx);
  void fit(const Node& from, uint32_t input, Node* to, uint32_t output, Tensor& gradient) const;
  void add_ready(Node* node);

  template <class T>
  using List = std::vector<T, memory::RecyclingAllocator<T>>;

  bool keep_graph_;
  bool create_graph_;
  List<Root> roots_;
  List<Capture> captures_;
  List<const Node*> requested_;  // sorted when the sweep starts
  List<IntrusivePtr<Node>> targets_;
  List<Node*> visited_;
  List<Node*> ready_;  // a heap, highest sequence number first
  std::unordered_map<Node*, State> side_;
};

}}  // namespace torch::xgrad
