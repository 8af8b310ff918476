// Batches of matrices on their way to LAPACK, which wants each of them column-major.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Throws unless `a` has floating elements and at least two axes.
void check_matrix_batch(const char* operation, const Tensor& a, const char* name = "A");
/// The same, and that its last two sizes are equal.
void check_square_batch(const char* operation, const Tensor& a);

/// A view with the last two axes swapped.
Tensor transposed(const Tensor& t);

/// A row-major copy of the elements with the last two axes swapped: from row-major to column-major, and back. No graph.
Tensor transposed_copy(const Tensor& t);

/// The sizes in front of the last two, and their product.
Dims batch_sizes(const Tensor& t);
int64_t batch_count(const Tensor& t);

/// batch sizes followed by `rest`.
Dims batch_shape(const Dims& batch, std::initializer_list<int64_t> rest);

/// Calls f(i) for each of `count` matrices, whose work is about `operations` multiplications each, on several threads if
/// that pays. What f returns, 0 if all went well, is returned for each.
std::vector<int> for_each_matrix(int64_t count, double operations, const std::function<int(int64_t)>& f);

/// "(Batch element i): " for the first matrix of a batch that failed, nothing for a tensor without batch axes.
std::string failed_element(const Tensor& a, size_t i);

}}  // namespace torch::xgrad
