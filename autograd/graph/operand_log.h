// What recorded operations took, for those who follow a graph forwards: a node itself knows how to pull gradients back, no more.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include <xgrad/autograd/core/operation.h>
#include <xgrad/autograd/graph/saved_tensor.h>

namespace torch { inline namespace xgrad {

/// While one lives, operations that this thread records leave their differentiable operands here, in the order of their node's edges. Logs
/// may lie inside each other; each gets what is recorded during its life. Only what `wanted` is true for is kept.
class XGRAD_API OperandLog {
 public:
  using Wanted = bool (*)(const detail::Operation&);
  using Operands = std::vector<SavedTensor>;

  explicit OperandLog(Wanted wanted);
  ~OperandLog() { stop(); }
  OperandLog(const OperandLog&) = delete;
  OperandLog& operator=(const OperandLog&) = delete;
  /// Nothing is added any more. Logs stop in the reverse of the order they began in.
  void stop();
  /// Null for an operation that was not kept.
  const Operands* find(const Node& node) const;

  /// True iff one is on the calling thread.
  static bool is_active() { return innermost_ != nullptr; }
  static void note(const Node& node, ArrayRef<const Tensor*> operands);

 private:
  struct Entry {
    uint64_t sequence;  // of the node: another one may come to lie where it was
    Operands operands;
  };
  static __thread OperandLog* innermost_;

  Wanted wanted_;
  OperandLog* outer_;
  bool stopped_ = false;
  std::unordered_map<const Node*, Entry> entries_;
};

}}  // namespace torch::xgrad
