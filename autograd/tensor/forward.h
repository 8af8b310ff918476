// What an operation has computed, before it is said how to differentiate it.
#pragma once

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// What an operation computed, whose derivative has not been stated yet.
class Forward {
 public:
  Forward(const Operation& operation, Tensor value) : operation_(&operation), value_(std::move(value)) {}
  const Operation& operation() const { return *operation_; }
  const Tensor& value() const { return value_; }

 private:
  friend class Recording;
  const Operation* operation_;
  Tensor value_;
};

}}  // namespace torch::xgrad
