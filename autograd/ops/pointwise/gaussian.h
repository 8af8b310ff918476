#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// exp(-x^2), whose derivatives at infinities are 0.
Tensor gaussian(const Tensor& x);

}}  // namespace torch::xgrad
