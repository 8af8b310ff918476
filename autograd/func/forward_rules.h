// How tangents pass single operations. Internal to this folder.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/autograd/core/operation.h>
#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad { namespace func {

/// A recorded operation as a rule sees it.
class RecordedCall {
 public:
  explicit RecordedCall(const Node& node) : node_(node), attributes_(node.attributes()) {}
  const Dims& sizes() const { return node_.output(0).sizes; }
  std::string_view node_name() const { return name_.empty() ? std::string_view(name_ = node_.name()) : std::string_view(name_); }
  /// Of the attribute of this name; null if there is none or it was left out.
  const detail::Attribute::Value* find(const char* name) const;
  int64_t integer(const char* name, int64_t otherwise = 0) const;
  double number(const char* name, double otherwise) const;
  bool flag(const char* name) const;
  std::optional<int64_t> optional_integer(const char* name) const;
  std::vector<int64_t> integers(const char* name) const;

 private:
  const Node& node_;
  std::vector<detail::Attribute> attributes_;
  mutable std::string name_;
};

/// What kind of function an operation is of its differentiable inputs.
struct ForwardRule {
  enum Kind {
    kUnknown,      ///< by transposing what the node does to gradients
    kElementwise,  ///< each output element depends on one element of each input, after broadcasting: what the node does to gradients
    kLinear,       ///< of one input: `linear` applies it
    kBilinear,     ///< of the operands `left` and `right`, plus (with `summand` >= 0) a multiple of another, broadcast
  };
  Kind kind = kUnknown;
  Tensor (*linear)(const RecordedCall&, const Tensor& t) = nullptr;
  Tensor (*bilinear)(const RecordedCall&, const Tensor& left, const Tensor& right) = nullptr;
  int summand = -1, left = 0, right = 1;
};

const ForwardRule& forward_rule(const detail::Operation* operation);
/// True iff its rule needs operands: what an OperandLog keeps.
bool needs_operands(const detail::Operation& operation);

}}}  // namespace torch::xgrad::func
