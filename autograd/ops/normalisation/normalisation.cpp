#include <xgrad/autograd/ops/normalisation/normalisation.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/normalisation/normalised.h>
#include <xgrad/autograd/tensor/if_defined.h>

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kBatchNorm = operation_recorded_as<"batch_norm", "NativeBatchNormBackward0">;
constexpr const Operation& kInstanceNorm = operation<"instance_norm">;
constexpr const Operation& kLayerNorm = operation_recorded_as<"layer_norm", "NativeLayerNormBackward0">;
constexpr const Operation& kGroupNorm = operation_recorded_as<"group_norm", "NativeGroupNormBackward0">;

// "weight", ...
struct Named {
  const char* name;
  Tensor tensor;
};

void check_floating(const Operation& operation, const char* kernel, const Tensor& input) {
  if (!input.is_floating_point()) detail::raise<NotImplementedError>(operation, "\"", kernel, "\" not implemented for '", input.dtype(), "'");
}

Tensor repeated(const Tensor& t, int64_t n) { return t.defined() ? t.repeat({n}) : t; }

}  // namespace

Tensor batch_norm(const Tensor& input, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                  const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool training, double momentum, double eps,
                  bool) {
  const Operation& op = kBatchNorm;
  const RunningStatistics running{constant_input(op, "running_mean", running_mean), constant_input(op, "running_var", running_var), momentum};
  const Tensor w = weight.value_or(Tensor()), b = bias.value_or(Tensor());
  const int64_t channels = input.size(1);
  const bool empty = input.numel() == 0;
  XGRAD_CHECK(training || empty || running.mean.defined(), op, "running_mean must be defined in evaluation mode");
  XGRAD_CHECK(training || empty || running.variance.defined(), op, "running_var must be defined in evaluation mode");
  for (const auto& [name, t] : {Named{"running_mean", running.mean}, Named{"running_var", running.variance}, Named{"weight", w}, Named{"bias", b}}) {
    if (!t.defined()) continue;
    XGRAD_CHECK(t.numel() == channels, op, name, " should contain ", channels, " elements not ", t.numel());
  }
  check_floating(op, "batch_norm", input);
  for (const Tensor& t : {running.mean, running.variance, w, b})
    XGRAD_CHECK(!t.defined() || t.dtype() == input.dtype(), op, "mixed dtype (CPU): expect parameter to have scalar type of ", input.dtype(),
                ", got ", t.dtype());
  Normalisation n{&op, true, input.size(0), channels, 1, numel_of(input.sizes().slice(2)), {channels}};
  if (!training && running.mean.defined() && running.variance.defined()) fix_moments(n, running, eps);
  Tensor y = in_channel_order_of(input, normalised_value(n, input, w, b, eps, running));
  return record_normalised(n, std::move(y), with("training", training, "momentum", momentum, "eps", eps), input, w, b, given(running.mean),
                           given(running.variance));
}

Tensor instance_norm(const Tensor& input, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                     const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool use_input_stats, double momentum,
                     double eps, bool cudnn_enabled) {
  const Operation& op = kInstanceNorm;
  const Tensor mean = constant_input(op, "running_mean", running_mean), variance = constant_input(op, "running_var", running_var);
  XGRAD_CHECK(use_input_stats || (mean.defined() && variance.defined()), op,
              "Expected running_mean and running_var to be defined when use_input_stats is false");
  const int64_t samples = input.size(0), channels = input.size(1);
  Dims one_sample(input.sizes());
  one_sample[0] = 1;
  one_sample[1] = samples * channels;
  // Each sample has channels, and running statistics, of its own.
  const Tensor means = repeated(mean, samples), variances = repeated(variance, samples);
  const Tensor y = batch_norm(input.contiguous().view(one_sample), if_defined(repeated(weight.value_or(Tensor()), samples)),
                              if_defined(repeated(bias.value_or(Tensor()), samples)), if_defined(means), if_defined(variances), use_input_stats,
                              momentum, eps, cudnn_enabled);
  if (use_input_stats) {
    NoGradGuard no_graph;
    if (mean.defined()) mean.copy_(means.view({samples, channels}).mean(0));
    if (variance.defined()) variance.copy_(variances.view({samples, channels}).mean(0));
  }
  return y.view(input.sizes());
}

Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                  double eps, bool) {
  const Operation& op = kLayerNorm;
  const Tensor w = weight.value_or(Tensor()), b = bias.value_or(Tensor());
  XGRAD_CHECK(
      !normalized_shape.empty(), op,
      "Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = ", normalized_shape);
  for (const auto& [name, t] : {Named{"weight", w}, Named{"bias", b}})
    XGRAD_CHECK(!t.defined() || t.sizes() == normalized_shape, op, "Expected ", name, " to be of same shape as normalized_shape, but got ", name,
                " of shape ", t.defined() ? t.sizes() : IntArrayRef(), " and normalized_shape = ", normalized_shape);
  const auto axes = static_cast<int64_t>(normalized_shape.size());
  XGRAD_CHECK(input.dim() >= axes && input.sizes().slice(static_cast<size_t>(input.dim() - axes)) == normalized_shape, op,
              "Given normalized_shape=", normalized_shape, ", expected input with the last ", axes, " axes of that shape, but got input of size",
              input.sizes());
  check_floating(op, "LayerNormKernelImpl", input);
  for (const Tensor& t : {w, b})
    XGRAD_CHECK(!t.defined() || t.dtype() == input.dtype(), op, "expected scalar type ", input.dtype(), " but found ", t.dtype());
  const int64_t size = numel_of(normalized_shape);
  Normalisation n{&op, false, numel_of(input.sizes().slice(0, static_cast<size_t>(input.dim() - axes))), 1, size, 1, normalized_shape};
  Tensor y = normalised_value(n, input, w, b, eps);
  return record_normalised(n, std::move(y), with("normalized_shape", normalized_shape, "eps", eps), input, w, b);
}

Tensor group_norm(const Tensor& input, int64_t num_groups, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias, double eps, bool) {
  const Operation& op = kGroupNorm;
  const Tensor w = weight.value_or(Tensor()), b = bias.value_or(Tensor());
  const int64_t channels = input.size(1);
  XGRAD_CHECK(num_groups > 0, op, "Expected num groups to be greater than 0, got ", num_groups);
  XGRAD_CHECK(channels % num_groups == 0, op, "Expected number of channels in input to be divisible by num_groups, but got input of shape ",
              input.sizes(), " and num_groups=", num_groups);
  for (const auto& [name, t] : {Named{"weight", w}, Named{"bias", b}})
    XGRAD_CHECK(!t.defined() || (t.dim() == 1 && t.numel() == channels), op, "Expected ", name,
                " to be a vector of size equal to the number of channels in input, but got ", name, " of shape ",
                t.defined() ? t.sizes() : IntArrayRef(), " and input of shape ", input.sizes());
  check_floating(op, "GroupNormKernelImpl", input);
  for (const Tensor& t : {w, b})
    XGRAD_CHECK(!t.defined() || t.dtype() == input.dtype(), op, "expected scalar type ", input.dtype(), " but found ", t.dtype());
  Normalisation n{&op, false, input.size(0), num_groups, channels / num_groups, numel_of(input.sizes().slice(2)), {channels}};
  Tensor y = in_channel_order_of(input, normalised_value(n, input, w, b, eps));
  return record_normalised(n, std::move(y), with("num_groups", num_groups, "eps", eps), input, w, b);
}

}}  // namespace torch::xgrad
