// Tangents carried forwards through a recorded graph. Internal to this folder.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/autograd/func/forward_rules.h>
#include <xgrad/autograd/func/subgraph.h>
#include <xgrad/autograd/graph/operand_log.h>

namespace torch { inline namespace xgrad { namespace func {

// Note: forward mode from backward functions
//
// A node knows u -> J^T u, a linear function made of differentiable operations. Where J is diagonal, which elementwise operations say in the
// table of forward_rules.cpp, that is J itself, and a tangent takes one call. Linear operations apply themselves, and products too, whose
// operands a log has kept. For all other operations J t is the derivative of <J^T u, t> by u: the node's backward is recorded once for a
// dummy u (the values of which are computed for nothing), and pulling t back through that record gives J t. A record serves all tangents.

/// Carries tangents from `inputs` to `outputs`. What `log` kept of the operands is used while it is pushed.
class ForwardMode {
 public:
  ForwardMode(const std::vector<Edge>& outputs, const std::vector<Edge>& inputs, const OperandLog* log, uint64_t since = 0);
  ~ForwardMode();
  ForwardMode(const ForwardMode&) = delete;
  ForwardMode& operator=(const ForwardMode&) = delete;

  /// The tangents of the outputs for those of the inputs; undefined ones are zero. Recorded iff `create_graph`.
  std::vector<Tensor> push(const std::vector<Tensor>& tangents, bool create_graph);

  /// First derivatives along several directions, and the sum over the directions of the second ones: of the inputs in, of the outputs out.
  struct Jets {
    std::vector<std::vector<Tensor>> first;  ///< for each direction one per tensor
    std::vector<Tensor> second;              ///< one per tensor
  };
  /// Of the outputs, `first` is left out where nothing needed it.
  Jets push(const Jets& jets, bool create_graph);

 private:
  struct Operation;
  struct Transposed;
  using Tangents = std::vector<Tensor>;  // one per edge of a node, or per output

  std::vector<bool> slots_that_bend() const;
  Tangents apply(Operation& op, const Tangents& t, bool create_graph);
  Tangents elementwise(Operation& op, const Tangents& t, bool create_graph);
  Tangents transposed(Operation& op, const Tangents& t, bool create_graph);
  Tensor bilinear(Operation& op, const Tangents& t);
  Tangents bend(Operation& op, const std::vector<Tangents>& directions, bool create_graph);
  Tensor bend_unary(Operation& op, const std::vector<Tangents>& directions, bool create_graph);
  Tangents bend_any(Operation& op, const Tangents& t, bool create_graph);

  Subgraph graph_;
  const OperandLog* log_;
  std::vector<Operation> operations_;
};

}}}  // namespace torch::xgrad::func
