// How operations act on all examples of a batch at once. Internal to this folder.
#pragma once

#include <string_view>
#include <vector>

#include <xgrad/autograd/func/call_attributes.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace func {

/// An operation that ran on one example, and the operands it is to run on now.
class BatchedCall : public CallAttributes {
 public:
  /// An operand: with the examples along axis 0 where `mapped`; undefined where an optional one was left out. `sizes`: of one example.
  struct Operand {
    Tensor value;
    bool mapped = false;
    Dims sizes;
  };

  BatchedCall(std::vector<detail::Attribute> attributes, std::vector<Operand> operands, Dims result, int64_t count)
      : CallAttributes(std::move(attributes)), operands_(std::move(operands)), result_(std::move(result)), count_(count) {}

  size_t size() const { return operands_.size(); }
  /// Throws if there are not so many.
  const Operand& operator[](size_t i) const;
  bool has(size_t i) const { return i < operands_.size() && operands_[i].value.defined(); }
  int64_t count() const { return count_; }
  /// The shape of the example's result, and that of the batch's.
  const Dims& result() const { return result_; }
  Dims batched(IntArrayRef sizes) const;
  /// The operand, its axes aligned from the back with those of the others, as elementwise operations take them.
  Tensor aligned(size_t i) const;
  /// The operand with the examples along axis 0, expanded where it isn't mapped.
  Tensor expanded(size_t i) const;
  /// The axis of an example of operand 0 that an attribute names, as one of the batch.
  int64_t axis(const char* name, int64_t otherwise = 0) const { return shifted(integer(name, otherwise)); }
  std::vector<int64_t> axes(const char* name) const;
  int64_t shifted(int64_t axis) const { return (axis < 0 ? axis + std::max<int64_t>(operands_[0].sizes.size(), 1) : axis) + 1; }

 private:
  std::vector<Operand> operands_;
  Dims result_;
  int64_t count_;
};

/// Gives the results with the examples along axis 0.
using BatchRule = std::vector<Tensor> (*)(const BatchedCall&);

/// Null for an operation without one.
BatchRule batch_rule(std::string_view operation);
/// True iff the operation's result says nothing of the elements of its operands.
bool looks_at_shapes_only(std::string_view operation);

}}}  // namespace torch::xgrad::func
