// Activation functions, elementwise: what is no method too (autograd/tensor/operations/pointwise.h). Where nothing else is said they take
// floating dtypes only.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// self limited to [0, 6]; the derivative at the bounds is 0.
XGRAD_API Tensor relu6(const Tensor& self);
/// The first half of self along `dim` times the sigmoid of the second (Dauphin et al., Language Modeling with Gated Convolutional Networks,
/// 2017). Throws for a tensor without axes and for an odd size.
XGRAD_API Tensor glu(const Tensor& self, int64_t dim = -1);
/// self above 0, negative_slope * self elsewhere.
XGRAD_API Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
/// scale * self above 0, scale * alpha * (exp(input_scale * self) - 1) elsewhere.
XGRAD_API Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1, const Scalar& input_scale = 1);
/// self above 0, alpha * (exp(self / alpha) - 1) elsewhere. Throws for alpha 0.
XGRAD_API Tensor celu(const Tensor& self, const Scalar& alpha = 1.0);
/// elu with the alpha and scale that keep mean 0 and variance 1 (Klambauer et al., Self-Normalizing Neural Networks, 2017).
XGRAD_API Tensor selu(const Tensor& self);
/// self * Phi(self) with the normal distribution function; approximate "tanh" uses Hendrycks and Gimpel's formula. Throws for
/// another word than "none" and "tanh". At -inf it is 0 (PyTorch: NaN), as are silu and mish.
XGRAD_API Tensor gelu(const Tensor& self, std::string_view approximate = "none");
/// self * sigmoid(self).
XGRAD_API Tensor silu(const Tensor& self);
/// self * tanh(softplus(self)).
XGRAD_API Tensor mish(const Tensor& self);
/// log(1 + exp(beta * self)) / beta, and self where beta * self > threshold.
XGRAD_API Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
/// log(sigmoid(self)) without overflow.
XGRAD_API Tensor log_sigmoid(const Tensor& self);
/// self limited to [min_val, max_val]; the derivative at the bounds is 0. Keeps integer dtypes.
XGRAD_API Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
/// self / 6 + 1/2 limited to [0, 1].
XGRAD_API Tensor hardsigmoid(const Tensor& self);
/// self * hardsigmoid(self).
XGRAD_API Tensor hardswish(const Tensor& self);
/// self moved towards 0 by lambd, 0 where |self| <= lambd; NaN stays NaN (PyTorch: 0). Throws for lambd < 0.
XGRAD_API Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);
/// self above the threshold, value elsewhere; NaN stays NaN.
XGRAD_API Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);

}}  // namespace torch::xgrad
