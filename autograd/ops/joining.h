// Joining tensors and cutting them apart.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor cat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor stack(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor hstack(TensorList tensors);
XGRAD_API Tensor vstack(TensorList tensors);
XGRAD_API std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split(const Tensor& self, IntArrayRef split_size, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
XGRAD_API std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
XGRAD_API std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);

}  // namespace xgrad
