// Activation functions with options. Each computes what the operation of its name does (autograd/ops/pointwise/activation.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/options/activation.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

XGRAD_API Tensor elu(Tensor input, const ELUFuncOptions& options = {});
XGRAD_API Tensor selu(Tensor input, const SELUFuncOptions& options = {});
XGRAD_API Tensor celu(Tensor input, const CELUFuncOptions& options = {});
XGRAD_API Tensor relu(Tensor input, const ReLUFuncOptions& options = {});
XGRAD_API Tensor relu6(Tensor input, const ReLU6FuncOptions& options = {});
XGRAD_API Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options = {});
XGRAD_API Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {});
XGRAD_API Tensor threshold(Tensor input, const ThresholdFuncOptions& options);
XGRAD_API Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {});
XGRAD_API Tensor silu(const Tensor& input);
XGRAD_API Tensor mish(const Tensor& input);
XGRAD_API Tensor logsigmoid(const Tensor& input);
XGRAD_API Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {});
XGRAD_API Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {});
XGRAD_API Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {});
/// input / (1 + |input|), which is -1 and 1 at the infinities.
XGRAD_API Tensor softsign(const Tensor& input);
/// input - tanh(input).
XGRAD_API Tensor tanhshrink(const Tensor& input);
/// a * sigmoid(b), where a and b are the halves of the input along an axis, whose size must be even.
XGRAD_API Tensor glu(const Tensor& input, const GLUFuncOptions& options = {});
/// input where it is positive, else weight * input. weight: one slope, or one for each channel (axis 1).
XGRAD_API Tensor prelu(const Tensor& input, const Tensor& weight);
XGRAD_API Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options);
/// softmax of -input.
XGRAD_API Tensor softmin(const Tensor& input, const SoftminFuncOptions& options);
XGRAD_API Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options);

}}}  // namespace torch::xgrad::nn::functional
