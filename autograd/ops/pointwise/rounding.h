// Rounding, elementwise. The derivative is 0 everywhere, as in PyTorch.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Down. Integers stay as they are; not for Bool.
XGRAD_API Tensor floor(const Tensor& self);
/// Up.
XGRAD_API Tensor ceil(const Tensor& self);
/// To the nearest integer, halves to the even one.
XGRAD_API Tensor round(const Tensor& self);
/// The same in units of 10^-decimals. Floating dtypes only.
XGRAD_API Tensor round(const Tensor& self, int64_t decimals);
/// Towards 0.
XGRAD_API Tensor trunc(const Tensor& self);

}}  // namespace torch::xgrad
