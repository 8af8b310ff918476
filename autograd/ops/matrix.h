// Products of vectors, matrices and batches of matrices.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor mm(const Tensor& self, const Tensor& mat2);
XGRAD_API Tensor mv(const Tensor& self, const Tensor& vec);
XGRAD_API Tensor dot(const Tensor& self, const Tensor& tensor);
XGRAD_API Tensor bmm(const Tensor& self, const Tensor& mat2);
XGRAD_API Tensor matmul(const Tensor& self, const Tensor& other);
XGRAD_API Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
XGRAD_API Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
XGRAD_API Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);
XGRAD_API Tensor outer(const Tensor& self, const Tensor& vec2);
XGRAD_API Tensor ger(const Tensor& self, const Tensor& vec2);
XGRAD_API Tensor inner(const Tensor& self, const Tensor& other);
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});

}  // namespace xgrad
