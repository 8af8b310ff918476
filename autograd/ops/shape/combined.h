// Matrices and tables made of vectors and smaller matrices.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Matrices along the diagonal of a matrix of zeros; numbers and vectors count as rows. The result has the dtype all promote to.
XGRAD_API Tensor block_diag(TensorList tensors);
/// All ways to take one element of each vector, a row each, the last vector's changing first; of one vector, itself.
XGRAD_API Tensor cartesian_prod(TensorList tensors);
/// All ways to take r elements of a vector in its order, a row each, no element twice unless `with_replacement`.
XGRAD_API Tensor combinations(const Tensor& self, int64_t r = 2, bool with_replacement = false);
/// Rows of powers of each element of a vector, N of them (by default as many as elements), falling to the power 0 or rising from it.
/// Integers make int64.
XGRAD_API Tensor vander(const Tensor& x, std::optional<int64_t> N = std::nullopt, bool increasing = false);
/// The coordinates, as a row for each axis, of the elements on and below (tril), on and above (triu) a diagonal of a row x col
/// matrix, in row-major order. int64 or int32.
XGRAD_API Tensor tril_indices(int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = kLong);
XGRAD_API Tensor triu_indices(int64_t row, int64_t col, int64_t offset = 0, TensorOptions options = kLong);

}}  // namespace torch::xgrad
