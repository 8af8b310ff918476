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

namespace detail {

/// What adds a gradient to a sum in place.
struct Addition {
  /// Adds rows from `first` on, along the first axis, to about `wanted`; returns where it stopped, above `first` or at the end.
  int64_t (*add)(const void* f, const Tensor& sum, int64_t first, int64_t wanted);
  const void* f;
  const Dims* sizes = nullptr;  // of what it adds, where they may be others than the input's
};

inline int64_t rows_of(const Tensor& t) {
  const Dims& sizes = t.impl().sizes;
  return sizes.empty() ? 1 : sizes[0];
}

}  // namespace detail

/// What a derivative sees in a sweep: the gradients of its node's outputs, and places for those of its inputs.
class XGRAD_API Gradients {
 public:
  /// `may_write`: in a sweep, see may_write().
  Gradients(Node& node, Tensor* gy, Tensor* gx, const bool* needed, Sweep* sweep = nullptr, bool may_write = false)
      : node_(node), gy_(gy), gx_(gx), needed_(needed), sweep_(sweep), may_write_(may_write) {}
  /// The gradient of output `i`; undefined stands for zeros.
  const Tensor& gy(int i = 0) const { return gy_[i]; }
  /// The same, never undefined.
  Tensor gy_or_zeros(int i) const;
  /// That of output 0, for who is the last to read it and may_write().
  Tensor take_gy() const { return std::move(gy_[0]); }
  /// These places, with another gradient of the node's only output.
  Gradients with_gy(Tensor& gy) const { return {node_, &gy, gx_, needed_, sweep_, may_write_}; }
  /// Where to put the gradient of input `i`; leaving it undefined means zero.
  Tensor& gx(int i) const { return gx_[i]; }
  /// True iff somebody asked for the gradient of input `i`.
  bool needs(int i) const { return needed_[i]; }
  /// Calls add(sum), which adds the gradient of input `i` in place, where earlier gradients of that input have been
  /// summed to a contiguous tensor of its shape and dtype that nobody else can see; gx(i) is then left undefined.
  /// False, without a call, anywhere else, where the sweep itself is recorded, and where `sizes` are given and not the input's.
  template <class F> bool accumulate(int i, const F& add, const Dims* sizes = nullptr) const {
    const auto add_all = [](const void* f, const Tensor& sum, int64_t, int64_t) {
      (*static_cast<const F*>(f))(sum);
      return detail::rows_of(sum);
    };
    return accumulate(i, detail::Addition{add_all, &add, sizes});
  }
  /// The same with add(sum, first, wanted), which adds rows from `first` on, along the first axis, to about `wanted` alone and returns where it
  /// stopped: called until all are added, so that who waits for the gradient gets one stretch after the other.
  template <class F> bool accumulate_rows(int i, const F& add) const {
    const auto add_rows = [](const void* f, const Tensor& sum, int64_t first, int64_t wanted) {
      return (*static_cast<const F*>(f))(sum, first, wanted);
    };
    return accumulate(i, detail::Addition{add_rows, &add});
  }
  /// True iff gradients may be edited where nobody else holds them: the sweep is neither recorded nor traced, and no hook sees them
  /// after the node.
  bool may_write() const { return may_write_; }
  /// True iff the sweep releases what the node saved once the node has run, and nobody reads it until then: a private tensor
  /// among it may be written over.
  bool releases_saved() const;
  Node& node() const { return node_; }

 private:
  bool accumulate(int i, const detail::Addition& addition) const;

  Node& node_;
  Tensor* gy_;
  Tensor* gx_;
  const bool* needed_;
  Sweep* sweep_;
  bool may_write_;
};

/// Who has a place for the gradient of a leaf, and takes it from there as it becomes complete. Called by sweeps, for what they add in place as
/// the last of a leaf's gradients, under the lock of the leaf's accumulation. A leaf has one at most, which sees nothing of other gradients.
class XGRAD_API GradientReceiver {
 public:
  virtual ~GradientReceiver();
  /// True iff the gradient may be added to `grad`, what the leaf's grad() holds; an undefined one may be replaced by zeros before.
  virtual bool prepare(Tensor& grad) = 0;
  /// The row before which the next stretch, which begins at row `first`, should end.
  virtual int64_t stretch_end(int64_t first) const = 0;
  /// Rows below `last` will not change any more in this sweep.
  virtual void complete(int64_t last) = 0;
};

/// Functions called when a sweep passes a node, in the order they were added. They may add and remove hooks, as other threads
/// may at any time; what is added during a pass waits for the next one. They may end the node too: calls keep this alive.
class XGRAD_API NodeHooks {
 public:
  using PreHook = std::function<Tensor(const Tensor&)>;
  using PostHook = std::function<std::vector<Tensor>(const std::vector<Tensor>&, const std::vector<Tensor>&)>;
  using AccumulatedHook = std::function<void(const Tensor&)>;
  enum Kind : uint8_t { kBefore = 1, kAfter = 2, kAccumulated = 4, kReceiver = 8 };

  NodeHooks();
  ~NodeHooks();

  /// `call` sees the gradient of one output before the node does, and may replace it.
  unsigned add(uint32_t output, PreHook call);
  /// The gradient of one output goes to the tensor that keeps it, as it is when this hook's turn comes.
  void retain(uint32_t output, std::shared_ptr<RetainedGrad> keeper);
  /// `call` sees the gradients after the node: those of its inputs and those of its outputs; may replace the former.
  unsigned add_post(PostHook call);
  /// Of a leaf: `call` gets it when its grad() has been added to.
  unsigned add_accumulated(AccumulatedHook call);
  /// False if no hook that was added has this id.
  bool remove(unsigned id);
  /// Of a leaf, in place of the one before.
  void set_receiver(std::weak_ptr<GradientReceiver> receiver);
  /// Null where there is none, or it is gone.
  std::shared_ptr<GradientReceiver> receiver() const;

