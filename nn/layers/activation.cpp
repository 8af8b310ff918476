#include <xgrad/nn/layers/activation.h>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/nn/functional/activation.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace F = functional;

Tensor ELUImpl::forward(Tensor input) { return F::elu(std::move(input), options); }
Tensor SELUImpl::forward(Tensor input) { return F::selu(std::move(input), options); }
Tensor CELUImpl::forward(Tensor input) { return F::celu(std::move(input), options); }
Tensor ReLUImpl::forward(Tensor input) { return F::relu(std::move(input), options); }
Tensor ReLU6Impl::forward(Tensor input) { return F::relu6(std::move(input), options); }
Tensor LeakyReLUImpl::forward(Tensor input) { return F::leaky_relu(std::move(input), options); }
Tensor HardtanhImpl::forward(Tensor input) { return F::hardtanh(std::move(input), options); }
Tensor HardshrinkImpl::forward(Tensor input) { return F::hardshrink(input, options); }
Tensor SoftshrinkImpl::forward(Tensor input) { return F::softshrink(input, options); }
Tensor GELUImpl::forward(Tensor input) { return F::gelu(input, options); }
Tensor GLUImpl::forward(Tensor input) { return F::glu(input, options); }
Tensor SoftplusImpl::forward(Tensor input) { return F::softplus(input, options); }
Tensor SoftmaxImpl::forward(Tensor input) { return F::softmax(input, options.dim()); }
Tensor SoftminImpl::forward(Tensor input) { return F::softmin(input, options.dim()); }
Tensor LogSoftmaxImpl::forward(Tensor input) { return F::log_softmax(input, options.dim()); }
Tensor SiLUImpl::forward(const Tensor& input) { return F::silu(input); }
Tensor MishImpl::forward(const Tensor& input) { return F::mish(input); }
Tensor SigmoidImpl::forward(const Tensor& input) { return input.sigmoid(); }
Tensor LogSigmoidImpl::forward(const Tensor& input) { return F::logsigmoid(input); }
Tensor SoftsignImpl::forward(const Tensor& input) { return F::softsign(input); }
Tensor TanhImpl::forward(const Tensor& input) { return input.tanh(); }
Tensor TanhshrinkImpl::forward(const Tensor& input) { return F::tanhshrink(input); }
ThresholdImpl::ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}
Tensor ThresholdImpl::forward(Tensor input) { return F::threshold(std::move(input), options); }

Tensor Softmax2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK(input.dim() == 4 || input.dim() == 3, "[Softmax2d] Softmax2d requires a 3D or 4D tensor as input, got shape ", input.sizes());
  return input.softmax(-3);
}

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { reset(); }
void PReLUImpl::reset() { weight = register_parameter("weight", full({options.num_parameters()}, options.init(), get_default_dtype())); }
Tensor PReLUImpl::forward(const Tensor& input) { return F::prelu(input, weight); }

void ELUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "ELU", {{"alpha", options.alpha()}}, options.inplace()); }
void SELUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "SELU", {}, options.inplace()); }
void CELUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "CELU", {{"alpha", options.alpha()}}, options.inplace()); }
void ReLUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "ReLU", {}, options.inplace()); }
void ReLU6Impl::pretty_print(std::ostream& stream) const { print_layer(stream, "ReLU6", {}, options.inplace()); }
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "LeakyReLU", {{"negative_slope", options.negative_slope()}}, options.inplace());
}
void HardtanhImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Hardtanh", {{"min_val", options.min_val()}, {"max_val", options.max_val()}}, options.inplace());
}
void HardshrinkImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Hardshrink", {{"", options.lambda()}}); }
void SoftshrinkImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softshrink", {{"", options.lambda()}}); }
void GELUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "GELU"); }
void GLUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "GLU", {{"dim", options.dim()}}); }
void SoftplusImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Softplus", {{"beta", options.beta()}, {"threshold", options.threshold()}});
}
void SoftmaxImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softmax", {{"dim", options.dim()}}); }
void SoftminImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softmin", {{"dim", options.dim()}}); }
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "LogSoftmax", {{"dim", options.dim()}}); }
void SiLUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "SiLU"); }
void MishImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Mish"); }
void SigmoidImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Sigmoid"); }
void LogSigmoidImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "LogSigmoid"); }
void SoftsignImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softsign"); }
void TanhImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Tanh"); }
void TanhshrinkImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Tanhshrink"); }
void Softmax2dImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softmax2d"); }
void ThresholdImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Threshold", {{"threshold", options.threshold()}, {"value", options.value()}}, options.inplace());
}
void PReLUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "PReLU", {{"num_parameters", options.num_parameters()}}); }

}}}  // namespace torch::xgrad::nn
