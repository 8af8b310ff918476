// Distances and angles between vectors.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The cosine of the angle between the vectors along axis `dim` of the broadcast x1 and x2, at least one of them floating.
/// Each is divided by its norm or, where that is less, by eps. The result lacks that axis.
XGRAD_API Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim = 1, double eps = 1e-8);

/// The p-norm of x1 - x2 + eps along the last axis of the broadcast tensors; eps keeps the gradient of equal vectors finite.
XGRAD_API Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6, bool keepdim = false);

}}  // namespace torch::xgrad
