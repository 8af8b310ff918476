// Views: other shapes of the same memory. Nothing is copied unless said.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The same elements as `shape`, a view if strides allow it, else a copy. One size may be -1 and is inferred.
XGRAD_API Tensor reshape(const Tensor& self, IntArrayRef shape);
/// The same as a view; throws when strides don't allow it.
XGRAD_API Tensor view(const Tensor& self, IntArrayRef shape);
/// A matrix with its axes swapped; vectors and 0-d tensors as they are. Throws for more than 2 axes.
XGRAD_API Tensor t(const Tensor& self);
/// Two axes swapped.
XGRAD_API Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
inline Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) { return transpose(self, axis0, axis1); }
/// Axis i of the result is axis dims[i]; dims names every axis once.
XGRAD_API Tensor permute(const Tensor& self, IntArrayRef dims);
/// Axes moved to new positions, the others keeping their order.
XGRAD_API Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination);
XGRAD_API Tensor movedim(const Tensor& self, int64_t source, int64_t destination);
/// Without its axes of size 1, or without axis `dim` if that has size 1.
XGRAD_API Tensor squeeze(const Tensor& self);
XGRAD_API Tensor squeeze(const Tensor& self, int64_t dim);
/// With an axis of size 1 put in front of axis `dim` of the result.
XGRAD_API Tensor unsqueeze(const Tensor& self, int64_t dim);
/// Axes start_dim..end_dim made one: a view where strides allow it, else a copy.
XGRAD_API Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
/// Axis `dim` cut into `sizes`, one of which may be -1.
XGRAD_API Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes);
/// Axes of size 1 repeated to `size` without copying; -1 keeps a size, new axes come in front.
XGRAD_API Tensor expand(const Tensor& self, IntArrayRef size);
XGRAD_API Tensor broadcast_to(const Tensor& self, IntArrayRef size);
/// All expanded to the shape they broadcast to.
XGRAD_API std::vector<Tensor> broadcast_tensors(TensorList tensors);
/// Coordinate grids of 1-d (or 0-d) tensors. indexing: "ij" (the default), or "xy", which swaps the first two axes.
XGRAD_API std::vector<Tensor> meshgrid(TensorList tensors);
XGRAD_API std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing);
/// What lies at position `index` of axis `dim`, without that axis.
XGRAD_API Tensor select(const Tensor& self, int64_t dim, int64_t index);
/// Positions start, start+step, ... before end of an axis. Negative positions count from the back, and both ends are
/// brought into range, as in Python. Throws unless step > 0.
XGRAD_API Tensor slice(const Tensor& self, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
                       std::optional<int64_t> end = std::nullopt, int64_t step = 1);
/// `length` positions of an axis from `start`; throws unless they lie inside.
XGRAD_API Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
/// The diagonal of two axes as the last axis; offset > 0 lies above the main one.
XGRAD_API Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
/// Any strided window on the storage, in elements; storage_offset defaults to that of `self`. Throws when it would
/// leave the storage.
XGRAD_API Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                            std::optional<int64_t> storage_offset = std::nullopt);

}}  // namespace torch::xgrad
