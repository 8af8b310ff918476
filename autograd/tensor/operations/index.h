// Of the list in operations.h: reading and writing at positions given by tensors, and sorting along an axis.
#ifdef XGRAD_METHOD

// A position outside its axis throws IndexError "index X is out of bounds for dimension D with size S" before anything
// is written. Negative positions are refused except where they are said to count from the back. Where several elements
// meet in one place, sums are made in ascending order of the index, so results don't depend on the number of threads.

/// y[i] = self[i with its coordinate along `dim` replaced by index[i]], in the shape of `index` (int64), which has as
/// many axes as self and is no larger except along `dim`. sparse_grad has no effect.
Tensor gather(XGRAD_SELF_AND int64_t dim, const Tensor& index, bool sparse_grad = false) XGRAD_METHOD(gather(*this, dim, index, sparse_grad));
/// A copy of self with y[i with its coordinate along `dim` replaced by index[i]] = src[i], for every i of index's shape;
/// index (int64) is no larger than src, and than self except along `dim`. Where several meet, the last one stays; the
/// gradient of src is gathered all the same.
Tensor scatter(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& src) XGRAD_METHOD(scatter(*this, dim, index, src))
    XGRAD_REPLACED_BY(scatter_(int64_t dim, const Tensor& index, const Tensor& src), scatter(x, dim, index, src));
Tensor scatter(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Scalar& value) XGRAD_METHOD(scatter(*this, dim, index, value))
    XGRAD_REPLACED_BY(scatter_(int64_t dim, const Tensor& index, const Scalar& value), scatter(x, dim, index, value));
/// The same adding ("add") or multiplying ("multiply") into self. Multiplying has no derivative.
Tensor scatter(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& src,
               std::string_view reduce) XGRAD_METHOD(scatter(*this, dim, index, src, reduce))
    XGRAD_REPLACED_BY(scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce), scatter(x, dim, index, src, reduce));
Tensor scatter(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce)
    XGRAD_METHOD(scatter(*this, dim, index, value, reduce))
        XGRAD_REPLACED_BY(scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce),
                          scatter(x, dim, index, value, reduce));
/// scatter that adds.
Tensor scatter_add(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& src) XGRAD_METHOD(scatter_add(*this, dim, index, src))
    XGRAD_REPLACED_BY(scatter_add_(int64_t dim, const Tensor& index, const Tensor& src), scatter_add(x, dim, index, src));
/// A copy of self where the elements of src that meet in one place, and self's own if `include_self`, are reduced: "sum", "prod",
/// "mean" (of integers rounded down), "amax" or "amin" (a NaN wins). Elements that nothing meets stay. Equal extremes share the gradient;
/// that of "prod" has no derivative by src where two factors of one place are 0.
Tensor scatter_reduce(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                      bool include_self = true) XGRAD_METHOD(scatter_reduce(*this, dim, index, src, reduce, include_self))
    XGRAD_REPLACED_BY(scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self XGRAD_OR(true)),
                      scatter_reduce(x, dim, index, src, reduce, include_self));

/// The slices of self along `dim` at the positions of `index`, a vector or 0-d tensor of int64 or int32.
Tensor index_select(XGRAD_SELF_AND int64_t dim, const Tensor& index) XGRAD_METHOD(index_select(*this, dim, index));
/// A copy of self with alpha times slice i of `source` added to slice index[i] along `dim`. Index as for index_select.
Tensor index_add(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1)
    XGRAD_METHOD(index_add(*this, dim, index, source, alpha))
        XGRAD_REPLACED_BY(index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha XGRAD_OR(1)),
                          index_add(x, dim, index, source, alpha));
/// The same reducing the slices that meet, as scatter_reduce: "prod", "mean", "amax" or "amin".
Tensor index_reduce(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self = true)
    XGRAD_METHOD(index_reduce(*this, dim, index, source, reduce, include_self))
        XGRAD_REPLACED_BY(index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                                        bool include_self XGRAD_OR(true)),
                          index_reduce(x, dim, index, source, reduce, include_self));
/// A copy of self with slice index[i] along `dim` replaced by slice i of `source`; index is an int64 vector.
Tensor index_copy(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& source) XGRAD_METHOD(index_copy(*this, dim, index, source))
    XGRAD_REPLACED_BY(index_copy_(int64_t dim, const Tensor& index, const Tensor& source), index_copy(x, dim, index, source));
/// A copy of self with the slices at `index` along `dim` filled with a number or 0-d tensor. Negative positions count
/// from the back.
Tensor index_fill(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Scalar& value) XGRAD_METHOD(index_fill(*this, dim, index, value))
    XGRAD_REPLACED_BY(index_fill_(int64_t dim, const Tensor& index, const Scalar& value), index_fill(x, dim, index, value));
