// Gradients in rows: what a sparse tensor is made of. Internal; what users see of it stands in tensor.h.
#pragma once

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Rows and their positions along the first axis.
struct ListedRows {
  Tensor positions;  ///< int64 [n], each within the axis
  Tensor values;     ///< [n, the other axes...]
};

/// What the handle of a sparse tensor refers to (the note on handles: tensor_impl.h).
/// The lists are never edited where they lie, so a sum takes over those of its terms without copying a row.
/// As a TensorImpl it has a shape and a dtype, but no memory and no place in a graph.
class SparseImpl : public TensorImpl {
 public:
  std::vector<ListedRows> parts;
  bool coalesced = false;  ///< True iff every position is listed once, in ascending order, in one part

  /// All rows in one list, which the tensor keeps.
  const ListedRows& joined();
};

/// A sparse tensor. Positions must have been checked; the values' dtype is the tensor's.
XGRAD_API Tensor make_sparse(IntArrayRef sizes, ListedRows rows, bool coalesced = false);
/// What `t`, which must be sparse, refers to.
inline SparseImpl& sparse_impl(const Tensor& t) { return *static_cast<SparseImpl*>(unmarked(t.unsafeGetTensorImpl())); }
/// True iff no other handle on the sparse tensor `t` exists.
inline bool is_unshared_sparse(const Tensor& t) { return sparse_impl(t).refs.value() == 1; }

// Defined in autograd/ops/index/sparse.cpp.

/// sum += g, of gradients of one shape and dtype, at least one of them sparse: two sparse ones give a sparse one. in_place: other handles
/// on `sum` see the sum too, unless a sparse one becomes dense; else `sum` becomes another tensor where there are others.
XGRAD_API void add_to_sum(Tensor& sum, const Tensor& g, bool in_place);
/// A sparse gradient whose rows no other tensor can change.
XGRAD_API Tensor own_rows(const Tensor& g);
/// t *= factor.
XGRAD_API void scale_rows(const Tensor& t, const Scalar& factor);

}}  // namespace torch::xgrad
