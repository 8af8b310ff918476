// A recorded operation.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <xgrad/autograd/core/attribute.h>
#include <xgrad/autograd/core/memory/ref_count.h>
#include <xgrad/autograd/core/operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

class RetainedGrad;
class Sweep;

/// What a derivative sees in a sweep: the gradients of its node's outputs, and places for those of its inputs.
class XGRAD_API Gradients {
 public:
  Gradients(Node& node, Tensor* gy, Tensor* gx, const bool* needed, Sweep* sweep = nullptr)
      : node_(node), gy_(gy), gx_(gx), needed_(needed), sweep_(sweep) {}
  /// The gradient of output `i`; undefined stands for zeros.
  const Tensor& gy(int i = 0) const { return gy_[i]; }
  /// The same, never undefined.
  Tensor gy_or_zeros(int i) const;
  /// These places, with another gradient of the node's only output.
  Gradients with_gy(Tensor& gy) const { return {node_, &gy, gx_, needed_, sweep_}; }
  /// Where to put the gradient of input `i`; leaving it undefined means zero.
  Tensor& gx(int i) const { return gx_[i]; }
  /// True iff somebody asked for the gradient of input `i`.
  bool needs(int i) const { return needed_[i]; }
  /// Calls add(sum), which adds the gradient of input `i` in place, where earlier gradients of that input have been
  /// summed to a contiguous tensor of its shape and dtype that nobody else can see; gx(i) is then left undefined.
  /// False, without a call, anywhere else and where the sweep itself is recorded.
  template <class F> bool accumulate(int i, const F& add) const {
    return accumulate(
        i, [](const void* f, const Tensor& sum) { (*static_cast<const F*>(f))(sum); }, &add);
  }
  /// True iff gradients may be edited where nobody else holds them: the sweep is not recorded, and no hook sees them after
  /// the node.
  bool may_write() const;
  /// True iff the sweep releases what the node saved once the node has run, and nobody reads it until then: a private tensor
  /// among it may be written over.
  bool releases_saved() const;
  Node& node() const { return node_; }

 private:
  bool accumulate(int i, void (*add)(const void*, const Tensor&), const void* f) const;

  Node& node_;
  Tensor* gy_;
  Tensor* gx_;
  const bool* needed_;
  Sweep* sweep_;
};

/// Functions called when a sweep passes a node, in the order they were added. They may add and remove hooks, as other threads
/// may at any time; what is added during a pass waits for the next one.
class XGRAD_API NodeHooks {
 public:
  using PreHook = std::function<Tensor(const Tensor&)>;
  using PostHook = std::function<std::vector<Tensor>(const std::vector<Tensor>&, const std::vector<Tensor>&)>;

  /// `call` sees the gradient of one output before the node does, and may replace it.
  unsigned add(uint32_t output, PreHook call);
  /// The gradient of one output goes to the tensor that keeps it, as it is when this hook's turn comes.
  void retain(uint32_t output, std::shared_ptr<RetainedGrad> keeper);
  /// `call` sees the gradients after the node: those of its inputs and those of its outputs; may replace the former.
  unsigned add_post(PostHook call);
  /// False if no hook that add() gave has this id.
  bool remove(unsigned id);

  void call_pre(Tensor* gy);
  void call_post(uint32_t num_outputs, Tensor* gx, uint32_t num_inputs, const Tensor* gy);
  /// True iff call_post() calls anything.
  bool sees_after() const;

 private:
  struct Pre {
    uint32_t output;
    PreHook call;
    std::shared_ptr<RetainedGrad> keeper;  // instead of call
  };
  template <class Hook, class F> void for_each(const std::map<unsigned, Hook>& hooks, F call) const;

  mutable std::mutex mutex_;
  std::map<unsigned, Pre> pre_;
  std::map<unsigned, PostHook> post_;
  unsigned next_id_ = 0;
};

/// A recorded operation: knows where each input's gradient goes and how to compute it.
/// Reference counted; destroyed without recursion, however long the chain behind it.
class XGRAD_API Node {
 public:
  /// Shape and dtype that the gradient of one output must have.
  struct Output {
    Dims sizes;
    ScalarType dtype = kFloat;
  };

  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// PyTorch's name of the node: "MulBackward0".
  virtual std::string name() const = 0;
  /// What it records; null for what gradients pass besides operations: leaves, custom functions.
  virtual const detail::Operation* operation() const { return nullptr; }
  /// What the operation was asked for besides its tensors.
  virtual std::vector<detail::Attribute> attributes() const { return {}; }
  /// Fills g.gx(i) for every i with g.needs(i). At least one g.gy(i) is defined.
  virtual void backward(Gradients& g) = 0;
  /// Drops what the derivative saved, so that a later backward throws. Called on nodes that had saved something.
  virtual void release_saved() {}