Tensor index_fill(XGRAD_SELF_AND int64_t dim, const Tensor& index, const Tensor& value) XGRAD_METHOD(index_fill(*this, dim, index, value))
    XGRAD_REPLACED_BY(index_fill_(int64_t dim, const Tensor& index, const Tensor& value), index_fill(x, dim, index, value));

/// self where `mask` (bool) is false and `value`, a number or 0-d tensor, where it is true; they broadcast.
Tensor masked_fill(XGRAD_SELF_AND const Tensor& mask, const Scalar& value) XGRAD_METHOD(masked_fill(*this, mask, value))
    XGRAD_REPLACED_BY(masked_fill_(const Tensor& mask, const Scalar& value), masked_fill(x, mask, value));
Tensor masked_fill(XGRAD_SELF_AND const Tensor& mask, const Tensor& value) XGRAD_METHOD(masked_fill(*this, mask, value))
    XGRAD_REPLACED_BY(masked_fill_(const Tensor& mask, const Tensor& value), masked_fill(x, mask, value));
/// A copy of self where the elements at which `mask` (bool) is true are replaced by those of `source`, one after the other in row-major
/// order. self and mask broadcast; source has self's dtype and enough elements.
Tensor masked_scatter(XGRAD_SELF_AND const Tensor& mask, const Tensor& source) XGRAD_METHOD(masked_scatter(*this, mask, source))
    XGRAD_REPLACED_BY(masked_scatter_(const Tensor& mask, const Tensor& source), masked_scatter(x, mask, source));
/// The elements where `mask` (bool) is true, in row-major order as a vector; self and mask broadcast.
Tensor masked_select(XGRAD_SELF_AND const Tensor& mask) XGRAD_METHOD(masked_select(*this, mask));

/// The elements of self, seen as a vector, at `index` (int64), in the shape of index. Negative positions count from the back.
Tensor take(XGRAD_SELF_AND const Tensor& index) XGRAD_METHOD(take(*this, index));
/// A copy of self where its elements, seen as a vector, at `index` (int64) are replaced by those of `source`, or have them added. As many
/// of both, of self's dtype. Negative positions count from the back.
Tensor put(XGRAD_SELF_AND const Tensor& index, const Tensor& source, bool accumulate = false) XGRAD_METHOD(put(*this, index, source, accumulate))
    XGRAD_REPLACED_BY(put_(const Tensor& index, const Tensor& source, bool accumulate XGRAD_OR(false)), put(x, index, source, accumulate));
/// gather with self and indices broadcast to each other on the other axes; without `dim`, of both as vectors.
Tensor take_along_dim(XGRAD_SELF_AND const Tensor& indices, std::optional<int64_t> dim = std::nullopt)
    XGRAD_METHOD(take_along_dim(*this, indices, dim));
/// The coordinates of the elements that are not 0, one row each, in row-major order: int64 of shape [count, self.dim()].
Tensor nonzero(XGRAD_SELF) XGRAD_METHOD(nonzero(*this));
Tensor argwhere(XGRAD_SELF) XGRAD_METHOD(argwhere(*this));
/// The same as one vector for each axis; a number counts as a vector.
std::vector<Tensor> nonzero_numpy(XGRAD_SELF) XGRAD_METHOD(nonzero_numpy(*this));

// ---- in order: NaN counts as larger than every number; equal elements keep their order

/// The k largest (smallest) elements along `dim` in order, and their positions (int64). `sorted` may be false, but they
/// are sorted all the same. Throws unless 0 <= k <= the size of the axis, and for bool.
std::tuple<Tensor, Tensor> topk(XGRAD_SELF_AND int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true)
    XGRAD_METHOD(topk(*this, k, dim, largest, sorted));
/// The elements in order along `dim`, and the positions they came from (int64). Always stable.
std::tuple<Tensor, Tensor> sort(XGRAD_SELF_AND int64_t dim = -1, bool descending = false) XGRAD_METHOD(sort(*this, dim, descending));
std::tuple<Tensor, Tensor> sort(XGRAD_SELF_AND std::optional<bool> stable, int64_t dim = -1, bool descending = false)
    XGRAD_METHOD(sort(*this, stable, dim, descending));
/// The elements in order along the first axis.
Tensor msort(XGRAD_SELF) XGRAD_METHOD(msort(*this));
/// Those positions alone.
Tensor argsort(XGRAD_SELF_AND int64_t dim = -1, bool descending = false) XGRAD_METHOD(argsort(*this, dim, descending));
Tensor argsort(XGRAD_SELF_AND bool stable, int64_t dim = -1, bool descending = false) XGRAD_METHOD(argsort(*this, stable, dim, descending));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
