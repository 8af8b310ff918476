// Of the list in operations.h: views, which show other shapes of the same memory without copying unless said, and rearranged copies.
// In place (t_) this handle's tensor changes its shape, not its memory; throws for a leaf that requires a gradient.
#ifdef XGRAD_METHOD

/// The same elements as `shape`, a view if strides allow it, else a copy. One size may be -1 and is inferred.
Tensor reshape(XGRAD_SELF_AND IntArrayRef shape) XGRAD_METHOD(reshape(*this, shape));
/// The same as a view; throws when strides don't allow it.
Tensor view(XGRAD_SELF_AND IntArrayRef size) XGRAD_METHOD(view(*this, size));
/// The last two axes swapped; a 0-d tensor as it is. Throws for a vector. (The conjugate of real numbers is themselves.)
Tensor adjoint(XGRAD_SELF) XGRAD_METHOD(adjoint(*this));
/// A matrix with its axes swapped; vectors and 0-d tensors as they are. Throws for more than 2 axes.
Tensor t(XGRAD_SELF) XGRAD_METHOD(t(*this)) XGRAD_IN_PLACE(t_());
/// Two axes swapped.
Tensor transpose(XGRAD_SELF_AND int64_t dim0, int64_t dim1) XGRAD_METHOD(transpose(*this, dim0, dim1))
    XGRAD_IN_PLACE(transpose_(int64_t dim0, int64_t dim1));
/// Axis i of the result is axis dims[i]; dims names every axis once.
Tensor permute(XGRAD_SELF_AND IntArrayRef dims) XGRAD_METHOD(permute(*this, dims));
/// Axes moved to new positions, the others keeping their order.
Tensor movedim(XGRAD_SELF_AND IntArrayRef source, IntArrayRef destination) XGRAD_METHOD(movedim(*this, source, destination));
Tensor movedim(XGRAD_SELF_AND int64_t source, int64_t destination) XGRAD_METHOD(movedim(*this, source, destination));
/// movedim.
Tensor moveaxis(XGRAD_SELF_AND IntArrayRef source, IntArrayRef destination) XGRAD_METHOD(moveaxis(*this, source, destination));
Tensor moveaxis(XGRAD_SELF_AND int64_t source, int64_t destination) XGRAD_METHOD(moveaxis(*this, source, destination));
/// transpose.
Tensor swapaxes(XGRAD_SELF_AND int64_t axis0, int64_t axis1) XGRAD_METHOD(swapaxes(*this, axis0, axis1))
    XGRAD_IN_PLACE(swapaxes_(int64_t axis0, int64_t axis1));
Tensor swapdims(XGRAD_SELF_AND int64_t dim0, int64_t dim1) XGRAD_METHOD(swapdims(*this, dim0, dim1))
    XGRAD_IN_PLACE(swapdims_(int64_t dim0, int64_t dim1));
/// Without its axes of size 1, or without axis `dim` if that has size 1.
Tensor squeeze(XGRAD_SELF) XGRAD_METHOD(squeeze(*this)) XGRAD_IN_PLACE(squeeze_());
Tensor squeeze(XGRAD_SELF_AND int64_t dim) XGRAD_METHOD(squeeze(*this, dim)) XGRAD_IN_PLACE(squeeze_(int64_t dim));
/// With an axis of size 1 put in front of axis `dim` of the result.
Tensor unsqueeze(XGRAD_SELF_AND int64_t dim) XGRAD_METHOD(unsqueeze(*this, dim)) XGRAD_IN_PLACE(unsqueeze_(int64_t dim));
/// Axes start_dim..end_dim made one: a view where strides allow it, else a copy.
Tensor flatten(XGRAD_SELF_AND int64_t start_dim = 0, int64_t end_dim = -1) XGRAD_METHOD(flatten(*this, start_dim, end_dim));
/// The elements in row-major order as one axis: a view where strides allow it, else a copy.
Tensor ravel(XGRAD_SELF) XGRAD_METHOD(ravel(*this));
/// Axis `dim` cut into `sizes`, one of which may be -1.
Tensor unflatten(XGRAD_SELF_AND int64_t dim, IntArrayRef sizes) XGRAD_METHOD(unflatten(*this, dim, sizes));
/// Axes of size 1 repeated to `size` without copying; -1 keeps a size, new axes come in front.
/// `implicit` has no effect.
Tensor expand(XGRAD_SELF_AND IntArrayRef size, bool implicit = false) XGRAD_METHOD(expand(*this, size, implicit));
Tensor broadcast_to(XGRAD_SELF_AND IntArrayRef size) XGRAD_METHOD(broadcast_to(*this, size));
/// What lies at position `index` of axis `dim`, without that axis.
Tensor select(XGRAD_SELF_AND int64_t dim, int64_t index) XGRAD_METHOD(select(*this, dim, index));
/// Positions start, start+step, ... before end of an axis. Negative positions count from the back, and both ends are
/// brought into range, as in Python. Throws unless step > 0.
Tensor slice(XGRAD_SELF_AND int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1)
    XGRAD_METHOD(slice(*this, dim, start, end, step));
