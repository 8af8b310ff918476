// The gradient of an activation or a loss with respect to its input, as a function: torch::gelu_backward(grad_output, x). It is what a sweep
// of the graph gives, and differentiable as that is. Not a header of libtorch.
#pragma once

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

namespace detail {

/// What a sweep gives `self` from f(self), whose gradient is `grad_output`; a part of the graph where one of them is.
template <class F> Tensor gradient_through(F f, const Tensor& grad_output, const Tensor& self) {
  const bool in_graph = GradMode::is_enabled() && (self.requires_grad() || grad_output.requires_grad());
  AutoGradMode on(true);
  const Tensor x = self.requires_grad() && in_graph ? self.alias() : self.detach().requires_grad_();
  return autograd::grad({f(x)}, {x}, {grad_output}, in_graph, in_graph)[0];
}

}  // namespace detail

#define XGRAD_BACKWARD(name, parameters, arguments)                                                      \
  inline Tensor name##_backward(const Tensor& grad_output, const Tensor& self XGRAD_UNPACK parameters) { \
    const auto f = [&](const Tensor& x) { return name(x XGRAD_UNPACK arguments); };                      \
    return detail::gradient_through(f, grad_output, self);                                               \
  }
XGRAD_BACKWARD(gelu, (, std::string_view approximate = "none"), (, approximate))
XGRAD_BACKWARD(glu, (, int64_t dim), (, dim))
XGRAD_BACKWARD(hardshrink, (, const Scalar& lambd), (, lambd))
XGRAD_BACKWARD(hardsigmoid, (), ())
XGRAD_BACKWARD(hardswish, (), ())
XGRAD_BACKWARD(hardtanh, (, const Scalar& min_val, const Scalar& max_val), (, min_val, max_val))
XGRAD_BACKWARD(logit, (, std::optional<double> eps = std::nullopt), (, eps))
XGRAD_BACKWARD(mish, (), ())
XGRAD_BACKWARD(silu, (), ())
XGRAD_BACKWARD(softplus, (, const Scalar& beta, const Scalar& threshold), (, beta, threshold))
XGRAD_BACKWARD(softshrink, (, const Scalar& lambd), (, lambd))
XGRAD_BACKWARD(binary_cross_entropy, (, const Tensor& target, const std::optional<Tensor>& weight = {}, int64_t reduction = Reduction::Mean),
               (, target, weight, reduction))
XGRAD_BACKWARD(huber_loss, (, const Tensor& target, int64_t reduction, double delta), (, target, reduction, delta))
XGRAD_BACKWARD(mse_loss, (, const Tensor& target, int64_t reduction), (, target, reduction))
XGRAD_BACKWARD(smooth_l1_loss, (, const Tensor& target, int64_t reduction, double beta), (, target, reduction, beta))
XGRAD_BACKWARD(soft_margin_loss, (, const Tensor& target, int64_t reduction), (, target, reduction))
#undef XGRAD_BACKWARD

inline Tensor threshold_backward(const Tensor& grad_output, const Tensor& self, const Scalar& threshold) {
  return detail::gradient_through([&](const Tensor& x) { return xgrad::threshold(x, threshold, 0); }, grad_output, self);
}
/// The result has the sign of its input, so that either tells the slope.
inline Tensor leaky_relu_backward(const Tensor& grad_output, const Tensor& self, const Scalar& negative_slope, bool self_is_result) {
  XGRAD_CHECK(!self_is_result || negative_slope.toDouble() >= 0, "[leaky_relu_backward] the result tells no slope when negative_slope is ",
              negative_slope.toDouble());
  return detail::gradient_through([&](const Tensor& x) { return leaky_relu(x, negative_slope); }, grad_output, self);
}
/// `buffer` is not read.
inline Tensor log_sigmoid_backward(const Tensor& grad_output, const Tensor& self, const Tensor&) {
  return detail::gradient_through([](const Tensor& x) { return log_sigmoid(x); }, grad_output, self);
}
inline Tensor elu_backward(const Tensor& grad_output, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale, bool is_result,
                           const Tensor& self_or_result) {
  const double least = alpha.toDouble() * scale.toDouble();
  XGRAD_CHECK(!is_result || alpha.toDouble() >= 0, "[elu_backward] the result tells no slope when alpha is ", alpha.toDouble());
  if (is_result) return grad_output * where(self_or_result <= 0, (self_or_result + least) * input_scale, scale.toDouble());
  return detail::gradient_through([&](const Tensor& x) { return elu(x, alpha, scale, input_scale); }, grad_output, self_or_result);
}
inline Tensor sigmoid_backward(const Tensor& grad_output, const Tensor& output) { return grad_output * (1 - output) * output; }
inline Tensor tanh_backward(const Tensor& grad_output, const Tensor& output) { return grad_output * (1 - output * output); }

}}  // namespace torch::xgrad
