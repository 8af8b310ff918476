#include <xgrad/nn/layers/linear.h>

#include <cmath>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

Tensor register_bias(Module& module, bool wanted, int64_t size) {
  return wanted ? module.register_parameter("bias", empty({size})) : module.register_parameter("bias", Tensor(), false);
}

}  // namespace

LinearImpl::LinearImpl(int64_t in_features, int64_t out_features) : LinearImpl(LinearOptions(in_features, out_features)) {}
LinearImpl::LinearImpl(const LinearOptions& options_) : options(options_) { reset(); }

void LinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in_features()}));
  bias = register_bias(*this, options.bias(), options.out_features());
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const auto [fan_in, fan_out] = init::_calculate_fan_in_and_fan_out(weight);
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

XGRAD_DEFINE_LAYER(Linear, functional::linear(input, weight, bias), const Tensor& input)
Tensor functional::linear(const Tensor& input, const Tensor& weight, const Tensor& bias) { return xgrad::linear(input, weight, if_defined(bias)); }

BilinearImpl::BilinearImpl(int64_t in1_features, int64_t in2_features, int64_t out_features)
    : BilinearImpl(BilinearOptions(in1_features, in2_features, out_features)) {}
BilinearImpl::BilinearImpl(const BilinearOptions& options_) : options(options_) { reset(); }

void BilinearImpl::reset() {
  weight = register_parameter("weight", empty({options.out_features(), options.in1_features(), options.in2_features()}));
  bias = register_bias(*this, options.bias(), options.out_features());
  reset_parameters();
}

void BilinearImpl::reset_parameters() {
  const double bound = options.in1_features() > 0 ? 1 / std::sqrt(static_cast<double>(options.in1_features())) : 0;
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}

XGRAD_DEFINE_LAYER(Bilinear, functional::bilinear(input1, input2, weight, bias), const Tensor& input1, const Tensor& input2)
Tensor functional::bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  return xgrad::bilinear(input1, input2, weight, if_defined(bias));
}

}}}  // namespace torch::xgrad::nn
