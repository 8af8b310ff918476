// Positions in sequences in ascending order.
#pragma once

#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// For each value, the first position in the ascending `sorted_sequence` at which it could be inserted: in front of equal elements, or behind
/// them where `right` or side is "right". The sequence is a vector, or has as many axes as `self`, whose sizes are equal but the last. `sorter`:
/// the positions (int64) that bring the sequence into order. int64, or int32 on request. dtypes promote.
XGRAD_API Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32 = false, bool right = false,
                              std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
XGRAD_API Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32 = false, bool right = false,
                              std::optional<std::string_view> side = std::nullopt, const std::optional<Tensor>& sorter = {});
/// searchsorted of a vector of boundaries.
XGRAD_API Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);
XGRAD_API Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32 = false, bool right = false);

}}  // namespace torch::xgrad
