// The part of a graph between some tensors and others. Internal to this folder.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad { namespace func {

/// The nodes through which `outputs` depend on `inputs`, each behind those it depends on. What passes along an edge (a tangent forwards, a
/// gradient back) has a slot, a number from 0. Nodes recorded before the one numbered `since` on this thread count as constant, unless
/// they are where an input comes from. Recursion-free.
class Subgraph {
 public:
  static constexpr int kNone = -1;
  struct Step {
    IntrusivePtr<Node> node;
    int first_output;         // the slot of output 0; the others follow
    std::vector<int> inputs;  // the slot of what each edge leads to, kNone where nothing depends on the inputs
  };

  Subgraph(const std::vector<Edge>& outputs, const std::vector<Edge>& inputs, uint64_t since = 0);
  const std::vector<Step>& steps() const { return steps_; }
  int slots() const { return slots_; }
  /// kNone for outputs that don't depend on the inputs.
  const std::vector<int>& outputs() const { return outputs_; }
  /// kNone for inputs without an edge.
  const std::vector<int>& inputs() const { return inputs_; }

 private:
  std::vector<Step> steps_;
  std::vector<int> outputs_, inputs_;
  int slots_ = 0;
};

/// The edges of tensors; those without are empty.
std::vector<Edge> edges_of(const std::vector<Tensor>& tensors);

/// Calls one node: its gradients of the inputs that `needed` marks, for those of its outputs.
std::vector<Tensor> differentiate(Node& node, std::vector<Tensor> gy, const std::vector<int>& inputs);

/// The gradients of the subgraph's inputs for those of its outputs, undefined ones standing for zeros. Unlike a sweep it calls no hooks,
/// releases nothing, and leaves the rest of the graph alone. Recorded iff grad mode is on.
std::vector<Tensor> pull(const Subgraph& graph, const std::vector<Tensor>& gy);

/// A gradient summed and converted to what `edge` leads to.
Tensor fitted(Tensor gradient, const Edge& edge);

}}}  // namespace torch::xgrad::func