  void call_pre(Tensor* gy);
  void call_post(uint32_t num_outputs, Tensor* gx, uint32_t num_inputs, const Tensor* gy);
  void call_accumulated(const Tensor& leaf);
  /// True iff there is any of these kinds (a set of Kind).
  bool has(unsigned kinds) const { return kinds_.load(std::memory_order_acquire) & kinds; }

 private:
  friend void retain(NodeHooks* hooks) { hooks->refs_.increment(); }
  friend void release(NodeHooks* hooks) {
    if (hooks->refs_.decrement()) delete hooks;
  }

  struct Pre {
    uint32_t output;
    PreHook call;
    std::shared_ptr<RetainedGrad> keeper;  // instead of call
  };
  template <class Hook, class F> void for_each(const std::map<unsigned, Hook>& hooks, F call) const;
  template <class Hook> unsigned put(std::map<unsigned, Hook>& hooks, Hook hook);
  void note_kinds();

  RefCount refs_;
  mutable std::mutex mutex_;
  std::map<unsigned, Pre> pre_;
  std::map<unsigned, PostHook> post_;
  std::map<unsigned, AccumulatedHook> accumulated_;
  std::weak_ptr<GradientReceiver> receiver_;
  std::atomic<uint8_t> kinds_{0};
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
  const Output& output(uint32_t i) const { return i == 0 ? first_output_ : further_[i - 1].output; }
  /// Creation order; consumers have higher numbers than what they consume, within a thread.
  uint64_t sequence_nr() const { return sequence_; }
  /// True iff this is an AccumulateGrad.
  bool is_leaf() const { return sequence_ == kLeafSequence; }
  /// Calls the node as a sweep does: gradients of the outputs in, of the inputs out.
  std::vector<Tensor> operator()(std::vector<Tensor> gradients);

  unsigned add_post_hook(NodeHooks::PostHook hook) { return hooks().add_post(std::move(hook)); }
  NodeHooks& hooks();
  NodeHooks* hooks_if_any() const { return hooks_.load(std::memory_order_acquire); }
  /// True iff it has hooks of any of these kinds (a set of NodeHooks::Kind).
  [[gnu::always_inline]] bool has_hooks(unsigned kinds) const {
    const NodeHooks* const hooks = hooks_if_any();
    return __builtin_expect(hooks != nullptr, 0) && hooks->has(kinds);
  }

  /// In anomaly mode: the operation and the shapes it was called with.
  void set_forward_note(std::string note);
  const std::string* forward_note() const { return forward_note_.get(); }

  static void* operator new(size_t bytes);
  static void operator delete(void* block, size_t bytes);

 protected:
  static constexpr uint64_t kLeafSequence = UINT64_MAX;

  /// `edges` lives in the derived object or is owned by it.
  Node(Edge* edges, uint32_t num_outputs);
  Node(Edge* edges, uint32_t num_outputs, uint64_t sequence);
  /// Adds an output and returns its number.
  uint32_t add_output(const Dims& sizes, ScalarType dtype) {
    if (num_inputs_ > 0) return add_further_output(sizes, dtype);
    first_output_.sizes = sizes;
    first_output_.dtype = dtype;
    return num_inputs_++;
  }
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
  friend class AccumulateGrad;
  friend XGRAD_API void retain(Node*);
  friend XGRAD_API void release(Node*);

  // An output but the first, and what gradient_ is for that.
  struct Further {
    Output output;
    Tensor gradient;
  };

  uint32_t add_further_output(const Dims& sizes, ScalarType dtype);

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
  std::vector<Further> further_;
  std::atomic<NodeHooks*> hooks_{nullptr};  // holds a reference
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
  bool accumulate(const detail::Addition& addition);
  /// Calls the hooks that wait for accumulate(): a sweep does it when it comes to the node. Not where another sweep's hooks have taken the gradient
  /// away.
  void call_hooks();
  /// The hooks, which follow the leaf to its next node when it gets another; null if there are none.
  IntrusivePtr<NodeHooks> take_hooks() { return IntrusivePtr<NodeHooks>::adopt(hooks_.exchange(nullptr)); }
  /// Of a node that has none.
  void give_hooks(IntrusivePtr<NodeHooks> hooks) { hooks_.store(hooks.leak(), std::memory_order_release); }

 private:
  Tensor living_leaf();
  std::recursive_mutex mutex_;     // hooks run under it, and may do anything with the leaf
  std::atomic<TensorImpl*> leaf_;  // changes once, when its owner forgets it
};

namespace detail {
XGRAD_API const Edge& gradient_edge_of_view(TensorImpl& view);
/// The graph edge that gradients of `t` take: to its AccumulateGrad or to the node that made it; empty if none.
/// Brings a view up to date first, if its base was edited since.
inline const Edge& gradient_edge(const Tensor& t) {
  TensorImpl& impl = t.impl();
  return __builtin_expect(impl.view_kind == ViewKind::None, 1) ? impl.edge : gradient_edge_of_view(impl);
}
/// True iff `t` requires a gradient.
inline bool is_in_graph(const Tensor& t) { return has_memory(t.unsafeGetTensorImpl()) && gradient_edge(t).is_valid(); }
}  // namespace detail

}}  // namespace torch::xgrad
