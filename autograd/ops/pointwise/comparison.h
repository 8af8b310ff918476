// Bitwise functions of a number and a tensor. Others are methods too (autograd/tensor/operations/comparison.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Bits of integers, logic of Bool. Not for floating dtypes.
XGRAD_API Tensor bitwise_and(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_or(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_xor(const Scalar& self, const Tensor& other);

}}  // namespace torch::xgrad
