// A value that a derivative needs later.
#pragma once

#include <atomic>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

// Note: the edges of saved tensors
//
// Most saved tensors are operands, whose edges the node has too. While its functions move to where they stay it says so
// (SavedTensor::WithEdges), and a snapshot refers to the node's edge instead of counting another reference. A sweep that is not recorded
// never asks for it; the first that is gives it to the snapshot.

/// Keeps a tensor's memory, shape and place in the graph, but not the tensor itself: neither its grad() nor later
/// in-place history, so that saving never closes a circle of references. Reading it after an in-place edit throws.
class XGRAD_API SavedTensor {
 public:
  SavedTensor() : value_() {}
  /// Refers to `t` until it is moved, copied or assigned to where it stays; that makes the snapshot. Before, `t` has to live.
  explicit SavedTensor(const Tensor& t);
  explicit SavedTensor(Tensor&&) = delete;
  SavedTensor(const SavedTensor& other);
  SavedTensor(SavedTensor&& other) noexcept(false);
  SavedTensor& operator=(SavedTensor other);
  ~SavedTensor() {
    if (is_snapshot_) value_.~Tensor();
  }
  bool defined() const { return value().defined(); }
  /// Throws if the memory was edited since.
  const Tensor& get() const;
  operator const Tensor&() const { return get(); }
  const Tensor& operator*() const { return get(); }
  /// How often this thread has moved or copied one that is defined: whether something moved to where it stays held any.
  static uint64_t moves() { return keeping_.moves; }

 private:
  friend class SavedOutput;
  /// What this thread does with saved tensors.
  struct Keeping {
    uint64_t moves = 0;
    const Edge* edges = nullptr;  // those of the node that saved tensors move to
    uint32_t num_edges = 0;
  };
  static __thread Keeping keeping_;

  const Tensor& value() const { return is_snapshot_ ? value_ : *referred_; }
  /// The value's edge, wherever it is.
  const Edge& edge() const;
  [[noreturn]] void refuse_edited(const Node* producer, uint32_t output) const;
  void take_snapshot(const Tensor& t);
  /// Becomes a snapshot of what the other refers to, or gets its snapshot, or shares it. This one has no edge, and refers to nothing.
  template <class Other> void take(Other&& other);
  /// Gives the snapshot its edge.
  void enter_graph() const;
  union {
    Tensor value_;
    const Tensor* referred_;
  };
  uint32_t version_ = 0;
  bool is_snapshot_ = true;
  mutable std::atomic<const Edge*> edge_of_node_{nullptr};  // of a snapshot that has not been given it

 public:
  /// For as long as it lives, the thread's saved tensors move into a node that has these edges, and will as long as they stay there.
  class WithEdges {
   public:
    WithEdges(const Edge* edges, uint32_t n) {
      keeping_.edges = edges;
      keeping_.num_edges = n;
    }
    ~WithEdges() { keeping_.num_edges = 0; }
    WithEdges(const WithEdges&) = delete;
    WithEdges& operator=(const WithEdges&) = delete;
  };
};

inline SavedTensor save(const Tensor& t) { return SavedTensor(t); }
SavedTensor save(Tensor&&) = delete;

/// An output that its own node keeps: holds the memory without the edge back to the node.
class XGRAD_API SavedOutput {
 public:
  SavedOutput() = default;
  explicit SavedOutput(const Tensor& y);
  /// The output, with `node` as what made it. Throws if the memory was edited since.
  Tensor get(Node& node, uint32_t output = 0) const;

 private:
  SavedTensor saved_;
};

namespace detail {
/// A tensor on the same memory with the same shape, and nothing of the graph.
XGRAD_API Tensor alias(const Tensor& t);
}  // namespace detail

}}  // namespace torch::xgrad
