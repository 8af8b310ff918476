// Distances between all pairs of vectors.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The p-norms of the differences of every row of x1 (..., n, c) and every row of x2 (..., m, c), as (..., n, m); axes in front broadcast.
/// compute_mode, for p = 2: 0 multiplies matrices where one has more than 25 rows, 1 always, 2 never. Products lose the distances of vectors
/// that are close by their size. The derivative at distance 0 is 0, and for p = inf all largest coordinates have slope 1. Floating dtypes only.
XGRAD_API Tensor cdist(const Tensor& x1, const Tensor& x2, double p = 2, std::optional<int64_t> compute_mode = std::nullopt);
/// The same of the rows i < j of one matrix, as a vector in the order of (i, j).
XGRAD_API Tensor pdist(const Tensor& self, double p = 2);

}}  // namespace torch::xgrad
