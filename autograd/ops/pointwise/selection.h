// Choosing between values elementwise: what is no method too (autograd/tensor/operations/comparison.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// self where the condition (Bool or Byte) holds, else other.
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
/// The indices where the condition is not 0: one Long tensor for each axis.
XGRAD_API std::vector<Tensor> where(const Tensor& condition);

}}  // namespace torch::xgrad
