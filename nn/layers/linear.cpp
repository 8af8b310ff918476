#include <xgrad/nn/layers/linear.h>

#include <cmath>

#include <xgrad/autograd/ops/ops.h>
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
Tensor functional::linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return xgrad::linear(input, weight, bias.defined() ? std::optional<Tensor>(bias) : std::nullopt);
}

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
  XGRAD_CHECK(weight.dim() == 3, "[bilinear] weight must be a 3-D tensor, got ", weight);
  XGRAD_CHECK(input1.dim() == input2.dim() && input1.dim() > 0, "[bilinear] input dimensions do not match: got ", input1, " and ", input2);
  const int last = static_cast<int>(input1.dim()) - 1;
  for (int i = 0; i < last; ++i)
    XGRAD_CHECK(input1.size(i) == input2.size(i), "[bilinear] input batch dimensions do not match at dim ", i, ": got ", input1.size(i), " and ",
                input2.size(i));
  const int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  XGRAD_CHECK(input1.size(-1) == in1, "[bilinear] input1 size does not match weight size: got ", input1.size(-1), " but expected ", in1);
  XGRAD_CHECK(input2.size(-1) == in2, "[bilinear] input2 size does not match weight size: got ", input2.size(-1), " but expected ", in2);
  XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out), "[bilinear] bias must have size ", out, ", got ", bias);

  Dims rows = input1.sizes();
  rows[last] = out;
  rows.push_back(in2);
  // [..., in1] x [in1, out * in2] as [..., out, in2], times input2 in its last axis.
  const Tensor half = input1.matmul(weight.permute({1, 0, 2}).reshape({in1, out * in2})).view(rows);
  const Tensor y = half.matmul(input2.unsqueeze(-1)).squeeze(-1);
  return bias.defined() ? y + bias : y;
}

}}}  // namespace torch::xgrad::nn
