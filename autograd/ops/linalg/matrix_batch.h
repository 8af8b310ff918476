// Batches of matrices on their way to LAPACK, which wants each of them column-major.
#pragma once

#include <string>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Throws unless `a` has floating elements and at least two axes.
void check_matrix_batch(const Operation& operation, const Tensor& a, const char* name = "A");
/// The same, and that its last two sizes are equal.
void check_square_batch(const Operation& operation, const Tensor& a);

/// A view with the last two axes swapped.
Tensor transposed(const Tensor& t);

/// A row-major copy of the elements with the last two axes swapped: from row-major to column-major, and back. No graph.
Tensor transposed_copy(const Tensor& t);

/// Both with the batch axes they broadcast to, outside of any graph.
std::pair<Tensor, Tensor> broadcast_batches(const Operation& operation, const Tensor& a, const Tensor& b);

/// Throws unless `t` has the dtype of `a`.
void check_dtype_of(const Operation& operation, const char* names, const Tensor& a, const Tensor& t);

/// The sizes in front of the last two, and their product.
Dims batch_sizes(const Tensor& t);
int64_t batch_count(const Tensor& t);

/// batch sizes followed by `rest`.
Dims batch_shape(const Dims& batch, std::initializer_list<int64_t> rest);

/// Throws failure(info) for the first matrix of the batch `a` whose info, as kernels/linalg/lapack_batches.h gives it, is not 0.
void check_info(const Operation& operation, const Tensor& a, const Tensor& info, std::string (*failure)(int info));

}}  // namespace torch::xgrad
