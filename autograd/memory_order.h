// The order in which a tensor's axes lie in memory.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

/// An uninitialised tensor of self's shape without gaps, its axes in the order in which self's lie in memory. For random
/// numbers that order decides which element gets which draw.
XGRAD_API Tensor allocate_in_order_of(const Tensor& self, ScalarType dtype);

}  // namespace xgrad
