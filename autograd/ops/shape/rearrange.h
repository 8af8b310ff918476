// Rearranged copies.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The elements in reverse order along each of the axes.
XGRAD_API Tensor flip(const Tensor& self, IntArrayRef dims);
/// The elements moved on by shifts[i] positions along dims[i], those that leave at one end entering at the other.
/// Without dims, one shift moves the elements in row-major order.
XGRAD_API Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});
/// Copies side by side, reps[i] of them along axis i counted from the back; axes missing on either side count as 1.
XGRAD_API Tensor tile(const Tensor& self, IntArrayRef reps);
/// Index i repeated repeats[i] times, in order: tensor({0, 2, 1}) gives 1, 1, 2. `repeats`: int64 or int32 vector.
/// output_size, if given, must be their sum.
XGRAD_API Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
/// Slice i along `dim` repeated repeats[i] times (or `repeats` times each); without dim, the elements in row-major order.
XGRAD_API Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt);
XGRAD_API Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt);
/// Of a vector, the square matrix with it on a diagonal and zeros elsewhere; of a matrix, a copy of that diagonal.
/// diagonal > 0 lies above the main one.
XGRAD_API Tensor diag(const Tensor& self, int64_t diagonal = 0);
/// The last axis as the diagonal of square matrices of zeros, whose axes become dim1 and dim2 of the result.
XGRAD_API Tensor diag_embed(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
/// The part of each matrix on and above (triu), on and below (tril) a diagonal, with zeros elsewhere.
XGRAD_API Tensor triu(const Tensor& self, int64_t diagonal = 0);
XGRAD_API Tensor tril(const Tensor& self, int64_t diagonal = 0);
/// The sum of a matrix's main diagonal; of integers an int64.
XGRAD_API Tensor trace(const Tensor& self);

}}  // namespace torch::xgrad
