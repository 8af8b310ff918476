// Rounding, elementwise. The derivative is 0 everywhere, as in PyTorch.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor floor(const Tensor& self);
XGRAD_API Tensor ceil(const Tensor& self);
XGRAD_API Tensor round(const Tensor& self);
XGRAD_API Tensor round(const Tensor& self, int64_t decimals);
XGRAD_API Tensor trunc(const Tensor& self);

}  // namespace xgrad
