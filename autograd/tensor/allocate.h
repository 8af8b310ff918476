// New tensors, before any operation gives them values.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// An uninitialised row-major tensor. Sizes must have been checked (checked_numel); throws for unsupported dtypes.
XGRAD_API Tensor allocate_tensor(IntArrayRef sizes, ScalarType dtype);

/// The same, of the shape of a tensor that exists.
Tensor allocate_shaped_as(const TensorImpl& like, ScalarType dtype);

/// One of zeros.
XGRAD_API Tensor allocate_zeros(IntArrayRef sizes, ScalarType dtype);

/// Writes zeros over the memory of a tensor whose elements fill it without gaps.
XGRAD_API void clear_elements(const Tensor& t);

/// A tensor on `storage`; `offset`, in elements, and strides must stay inside it.
XGRAD_API Tensor tensor_on(Storage storage, ScalarType dtype, const Dims& sizes, const Dims& strides, int64_t offset);

}}  // namespace torch::xgrad
