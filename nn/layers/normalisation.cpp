#include <xgrad/nn/layers/normalisation.h>

#include <string>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

// `least` or, where that is possible too, one axis more.
void check_axes(const Tensor& input, int64_t least, bool or_more) {
  const std::string expected = or_more ? std::to_string(least) + "D or " + std::to_string(least + 1) : std::to_string(least);
  XGRAD_CHECK(input.dim() == least || (or_more && input.dim() == least + 1), "expected ", expected, "D input (got ", input.dim(), "D input)");
}

// For each channel (axis 1) the sum of itself and of so many before and after it.
Tensor sums_of_channels(const Tensor& x, int64_t before, int64_t after) {
  const int64_t channels = x.size(1);
  Dims sizes(x.sizes());
  sizes[1] = before;
  const Tensor front = zeros(sizes, x.options());
  sizes[1] = after;
  const Tensor padded = cat({front, x, zeros(sizes, x.options())}, 1);
  Tensor sum = padded.narrow(1, 0, channels);
  for (int64_t i = 1; i <= before + after; ++i) sum = sum + padded.narrow(1, i, channels);
  return sum;
}

}  // namespace

Tensor functional::detail::batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, Tensor weight, Tensor bias,
                                      bool training, std::optional<double> momentum, double eps) {
  XGRAD_CHECK(!training || input.dim() < 2 || input.numel() != input.size(1) || input.numel() == 0,
              "[batch_norm] Expected more than 1 value per channel when training, got input size ", input.sizes());
  XGRAD_CHECK(momentum, "[batch_norm] a momentum is needed, got none");
  return xgrad::batch_norm(input, if_defined(weight), if_defined(bias), if_defined(running_mean), if_defined(running_var), training, *momentum, eps);
}
Tensor functional::batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, const BatchNormFuncOptions& options) {
  return detail::batch_norm(input, running_mean, running_var, options.weight(), options.bias(), options.training(), options.momentum(),
                            options.eps());
}

Tensor functional::detail::instance_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, const Tensor& weight,
                                         const Tensor& bias, bool use_input_stats, double momentum, double eps) {
  return xgrad::instance_norm(input, if_defined(weight), if_defined(bias), if_defined(running_mean), if_defined(running_var), use_input_stats,
                              momentum, eps);
}
Tensor functional::instance_norm(const Tensor& input, const InstanceNormFuncOptions& options) {
  return detail::instance_norm(input, options.running_mean(), options.running_var(), options.weight(), options.bias(), options.use_input_stats(),
                               options.momentum(), options.eps());
}

BatchMoments::~BatchMoments() = default;

#define XGRAD_NORM(Name, least, or_more)                                                             \
  void Name##Impl::pretty_print(std::ostream& stream) const { print_layer(stream, #Name, options); } \
  void Name##Impl::_check_input_dim(const Tensor& input) { check_axes(input, least, or_more); }
XGRAD_NORM(BatchNorm1d, 2, true)
XGRAD_NORM(BatchNorm2d, 4, false)
XGRAD_NORM(BatchNorm3d, 5, false)
XGRAD_NORM(InstanceNorm1d, 2, true)
XGRAD_NORM(InstanceNorm2d, 3, true)
XGRAD_NORM(InstanceNorm3d, 4, true)
#undef XGRAD_NORM

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options_) : options(options_) { reset(); }
void LayerNormImpl::reset() {
  const bool affine = options.elementwise_affine();
  const IntArrayRef shape = options.normalized_shape();
  weight = register_parameter("weight", affine ? empty(shape) : Tensor(), affine);
  bias = register_parameter("bias", affine ? empty(shape) : Tensor(), affine);
  reset_parameters();
}
void LayerNormImpl::reset_parameters() {
  if (!options.elementwise_affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}
void LayerNormImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::LayerNorm(" << IntArrayRef(options.normalized_shape()) << ", eps=" << options.eps() << ", elementwise_affine=";
  print_value(stream, options.elementwise_affine());
  stream << ')';
}
Tensor LayerNormImpl::forward(const Tensor& input) {
  internal::prepare_forward(*this);
  return xgrad::layer_norm(input, options.normalized_shape(), if_defined(weight), if_defined(bias), options.eps());
}
Tensor functional::layer_norm(const Tensor& input, const LayerNormFuncOptions& options) {
  return xgrad::layer_norm(input, options.normalized_shape(), if_defined(options.weight()), if_defined(options.bias()), options.eps());
}

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) { reset(); }
void GroupNormImpl::reset() {
  const bool affine = options.affine();
  weight = register_parameter("weight", affine ? empty({options.num_channels()}) : Tensor(), affine);
  bias = register_parameter("bias", affine ? empty({options.num_channels()}) : Tensor(), affine);
  reset_parameters();
}
void GroupNormImpl::reset_parameters() {
  if (!options.affine()) return;
  init::ones_(weight);
  init::zeros_(bias);
}
XGRAD_DEFINE_LAYER(GroupNorm, xgrad::group_norm(input, options.num_groups(), if_defined(weight), if_defined(bias), options.eps()),
                   const Tensor& input)
Tensor functional::group_norm(const Tensor& input, const GroupNormFuncOptions& options) {
  return xgrad::group_norm(input, options.num_groups(), if_defined(options.weight()), if_defined(options.bias()), options.eps());
}

XGRAD_DEFINE_LAYER(LocalResponseNorm, functional::local_response_norm(input, options), const Tensor& input)
Tensor functional::local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options) {
  const int64_t size = options.size();
  XGRAD_CHECK(input.dim() >= 3, "[local_response_norm] Expected 3D or higher dimensionality input (got ", input.dim(), " dimensions)");
  XGRAD_CHECK(size > 0, "[local_response_norm] kernel size should be greater than zero, but got ", size);
  const Tensor mean = sums_of_channels(input * input, size / 2, (size - 1) / 2) / size;
  return input / (mean * options.alpha() + options.k()).pow(options.beta());
}

void CrossMapLRN2dImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "CrossMapLRN2d", options); }
Tensor CrossMapLRN2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK(input.dim() == 4, "[CrossMapLRN2d] CrossMapLRN2d: Expected input to be 4D, got ", input.dim(), "D instead");
  const int64_t size = options.size(), half = (size - 1) / 2;
  XGRAD_CHECK(size > 0, "[CrossMapLRN2d] size should be greater than zero, but got ", size);
  const Tensor squares = input * input;
  Tensor sums = sums_of_channels(squares, half, half);
  // PyTorch's running sum never lets go of the first channel.
  if (const int64_t first_without = half + 1, rest = input.size(1) - first_without; rest > 0)
    sums = cat({sums.narrow(1, 0, first_without), sums.narrow(1, first_without, rest) + squares.narrow(1, 0, 1)}, 1);
  const Tensor scale = sums * (options.alpha() / static_cast<double>(size)) + options.k();
  return input * scale.pow(-options.beta());
}

Tensor functional::normalize(const Tensor& input, NormalizeFuncOptions options) {
  const Tensor y = input / input.norm(options.p(), {options.dim()}, true).clamp_min(options.eps());
  if (!options.out()) return y;
  Tensor out = *options.out();
  XGRAD_CHECK(!GradMode::is_enabled() || !(out.requires_grad() || y.requires_grad()),
              "[normalize] functions with out=... arguments don't support automatic differentiation, but one of the arguments requires grad.");
  if (out.sizes() != y.sizes()) out.resize_(y.sizes());
  return out.copy_(y);
}

}}}  // namespace torch::xgrad::nn
