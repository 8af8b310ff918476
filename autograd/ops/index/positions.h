// Elements at positions that an index tensor names: what gathering, scattering and indexing are made of. No graph here.
#pragma once

#include <xgrad/autograd/kernels/index/gather.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

using kernels::Combine;

/// Throws IndexError "index X is out of bounds for dimension D with size S" unless every element of `index` (int64)
/// lies in [0, size).
void check_positions(const char* operation, const Tensor& index, int64_t size, int64_t dim);
/// The same for [-size, size); returns the index with negative positions counted from the back.
Tensor wrapped_positions(const char* operation, const Tensor& index, int64_t size, int64_t dim);

/// The elements of `x` at `index` along `axis`, in the shape of `index`, whose other sizes are at most x's.
/// 0-d tensors count as having one axis.
Tensor gathered(const Tensor& x, int axis, const Tensor& index);

/// Combines x[i] into y[index[i] along `axis`] for every i of index's shape; `x` has y's dtype and at least that shape.
/// Elements that meet are combined in ascending order, with any number of threads.
void scatter_into(const Tensor& y, int axis, const Tensor& index, const Tensor& x, Combine how);

/// A 1-d index shown as `shape`: index[i_axis] at every i.
Tensor index_along(const Tensor& index, int axis, IntArrayRef shape);

/// Where the elements of one operand lie: an address and a stride in bytes for each axis.
struct Operands {
  void* data;
  Dims strides;
};
Operands operands_of(const Tensor& t);

/// The two loops over explicit memory. `sizes` are those of y for gathering, and without the indexed axis for scattering.
void run_gather(const Dims& sizes, const Operands& y, const Operands& index, const Operands& x, int64_t step, ScalarType dtype);
void run_scatter(const Dims& sizes, const Operands& y, const Operands& index, const Operands& x,
                 const kernels::ScatterParameter& line, ScalarType dtype, Combine how);

}}  // namespace torch::xgrad
