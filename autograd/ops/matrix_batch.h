// Batches of matrices on their way to LAPACK, which wants each of them column-major.
#pragma once

#include <vector>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/tensor.h>

namespace xgrad {

/// Throws unless `a` has floating elements and at least two axes.
void check_matrix_batch(const char* operation, const Tensor& a, const char* name = "A");
/// The same, and that its last two sizes are equal.
void check_square_batch(const char* operation, const Tensor& a);

/// A row-major copy of the elements with the last two axes swapped: from row-major to column-major, and back. No graph.
Tensor transposed_copy(const Tensor& t);

/// The sizes in front of the last two, and their product.
Dims batch_sizes(const Tensor& t);
int64_t batch_count(const Tensor& t);

/// batch sizes followed by `rest`.
Dims batch_shape(const Dims& batch, std::initializer_list<int64_t> rest);

/// Calls f(i) for each of `count` matrices, whose work is about `operations` multiplications each, on several threads if
/// that pays. What f returns, 0 if all went well, is returned for each.
template <class F>
std::vector<int> for_each_matrix(int64_t count, double operations, F f) {
  std::vector<int> info(static_cast<size_t>(count), 0);
  const auto grain = static_cast<int64_t>(kernels::kParallelNanoseconds / (operations / 4 + 1000)) + 1;
  kernels::parallel_for(count, grain, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) info[static_cast<size_t>(i)] = f(i);
  });
  return info;
}

/// "(Batch element i): " for the first matrix of a batch that failed, nothing for a tensor without batch axes.
std::string failed_element(const Tensor& a, size_t i);

}  // namespace xgrad
