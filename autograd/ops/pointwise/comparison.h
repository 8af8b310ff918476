// Comparisons, logic and tests, elementwise with broadcasting. Results have no derivative and are Bool, those of bitwise
// functions integers.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Comparisons in the promoted dtype; every one but ne is false for NaN.
XGRAD_API Tensor eq(const Tensor& self, const Scalar& other);
XGRAD_API Tensor eq(const Tensor& self, const Tensor& other);
XGRAD_API Tensor ne(const Tensor& self, const Scalar& other);
XGRAD_API Tensor ne(const Tensor& self, const Tensor& other);
XGRAD_API Tensor lt(const Tensor& self, const Scalar& other);
XGRAD_API Tensor lt(const Tensor& self, const Tensor& other);
XGRAD_API Tensor le(const Tensor& self, const Scalar& other);
XGRAD_API Tensor le(const Tensor& self, const Tensor& other);
XGRAD_API Tensor gt(const Tensor& self, const Scalar& other);
XGRAD_API Tensor gt(const Tensor& self, const Tensor& other);
XGRAD_API Tensor ge(const Tensor& self, const Scalar& other);
XGRAD_API Tensor ge(const Tensor& self, const Tensor& other);
/// True iff shapes and all elements are equal.
XGRAD_API bool equal(const Tensor& self, const Tensor& other);
/// True iff isclose holds for all elements.
XGRAD_API bool allclose(const Tensor& self, const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false);
/// |self - other| <= atol + rtol * |other|, equal, or both NaN when equal_nan. Throws for two dtypes or a negative tolerance.
XGRAD_API Tensor isclose(const Tensor& self, const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false);
/// Tests of single numbers; integers are always finite.
XGRAD_API Tensor isnan(const Tensor& self);
XGRAD_API Tensor isinf(const Tensor& self);
XGRAD_API Tensor isfinite(const Tensor& self);
/// Logic, where every number but 0 counts as true.
XGRAD_API Tensor logical_and(const Tensor& self, const Tensor& other);
XGRAD_API Tensor logical_or(const Tensor& self, const Tensor& other);
XGRAD_API Tensor logical_not(const Tensor& self);
XGRAD_API Tensor logical_xor(const Tensor& self, const Tensor& other);
/// Bits of integers, logic of Bool. Not for floating dtypes.
XGRAD_API Tensor bitwise_and(const Tensor& self, const Scalar& other);
XGRAD_API Tensor bitwise_and(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_and(const Tensor& self, const Tensor& other);
XGRAD_API Tensor bitwise_or(const Tensor& self, const Scalar& other);
XGRAD_API Tensor bitwise_or(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_or(const Tensor& self, const Tensor& other);
XGRAD_API Tensor bitwise_not(const Tensor& self);
XGRAD_API Tensor bitwise_xor(const Tensor& self, const Scalar& other);
XGRAD_API Tensor bitwise_xor(const Scalar& self, const Tensor& other);
XGRAD_API Tensor bitwise_xor(const Tensor& self, const Tensor& other);

}}  // namespace torch::xgrad
