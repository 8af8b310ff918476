// Rows of a table, alone or in bags, and stretches of an axis in segments, each reduced to one.
#pragma once

#include <string_view>
#include <tuple>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The rows of `weight` [rows, size] at `indices` (int64 or int32 of any shape): [indices..., size]. The row padding_idx, where that is not negative,
/// gets no gradient; scale_grad_by_freq: a row's is divided by the number of times that it is in `indices`. sparse: the gradient of `weight` is
/// a list of the rows asked for, a sparse tensor (tensor.h), and the table is nowhere passed over; with scale_grad_by_freq or create_graph
/// backward then throws. Throws for indices outside the table.
XGRAD_API Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx = -1, bool scale_grad_by_freq = false,
                           bool sparse = false);

/// The rows of `weight` at `indices` (a vector, int64 or int32) in bags that begin at `offsets`, the first at 0, each bag as one row: the sum (mode
/// 0), the mean (1) or the largest elements (2), 0 for an empty bag. Also the bag of each index, the number of indices in each bag and, in mode 2,
/// the row that each element comes from; in mode 0 zeros stand for the last two, in mode 1 the last is the one before.
///
/// per_sample_weights: what each row is multiplied with, in mode 0 alone. include_last_offset: the last offset only ends the last bag. A
/// padding_idx is left out of the bags; negative ones count from the back. scale_grad_by_freq: in modes 0 and 1 the gradient of a row is divided
/// by the number of times that it is in `indices`. sparse: as in embedding(), in modes 0 and 1. Throws for indices outside the table.
XGRAD_API std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets,
                                                                   bool scale_grad_by_freq = false, int64_t mode = 0, bool sparse = false,
                                                                   const std::optional<Tensor>& per_sample_weights = {},
                                                                   bool include_last_offset = false);
XGRAD_API std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets,
                                                                   bool scale_grad_by_freq, int64_t mode, bool sparse,
                                                                   const std::optional<Tensor>& per_sample_weights, bool include_last_offset,
                                                                   std::optional<int64_t> padding_idx);

/// Scales each row of self that `indices` names and whose norm is larger down to max_norm / (norm + 1e-7) of it. In a graph it has no derivative.
/// Returns self, or a copy.
XGRAD_API Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type);
XGRAD_API Tensor embedding_renorm(const Tensor& self, const Tensor& indices, double max_norm, double norm_type);

/// The stretches along `axis` of the given lengths, or from each of the `offsets` to the next, reduced to one each: "sum", "mean", "max", "min" or
/// "prod" of the elements and of `initial`, which "mean" doesn't count. Without `initial` nothing gives 0, NaN, -inf, inf or 1. Equal extremes share
/// the gradient. Lengths and offsets (int64 or int32) may differ along the axes in front of `axis`, which is their last. The lengths add up to that
/// of the axis unless `unsafe`, and are not negative; what is left over is ignored. `indices` are refused. Floating dtypes only.
XGRAD_API Tensor segment_reduce(const Tensor& data, std::string_view reduce, const std::optional<Tensor>& lengths = {},
                                const std::optional<Tensor>& indices = {}, const std::optional<Tensor>& offsets = {}, int64_t axis = 0,
                                bool unsafe = false, const std::optional<Scalar>& initial = std::nullopt);

}}  // namespace torch::xgrad
