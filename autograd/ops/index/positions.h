// Elements at positions that an index tensor names: what gathering, scattering and indexing are made of. No graph here.
#pragma once

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/kernels/index/gather.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

using kernels::Combine;

/// Throws IndexError "index X is out of bounds for dimension D with size S" unless every element of `index` (int64)
/// lies in [0, size). `said` comes first, if given.
void check_positions(const Operation& operation, const Tensor& index, int64_t size, int64_t dim, const char* said = nullptr);
/// The same for [-size, size); returns the index with negative positions counted from the back.
Tensor wrapped_positions(const Operation& operation, const Tensor& index, int64_t size, int64_t dim, const char* said = nullptr);

/// The elements of `x` at `index` along `axis`, in the shape of `index`, whose other sizes are at most x's.
/// 0-d tensors count as having one axis.
Tensor gathered(const Operation& operation, const Tensor& x, int axis, const Tensor& index);

/// Combines x[i] into y[index[i] along `axis`] for every i of index's shape; `x` has y's dtype and at least that shape.
/// Elements that meet are combined in ascending order, with any number of threads.
void scatter_into(const Operation& operation, const Tensor& y, int axis, const Tensor& index, const Tensor& x, Combine how);

/// A 1-d index shown as `shape`: index[i_axis] at every i.
Tensor index_along(const Tensor& index, int axis, IntArrayRef shape);

/// A tensor walked from its first element with a stride in bytes for each axis.
struct Walked {
  const Tensor& tensor;
  Dims strides;
};
/// Of t's own axes.
Dims byte_strides(const Tensor& t);

/// The two loops over explicit strides. `sizes` are those of y for gathering, and without the indexed axis for scattering.
void run_gather(const Operation& operation, const Dims& sizes, const Walked& y, const Walked& index, const Walked& x, int64_t step);
void run_scatter(const Operation& operation, const Dims& sizes, const Walked& y, const Walked& index, const Walked& x,
                 const kernels::ScatterParameter& line, Combine how);

}}  // namespace torch::xgrad
