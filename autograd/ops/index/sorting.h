// Sorting and the largest elements along an axis. NaN counts as larger than every number; equal elements keep their order.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The k largest (smallest) elements along `dim` in order, and their positions (int64). `sorted` may be false, but they
/// are sorted all the same. Throws unless 0 <= k <= the size of the axis, and for bool.
XGRAD_API std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true);
/// The elements in order along `dim`, and the positions they came from (int64). Always stable.
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim = -1, bool descending = false);
/// Those positions alone.
XGRAD_API Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API Tensor argsort(const Tensor& self, bool stable, int64_t dim = -1, bool descending = false);

}}  // namespace torch::xgrad
