// Rearranged copies: what is no method too (autograd/tensor/operations/shape.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Index i repeated repeats[i] times, in order: tensor({0, 2, 1}) gives 1, 1, 2. `repeats`: int64 or int32 vector.
/// output_size, if given, must be their sum.
XGRAD_API Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);

}}  // namespace torch::xgrad
