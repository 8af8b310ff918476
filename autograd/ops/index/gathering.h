// Reading and writing at positions given by tensors.
//
// A position outside its axis throws IndexError "index X is out of bounds for dimension D with size S" before anything
// is written. Negative positions are refused except where they are said to count from the back. Where several elements
// meet in one place, sums are made in ascending order of the index, so results don't depend on the number of threads.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// y[i] = self[i with its coordinate along `dim` replaced by index[i]], in the shape of `index` (int64), which has as
/// many axes as self and is no larger except along `dim`. sparse_grad has no effect.
XGRAD_API Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);

/// A copy of self with y[i with its coordinate along `dim` replaced by index[i]] = src[i], for every i of index's shape;
/// index (int64) is no larger than src, and than self except along `dim`. Where several meet, the last one stays; the
/// gradient of src is gathered all the same.
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
/// The same adding ("add") or multiplying ("multiply") into self. Multiplying has no derivative.
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
/// scatter that adds.
XGRAD_API Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);

/// The slices of self along `dim` at the positions of `index`, a vector or 0-d tensor of int64 or int32.
XGRAD_API Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
/// A copy of self with alpha times slice i of `source` added to slice index[i] along `dim`. Index as for index_select.
XGRAD_API Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
/// A copy of self with slice index[i] along `dim` replaced by slice i of `source`; index is an int64 vector.
XGRAD_API Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
/// A copy of self with the slices at `index` along `dim` filled with a number or 0-d tensor. Negative positions count
/// from the back.
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);

/// self where `mask` (bool) is false and `value`, a number or 0-d tensor, where it is true; they broadcast.
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
/// The elements where `mask` (bool) is true, in row-major order as a vector; self and mask broadcast.
XGRAD_API Tensor masked_select(const Tensor& self, const Tensor& mask);

/// A new last axis of `num_classes` zeros with a 1 at the position self (int64) gives; -1 takes the largest value + 1.
/// Throws for values outside [0, num_classes).
XGRAD_API Tensor one_hot(const Tensor& self, int64_t num_classes = -1);
/// The elements of self, seen as a vector, at `index` (int64), in the shape of index. Negative positions count from the back.
XGRAD_API Tensor take(const Tensor& self, const Tensor& index);
/// gather with self and indices broadcast to each other on the other axes; without `dim`, of both as vectors.
XGRAD_API Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim = std::nullopt);
/// The coordinates of the elements that are not 0, one row each, in row-major order: int64 of shape [count, self.dim()].
XGRAD_API Tensor nonzero(const Tensor& self);

}}  // namespace torch::xgrad
