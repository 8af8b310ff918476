// Bitwise functions of a number and a tensor, and what is found among others. Others are methods too (autograd/tensor/operations/comparison.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Bits of integers, logic of Bool. Not for floating dtypes.
XGRAD_API Tensor bitwise_and(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_or(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_xor(const Scalar& self, const Tensor& other);
/// The bits of a number moved, as of tensors.
XGRAD_API Tensor bitwise_left_shift(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_right_shift(const Scalar& self, const Tensor& other);
/// Which elements are among test_elements; `invert`: which are not. NaN is equal to nothing. assume_unique has no meaning here. Throws for Bool.
XGRAD_API Tensor isin(const Tensor& elements, const Tensor& test_elements, bool assume_unique = false, bool invert = false);
XGRAD_API Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique = false, bool invert = false);
XGRAD_API Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false, bool invert = false);

}}  // namespace torch::xgrad
