#include <xgrad/nn/functional/activation.h>

#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/functional/in_place.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

Tensor elu(Tensor input, const ELUFuncOptions& options) {
  return maybe_in_place("elu_", input, options.inplace(), [&](const Tensor& x) { return xgrad::elu(x, options.alpha()); });
}

Tensor selu(Tensor input, const SELUFuncOptions& options) {
  return maybe_in_place("selu_", input, options.inplace(), [](const Tensor& x) { return xgrad::selu(x); });
}

Tensor celu(Tensor input, const CELUFuncOptions& options) {
  return maybe_in_place("celu_", input, options.inplace(), [&](const Tensor& x) { return xgrad::celu(x, options.alpha()); });
}

Tensor relu(Tensor input, const ReLUFuncOptions& options) { return options.inplace() ? input.relu_() : xgrad::relu(input); }

Tensor relu6(Tensor input, const ReLU6FuncOptions& options) {
  return maybe_in_place("relu6_", input, options.inplace(), [](const Tensor& x) { return xgrad::relu6(x); });
}

Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options) {
  return maybe_in_place("leaky_relu_", input, options.inplace(),
                        [&](const Tensor& x) { return xgrad::leaky_relu(x, options.negative_slope()); });
}

Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options) {
  return maybe_in_place("hardtanh_", input, options.inplace(),
                        [&](const Tensor& x) { return xgrad::hardtanh(x, options.min_val(), options.max_val()); });
}

Tensor threshold(Tensor input, const ThresholdFuncOptions& options) {
  return maybe_in_place("threshold_", input, options.inplace(),
                        [&](const Tensor& x) { return xgrad::threshold(x, options.threshold(), options.value()); });
}

Tensor gelu(const Tensor& input, const GELUFuncOptions& options) { return xgrad::gelu(input, options.approximate()); }
Tensor silu(const Tensor& input) { return xgrad::silu(input); }
Tensor mish(const Tensor& input) { return xgrad::mish(input); }
Tensor logsigmoid(const Tensor& input) { return xgrad::log_sigmoid(input); }
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options) { return xgrad::softplus(input, options.beta(), options.threshold()); }
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options) { return xgrad::hardshrink(input, options.lambda()); }
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options) { return xgrad::softshrink(input, options.lambda()); }

Tensor softsign(const Tensor& input) {
  if (!input.is_floating_point()) return input / (input.abs() + 1);
  // Bounded by the largest finite number, whose result is 1: infinity would give infinity / infinity.
  const double most = input.dtype() == kFloat ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const Tensor x = input.clamp(Scalar(-most), Scalar(most));
  return x / (x.abs() + 1);
}

Tensor tanhshrink(const Tensor& input) { return input - input.tanh(); }

Tensor glu(const Tensor& input, const GLUFuncOptions& options) {
  XGRAD_CHECK(input.dim() != 0, "[glu] glu does not support scalars because halving size must be even");
  const int64_t axis = wrap_axis("glu", options.dim(), input.dim()), half = input.size(axis) / 2;
  XGRAD_CHECK(input.size(axis) % 2 == 0, "[glu] Halving dimension must be even, but dimension ", axis, " is size ", input.size(axis));
  return input.narrow(axis, 0, half) * input.narrow(axis, half, half).sigmoid();
}

Tensor prelu(const Tensor& input, const Tensor& weight) { return xgrad::prelu(input, weight); }

Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) { return input.softmax(options.dim(), options.dtype()); }
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options) { return (-input).softmax(options.dim(), options.dtype()); }
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) { return input.log_softmax(options.dim(), options.dtype()); }

}}}  // namespace torch::xgrad::nn::functional
