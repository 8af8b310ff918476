// Cumulative sums and products along an axis.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Along `dim`, the sum (product) of the elements up to and including each; int64 for integers and bool. With `dtype`
/// elements are converted first. float32 is accumulated in float64. The derivative of products is right across zeros.
XGRAD_API Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

}}  // namespace torch::xgrad
