// Reading and writing at positions given by tensors: what is no method too (autograd/tensor/operations/index.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A new last axis of `num_classes` zeros with a 1 at the position self (int64) gives; -1 takes the largest value + 1.
/// Throws for values outside [0, num_classes).
XGRAD_API Tensor one_hot(const Tensor& self, int64_t num_classes = -1);

}}  // namespace torch::xgrad
