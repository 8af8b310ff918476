// Sorting and the largest elements along an axis.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true);
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool> stable, int64_t dim = -1, bool descending = false);
XGRAD_API Tensor argsort(const Tensor& self, int64_t dim = -1, bool descending = false);
XGRAD_API Tensor argsort(const Tensor& self, bool stable, int64_t dim = -1, bool descending = false);

}  // namespace xgrad
