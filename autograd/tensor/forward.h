// What an operation has computed, before it is said how to differentiate it.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A computed value whose derivative has not been stated yet.
class Forward {
 public:
  explicit Forward(Tensor value) : value_(std::move(value)) {}
  const Tensor& value() const { return value_; }

 private:
  friend class Recording;
  friend Tensor not_differentiable(Forward y);
  Tensor value_;
};

/// Declares that no gradient passes this operation.
inline Tensor not_differentiable(Forward y) { return std::move(y.value_); }

}}  // namespace torch::xgrad
