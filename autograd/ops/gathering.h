// Reading and writing at positions given by tensors.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool sparse_grad = false);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce);
XGRAD_API Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce);
XGRAD_API Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src);
XGRAD_API Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index);
XGRAD_API Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1);
XGRAD_API Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source);
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value);
XGRAD_API Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value);
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value);
XGRAD_API Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value);
XGRAD_API Tensor masked_select(const Tensor& self, const Tensor& mask);
XGRAD_API Tensor one_hot(const Tensor& self, int64_t num_classes = -1);
XGRAD_API Tensor take(const Tensor& self, const Tensor& index);
XGRAD_API Tensor take_along_dim(const Tensor& self, const Tensor& indices, std::optional<int64_t> dim = std::nullopt);
XGRAD_API Tensor nonzero(const Tensor& self);

}  // namespace xgrad
