// What the operations at positions along an axis check, and the values and derivatives that they share.
#pragma once

#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/tensor/forward.h>

namespace torch { inline namespace xgrad {

/// The axis `dim` of self, 0 of a 0-d tensor, and its size there, which is 1.
int axis_of(const Operation& operation, int64_t dim, const Tensor& self);
int64_t size_along(const Tensor& t, int axis);

/// Throws TypeError unless index is int64.
void check_index_dtype(const Operation& operation, const Tensor& index);
/// Throws TypeError, as the operation's name and what it says of it, unless a mask is Bool or Byte; warns of the latter.
void check_mask(const Operation& operation, const Tensor& mask);
/// PyTorch's warning of an index or mask of dtype uint8.
void warn_of_bytes(const Operation& operation, const std::string& text);

/// True iff `index` is no larger than `limit`, but along `except_axis` where that may be exceeded.
bool fits(const Tensor& index, const Tensor& limit, int except_axis);
void check_ndim(const Operation& operation, const Tensor& index, const Tensor& t, const char* role);
/// The checks of the scatter family. Returns the axis.
int check_scatter(const Operation& operation, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
/// The gradient of a `src` of `sizes` whose corner of g's shape was read: zeros outside it.
Tensor in_corner(const Tensor& g, const Dims& sizes);

/// The index of an operation on slices, as a vector of int64.
Tensor slice_index(const Operation& operation, const Tensor& index, bool int32_too);
/// Throws unless `source` holds one slice of self, but for its length along `axis`, for each position.
void check_source(const Operation& operation, const Tensor& self, int axis, const Tensor& index, const Tensor& source);
/// Zeros of `sizes` with the slices of src added at `index` (a vector): the derivative of index_select.
Tensor slices_sum(const Dims& sizes, int axis, const Tensor& index, const Tensor& src);

}}  // namespace torch::xgrad