  /// As the sweep sees it, and PyTorch counts: gradients of what the operation gave go in, those of what it took come out.
  uint32_t num_inputs() const { return num_inputs_; }
  uint32_t num_outputs() const { return num_outputs_; }
  const Edge& next_edge(size_t i) const { return edges_[i]; }
  std::vector<Edge> next_edges() const;
  const Output& output(uint32_t i) const { return i == 0 ? first_output_ : more_outputs_[i - 1]; }
  /// Creation order; consumers have higher numbers than what they consume, within a thread.
  uint64_t sequence_nr() const { return sequence_; }
  /// True iff this is an AccumulateGrad.
  bool is_leaf() const { return sequence_ == kLeafSequence; }
  /// Calls the node as a sweep does: gradients of the outputs in, of the inputs out.
  std::vector<Tensor> operator()(std::vector<Tensor> gradients);

  unsigned add_post_hook(NodeHooks::PostHook hook) { return hooks().add_post(std::move(hook)); }
  NodeHooks& hooks();
  NodeHooks* hooks_if_any() const { return hooks_.load(std::memory_order_acquire); }

  /// In anomaly mode: the operation and the shapes it was called with.
  void set_forward_note(std::string note);
  const std::string* forward_note() const { return forward_note_.get(); }

  static void* operator new(size_t bytes);
  static void operator delete(void* block, size_t bytes);

 protected:
  static constexpr uint64_t kLeafSequence = UINT64_MAX;

  /// `edges` lives in the derived object or is owned by it.
  Node(Edge* edges, uint32_t num_outputs, uint64_t sequence = next_sequence());
  /// Adds an output and returns its number.
  uint32_t add_output(IntArrayRef sizes, ScalarType dtype);
  void set_edges(Edge* edges, uint32_t n) {
    edges_ = edges;
    num_outputs_ = n;
  }
  static uint64_t next_sequence();
  /// Declares whether the derivative keeps anything that release_saved() drops; so it is taken to, unless it says no.
  void set_saves(bool any) { saves_ = any; }

 private:
  friend class Sweep;
  friend class Recording;
  friend XGRAD_API void retain(Node*);
  friend XGRAD_API void release(Node*);

  RefCount refs_;
  uint32_t num_outputs_ = 0;
  uint32_t num_inputs_ = 0;
  Edge* edges_ = nullptr;
  uint64_t sequence_ = 0;
  Node* next_dying_ = nullptr;               // list of nodes waiting to be destroyed
  std::atomic<Sweep*> claimed_by_{nullptr};  // the sweep whose state is inline here
  uint32_t dependencies_ = 0;                // consumers in the claiming sweep that have not run yet
  uint32_t cursor_ = 0;                      // position of the claiming sweep's depth-first walk
  std::atomic<uint8_t> plan_{0};             // what the claiming sweep does here, Sweep::Plan; 0 while no sweep has claimed it
  bool saves_ = true;                        // False: the derivative keeps nothing that a sweep could release
  std::atomic<uint32_t> readers_{0};         // sweeps that use what it saved without a claim; while there are any, none releases it
  Tensor gradient_;                          // of output 0, summed so far in the claiming sweep
  Output first_output_;
  std::vector<Output> more_outputs_;
  std::vector<Tensor> more_gradients_;      // of the further outputs
  std::atomic<NodeHooks*> hooks_{nullptr};  // owned
  std::unique_ptr<std::string> forward_note_;
};

/// Where gradients of a leaf end: adds them to the leaf's grad(). The leaf owns this node; the node knows the leaf
/// only as long as it lives, so a gradient that nobody can see any more keeps nothing alive.
class XGRAD_API AccumulateGrad final : public Node {
 public:
  explicit AccumulateGrad(TensorImpl* leaf);
  std::string name() const override { return "torch::autograd::AccumulateGrad"; }
  void backward(Gradients& g) override;
  /// The leaf, while it lives; undefined afterwards.
  Tensor variable();
  /// Called by the dying leaf.
  void forget_leaf(TensorImpl* leaf);
  /// Gradients::accumulate() into the leaf's grad().
  bool accumulate(void (*add)(const void*, const Tensor&), const void* f);

 private:
  Tensor living_leaf();
  std::mutex mutex_;
  std::atomic<TensorImpl*> leaf_;  // changes once, when its owner forgets it
};

namespace detail {
/// The graph edge that gradients of `t` take: to its AccumulateGrad or to the node that made it; empty if none.
/// Brings a view up to date first, if its base was edited since.
XGRAD_API const Edge& gradient_edge(const Tensor& t);
}  // namespace detail

}}  // namespace torch::xgrad