/// `length` positions of an axis from `start`; throws unless they lie inside.
Tensor narrow(XGRAD_SELF_AND int64_t dim, int64_t start, int64_t length) XGRAD_METHOD(narrow(*this, dim, start, length));
/// The same from a position that a 0-d tensor of integers holds.
Tensor narrow(XGRAD_SELF_AND int64_t dim, const Tensor& start, int64_t length) XGRAD_METHOD(narrow(*this, dim, start, length));
/// A copy of narrow.
Tensor narrow_copy(XGRAD_SELF_AND int64_t dim, int64_t start, int64_t length) XGRAD_METHOD(narrow_copy(*this, dim, start, length));
/// The diagonal of two axes as the last axis; offset > 0 lies above the main one.
Tensor diagonal(XGRAD_SELF_AND int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) XGRAD_METHOD(diagonal(*this, offset, dim1, dim2));
/// Any strided window on the storage, in elements; storage_offset defaults to that of `self`. Throws when it would
/// leave the storage.
Tensor as_strided(XGRAD_SELF_AND IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt)
    XGRAD_METHOD(as_strided(*this, size, stride, storage_offset))
        XGRAD_IN_PLACE(as_strided_(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt));

// ---- copies with a part replaced: `src` has the shape of that part, and its elements take self's dtype

/// What select, slice and diagonal show is replaced. Copies lie in memory as self does.
Tensor select_scatter(XGRAD_SELF_AND const Tensor& src, int64_t dim, int64_t index) XGRAD_METHOD(select_scatter(*this, src, dim, index));
Tensor slice_scatter(XGRAD_SELF_AND const Tensor& src, int64_t dim = 0, std::optional<int64_t> start = std::nullopt,
                     std::optional<int64_t> end = std::nullopt, int64_t step = 1) XGRAD_METHOD(slice_scatter(*this, src, dim, start, end, step));
Tensor diagonal_scatter(XGRAD_SELF_AND const Tensor& src, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1)
    XGRAD_METHOD(diagonal_scatter(*this, src, offset, dim1, dim2));
/// What as_strided shows of the copy is replaced; storage_offset defaults to 0. Throws for a tensor of a graph that is not row-major.
Tensor as_strided_scatter(XGRAD_SELF_AND const Tensor& src, IntArrayRef size, IntArrayRef stride,
                          std::optional<int64_t> storage_offset = std::nullopt)
    XGRAD_METHOD(as_strided_scatter(*this, src, size, stride, storage_offset));

// ---- cutting apart

/// Views of `split_size` positions of axis `dim` each, the last one of what is left.
std::vector<Tensor> split(XGRAD_SELF_AND int64_t split_size, int64_t dim = 0) XGRAD_METHOD(split(*this, split_size, dim));
/// Views of as many positions as each size says; the sizes add up to that of the axis.
std::vector<Tensor> split(XGRAD_SELF_AND IntArrayRef split_size, int64_t dim = 0) XGRAD_METHOD(split(*this, split_size, dim));
std::vector<Tensor> split_with_sizes(XGRAD_SELF_AND IntArrayRef split_sizes, int64_t dim = 0) XGRAD_METHOD(split_with_sizes(*this, split_sizes, dim));
/// Up to `chunks` views of equal length along an axis, the last one possibly shorter; fewer when the length runs out.
std::vector<Tensor> chunk(XGRAD_SELF_AND int64_t chunks, int64_t dim = 0) XGRAD_METHOD(chunk(*this, chunks, dim));
/// The same parts, on the same memory, as tensors that may be edited in place where gradients flow: no views.
std::vector<Tensor> unsafe_split(XGRAD_SELF_AND int64_t split_size, int64_t dim = 0) XGRAD_METHOD(unsafe_split(*this, split_size, dim));
std::vector<Tensor> unsafe_split_with_sizes(XGRAD_SELF_AND IntArrayRef split_sizes, int64_t dim = 0)
    XGRAD_METHOD(unsafe_split_with_sizes(*this, split_sizes, dim));
std::vector<Tensor> unsafe_chunk(XGRAD_SELF_AND int64_t chunks, int64_t dim = 0) XGRAD_METHOD(unsafe_chunk(*this, chunks, dim));
/// `sections` views along an axis whose lengths differ by one at most, the longer ones first; or the slices between `indices`; or
/// either by a tensor (int64) without axes or with one.
std::vector<Tensor> tensor_split(XGRAD_SELF_AND int64_t sections, int64_t dim = 0) XGRAD_METHOD(tensor_split(*this, sections, dim));
std::vector<Tensor> tensor_split(XGRAD_SELF_AND IntArrayRef indices, int64_t dim = 0) XGRAD_METHOD(tensor_split(*this, indices, dim));
std::vector<Tensor> tensor_split(XGRAD_SELF_AND const Tensor& tensor_indices_or_sections, int64_t dim = 0)
    XGRAD_METHOD(tensor_split(*this, tensor_indices_or_sections, dim));
