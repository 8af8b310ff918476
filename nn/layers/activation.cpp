#include <xgrad/nn/layers/activation.h>

#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/layers/in_place.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

// Each of these defines a module; the first three stand before the body of its function, which has the module's options.
#define XGRAD_ACTIVATION(Name, function)                                              \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, options), const Tensor& input) \
  Tensor functional::function(const Tensor& input, const Name##Options& options)
#define XGRAD_INPLACE_ACTIVATION(Name, function)                                          \
  XGRAD_DEFINE_LAYER(Name, functional::function(std::move(input), options), Tensor input) \
  Tensor functional::function(Tensor input, const Name##Options& options)
#define XGRAD_PLAIN_ACTIVATION(Name, function)                                     \
  XGRAD_DEFINE_PLAIN_LAYER(Name, functional::function(input), const Tensor& input) \
  Tensor functional::function(const Tensor& input)
#define XGRAD_SOFTMAX(Name, function)                                                       \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, options.dim()), const Tensor& input) \
  Tensor functional::function(const Tensor& input, const Name##FuncOptions& options)

XGRAD_INPLACE_ACTIVATION(ELU, elu) {
  return maybe_in_place("elu_", input, options.inplace(), [&](const Tensor& x) { return xgrad::elu(x, options.alpha()); });
}

XGRAD_INPLACE_ACTIVATION(SELU, selu) {
  return maybe_in_place("selu_", input, options.inplace(), [](const Tensor& x) { return xgrad::selu(x); });
}

XGRAD_INPLACE_ACTIVATION(CELU, celu) {
  return maybe_in_place("celu_", input, options.inplace(), [&](const Tensor& x) { return xgrad::celu(x, options.alpha()); });
}

XGRAD_INPLACE_ACTIVATION(ReLU, relu) { return options.inplace() ? input.relu_() : xgrad::relu(input); }

XGRAD_INPLACE_ACTIVATION(ReLU6, relu6) {
  return maybe_in_place("relu6_", input, options.inplace(), [](const Tensor& x) { return xgrad::relu6(x); });
}

XGRAD_INPLACE_ACTIVATION(LeakyReLU, leaky_relu) {
  return maybe_in_place("leaky_relu_", input, options.inplace(), [&](const Tensor& x) { return xgrad::leaky_relu(x, options.negative_slope()); });
}

void HardtanhImpl::reset() {
  XGRAD_CHECK_AS(ValueError, options.min_val() < options.max_val(), "[Hardtanh] max_val must be greater than min_val, got ", options.max_val(),
                 " and ", options.min_val());
}
XGRAD_INPLACE_ACTIVATION(Hardtanh, hardtanh) {
  return maybe_in_place("hardtanh_", input, options.inplace(),
                        [&](const Tensor& x) { return xgrad::hardtanh(x, options.min_val(), options.max_val()); });
}

XGRAD_DEFINE_LAYER(
    RReLU,
    functional::rrelu(
        std::move(input),
        functional::RReLUFuncOptions().lower(options.lower()).upper(options.upper()).training(is_training()).inplace(options.inplace())),
    Tensor input)
Tensor functional::rrelu(Tensor input, const RReLUFuncOptions& options) {
  return options.inplace() ? xgrad::rrelu_(input, options.lower(), options.upper(), options.training())
                           : xgrad::rrelu(input, options.lower(), options.upper(), options.training());
}

Tensor functional::gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options) {
  const int64_t axis = options.dim();
  const Tensor noise = -empty_like(logits).exponential_().log(), soft = ((logits + noise) / options.tau()).softmax(axis);
  if (!options.hard()) return soft;
  const Tensor chosen = zeros_like(logits).scatter_(axis, soft.detach().argmax(axis, true), 1.0);
  return chosen - soft.detach() + soft;
}

ThresholdImpl::ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}
XGRAD_INPLACE_ACTIVATION(Threshold, threshold) {
  return maybe_in_place("threshold_", input, options.inplace(),
                        [&](const Tensor& x) { return xgrad::threshold(x, options.threshold(), options.value()); });
}

XGRAD_ACTIVATION(Hardshrink, hardshrink) { return xgrad::hardshrink(input, options.lambda()); }
XGRAD_ACTIVATION(Softshrink, softshrink) { return xgrad::softshrink(input, options.lambda()); }
XGRAD_ACTIVATION(GELU, gelu) { return xgrad::gelu(input, options.approximate()); }
XGRAD_ACTIVATION(Softplus, softplus) { return xgrad::softplus(input, options.beta(), options.threshold()); }

XGRAD_ACTIVATION(GLU, glu) { return xgrad::glu(input, options.dim()); }

XGRAD_PLAIN_ACTIVATION(SiLU, silu) { return xgrad::silu(input); }
XGRAD_PLAIN_ACTIVATION(Mish, mish) { return xgrad::mish(input); }
XGRAD_PLAIN_ACTIVATION(LogSigmoid, logsigmoid) { return xgrad::log_sigmoid(input); }
XGRAD_PLAIN_ACTIVATION(Tanhshrink, tanhshrink) { return input - input.tanh(); }

XGRAD_PLAIN_ACTIVATION(Softsign, softsign) {
  if (!input.is_floating_point()) return input / (input.abs() + 1);
  // Bounded by the largest finite number, whose result is 1: infinity would give infinity / infinity.
  const double most = input.dtype() == kFloat ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const Tensor x = input.clamp(Scalar(-most), Scalar(most));
  return x / (x.abs() + 1);
}

XGRAD_SOFTMAX(Softmax, softmax) { return input.softmax(options.dim(), options.dtype()); }
XGRAD_SOFTMAX(Softmin, softmin) { return (-input).softmax(options.dim(), options.dtype()); }
XGRAD_SOFTMAX(LogSoftmax, log_softmax) { return input.log_softmax(options.dim(), options.dtype()); }

XGRAD_DEFINE_PLAIN_LAYER(Sigmoid, input.sigmoid(), const Tensor& input)
XGRAD_DEFINE_PLAIN_LAYER(Tanh, input.tanh(), const Tensor& input)

void Softmax2dImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softmax2d"); }
Tensor Softmax2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK(input.dim() == 4 || input.dim() == 3, "[Softmax2d] Softmax2d requires a 3D or 4D tensor as input, got shape ", input.sizes());
  return input.softmax(-3);
}

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { reset(); }
void PReLUImpl::reset() { weight = register_parameter("weight", full({options.num_parameters()}, options.init(), get_default_dtype())); }
XGRAD_DEFINE_LAYER(PReLU, functional::prelu(input, weight), const Tensor& input)
Tensor functional::prelu(const Tensor& input, const Tensor& weight) { return xgrad::prelu(input, weight); }

}}}  // namespace torch::xgrad::nn
