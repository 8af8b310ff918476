// Activation functions, elementwise.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor tanh(const Tensor& self);
XGRAD_API Tensor sigmoid(const Tensor& self);
XGRAD_API Tensor relu(const Tensor& self);
XGRAD_API Tensor relu6(const Tensor& self);
XGRAD_API Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
XGRAD_API Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
XGRAD_API Tensor celu(const Tensor& self, const Scalar& alpha = 1.0);
XGRAD_API Tensor selu(const Tensor& self);
XGRAD_API Tensor gelu(const Tensor& self, std::string_view approximate = "none");
XGRAD_API Tensor silu(const Tensor& self);
XGRAD_API Tensor mish(const Tensor& self);
XGRAD_API Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
XGRAD_API Tensor log_sigmoid(const Tensor& self);
XGRAD_API Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
XGRAD_API Tensor hardsigmoid(const Tensor& self);
XGRAD_API Tensor hardswish(const Tensor& self);
XGRAD_API Tensor hardshrink(const Tensor& self, const Scalar& lambd = 0.5);
XGRAD_API Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);
XGRAD_API Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);

}  // namespace xgrad