/// tensor_split along axis 1 (of a vector 0), 0 and 2; throws unless `sections` divides the axis.
std::vector<Tensor> hsplit(XGRAD_SELF_AND int64_t sections) XGRAD_METHOD(hsplit(*this, sections));
std::vector<Tensor> hsplit(XGRAD_SELF_AND IntArrayRef indices) XGRAD_METHOD(hsplit(*this, indices));
std::vector<Tensor> vsplit(XGRAD_SELF_AND int64_t sections) XGRAD_METHOD(vsplit(*this, sections));
std::vector<Tensor> vsplit(XGRAD_SELF_AND IntArrayRef indices) XGRAD_METHOD(vsplit(*this, indices));
std::vector<Tensor> dsplit(XGRAD_SELF_AND int64_t sections) XGRAD_METHOD(dsplit(*this, sections));
std::vector<Tensor> dsplit(XGRAD_SELF_AND IntArrayRef indices) XGRAD_METHOD(dsplit(*this, indices));
/// A view of each position of an axis, without that axis.
std::vector<Tensor> unbind(XGRAD_SELF_AND int64_t dim = 0) XGRAD_METHOD(unbind(*this, dim));

// ---- rearranged copies

/// The elements in reverse order along each of the axes.
Tensor flip(XGRAD_SELF_AND IntArrayRef dims) XGRAD_METHOD(flip(*this, dims));
/// The same along axis 1, and along axis 0.
Tensor fliplr(XGRAD_SELF) XGRAD_METHOD(fliplr(*this));
Tensor flipud(XGRAD_SELF) XGRAD_METHOD(flipud(*this));
/// Turned by k right angles in the plane of two axes, from the first towards the second.
Tensor rot90(XGRAD_SELF_AND int64_t k = 1, IntArrayRef dims = {0, 1}) XGRAD_METHOD(rot90(*this, k, dims));
/// The elements moved on by shifts[i] positions along dims[i], those that leave at one end entering at the other.
/// Without dims, one shift moves the elements in row-major order.
Tensor roll(XGRAD_SELF_AND IntArrayRef shifts, IntArrayRef dims = {}) XGRAD_METHOD(roll(*this, shifts, dims));
/// Copies side by side, reps[i] of them along axis i counted from the back; axes missing on either side count as 1.
Tensor tile(XGRAD_SELF_AND IntArrayRef reps) XGRAD_METHOD(tile(*this, reps));
/// Slice i along `dim` repeated repeats[i] times (or `repeats` times each); without dim, the elements in row-major order.
/// `repeats`: int64 or int32 vector. output_size, if given, must be their sum.
Tensor repeat_interleave(XGRAD_SELF_AND const Tensor& repeats, std::optional<int64_t> dim = std::nullopt,
                         std::optional<int64_t> output_size = std::nullopt) XGRAD_METHOD(repeat_interleave(*this, repeats, dim, output_size));
Tensor repeat_interleave(XGRAD_SELF_AND int64_t repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt)
    XGRAD_METHOD(repeat_interleave(*this, repeats, dim, output_size));
/// Of a vector, the square matrix with it on a diagonal and zeros elsewhere; of a matrix, a copy of that diagonal.
/// diagonal > 0 lies above the main one.
Tensor diag(XGRAD_SELF_AND int64_t diagonal = 0) XGRAD_METHOD(diag(*this, diagonal));
/// diag of all elements in row-major order.
Tensor diagflat(XGRAD_SELF_AND int64_t offset = 0) XGRAD_METHOD(diagflat(*this, offset));
/// The last axis as the diagonal of square matrices of zeros, whose axes become dim1 and dim2 of the result.
Tensor diag_embed(XGRAD_SELF_AND int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) XGRAD_METHOD(diag_embed(*this, offset, dim1, dim2));
/// The part of each matrix on and above (triu), on and below (tril) a diagonal, with zeros elsewhere.
Tensor triu(XGRAD_SELF_AND int64_t diagonal = 0) XGRAD_METHOD(triu(*this, diagonal))
    XGRAD_REPLACED_BY(triu_(int64_t diagonal XGRAD_OR(0)), triu(x, diagonal));
Tensor tril(XGRAD_SELF_AND int64_t diagonal = 0) XGRAD_METHOD(tril(*this, diagonal))
    XGRAD_REPLACED_BY(tril_(int64_t diagonal XGRAD_OR(0)), tril(x, diagonal));
/// The sum of a matrix's main diagonal; of integers an int64.
Tensor trace(XGRAD_SELF) XGRAD_METHOD(trace(*this));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
