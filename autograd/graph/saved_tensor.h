// A value that a derivative needs later.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

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
  static uint64_t moves() { return moves_; }

 private:
  friend class SavedOutput;
  static __thread uint64_t moves_;
  const Tensor& value() const { return is_snapshot_ ? value_ : *referred_; }
  /// `producer`: what made the value, for the message; null where it is the user's own.
  [[noreturn]] void refuse_edited(const Node* producer, uint32_t output) const;
  static Tensor snapshot(const Tensor& t);
  /// The value for another to keep: its own snapshot, or one made of what it refers to.
  Tensor take();
  union {
    Tensor value_;
    const Tensor* referred_;
  };
  uint32_t version_ = 0;
  bool is_snapshot_ = true;
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
