// Products with the matrix of a layer. Other products are methods too (autograd/tensor/operations/linalg.h).
//
// Both factors have the same dtype: floating, or integer (whose products wrap around). Transposed views and other strided
// factors are read where they lie.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// input weight^T + bias. input (..., in), weight (out, in) or (in), bias (out) or anything that broadcasts.
XGRAD_API Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
/// relu, tanh and sigmoid of linear(input, weight, bias) as one operation: one tensor, one node. nn::Sequential computes
/// a Linear and the activation after it so.
XGRAD_API Tensor linear_relu(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
XGRAD_API Tensor linear_tanh(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});
XGRAD_API Tensor linear_sigmoid(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {});

}}  // namespace torch::xgrad
