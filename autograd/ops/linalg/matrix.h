// Products of vectors, matrices and batches of matrices.
//
// Both factors have the same dtype: floating, or integer (whose products wrap around). Transposed views and other strided
// factors are read where they lie.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// (n, k) by (k, m) gives (n, m). Throws "mat1 and mat2 shapes cannot be multiplied" when the k differ.
XGRAD_API Tensor mm(const Tensor& self, const Tensor& mat2);
/// (n, k) by (k) gives (n).
XGRAD_API Tensor mv(const Tensor& self, const Tensor& vec);
/// The sum of the products of two vectors of equal length, as a 0-d tensor.
XGRAD_API Tensor dot(const Tensor& self, const Tensor& tensor);
/// (b, n, k) by (b, k, m) gives (b, n, m), matrix by matrix.
XGRAD_API Tensor bmm(const Tensor& self, const Tensor& mat2);
/// The product of tensors of any rank from 1 on. The last two axes hold matrices, the axes in front broadcast. A 1-d
/// factor is a row on the left and a column on the right, and its axis is missing in the result.
XGRAD_API Tensor matmul(const Tensor& self, const Tensor& other);

/// beta * self + alpha * mat1 mat2; self broadcasts to the product's shape and has its dtype.
/// With beta 0, self is ignored, NaN included. With alpha 0, NaN and infinity in the product still show.
/// For integers alpha and beta are truncated.
XGRAD_API Tensor addmm(const Tensor& self, const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1);
/// beta * self + alpha * mat vec, as addmm.
XGRAD_API Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1);
/// beta * self + alpha * batch1 batch2, matrix by matrix, as addmm.
XGRAD_API Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1);

/// All products of an element of `self` (n) with one of `vec2` (m), as (n, m); dtypes promote.
XGRAD_API Tensor outer(const Tensor& self, const Tensor& vec2);
XGRAD_API Tensor ger(const Tensor& self, const Tensor& vec2);
/// Sums of products over the last axis of both: shape self[..., k], other[..., k] gives the axes of self in front of its
/// last, then those of other. With a 0-d factor it is the product of all elements with it.
XGRAD_API Tensor inner(const Tensor& self, const Tensor& other);

/// input weight^T + bias. input (..., in), weight (out, in) or (in), bias (out) or anything that broadcasts.
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
/// relu, tanh and sigmoid of linear(input, weight, bias) as one operation: one tensor, one node. nn::Sequential computes
/// a Linear and the activation after it so.
XGRAD_API Tensor linear_relu(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
XGRAD_API Tensor linear_tanh(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
XGRAD_API Tensor linear_sigmoid(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});

}}  // namespace torch::xgrad
