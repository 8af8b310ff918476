// How tangents pass single operations. Internal to this folder.
#pragma once

#include <string>

#include <xgrad/autograd/core/operation.h>
#include <xgrad/autograd/func/call_attributes.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad { namespace func {

/// A recorded operation as a rule sees it.
class RecordedCall : public CallAttributes {
 public:
  explicit RecordedCall(const Node& node) : CallAttributes(node.attributes()), node_(node) {}
  const Dims& sizes() const { return node_.output(0).sizes; }
  std::string node_name() const { return node_.name(); }

 private:
  const Node& node_;
};

/// What kind of function an operation is of its differentiable inputs.
struct ForwardRule {
  enum Kind {
    kUnknown,      ///< by transposing what the node does to gradients
    kElementwise,  ///< each output element depends on one element of each input, after broadcasting: what the node does to gradients
    kLinear,       ///< of one input: `linear` applies it
    kBilinear,     ///< of the operands `left` and `right`, plus, with `summand` >= 0, another that is broadcast
  };
  Kind kind = kUnknown;
  Tensor (*linear)(const RecordedCall&, const Tensor& t) = nullptr;
  /// Undefined where it doesn't apply.
  Tensor (*bilinear)(const RecordedCall&, const Tensor& left, const Tensor& right) = nullptr;
  int summand = -1, left = 0, right = 1;
  bool summand_per_channel = false;  ///< along axis 1 of the result
};

const ForwardRule& forward_rule(const detail::Operation* operation);
/// True iff its rule needs operands: what an OperandLog keeps.
bool needs_operands(const detail::Operation& operation);

}}}  // namespace torch::xgrad::func
