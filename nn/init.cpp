#include <xgrad/nn/init.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::init {

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (std::holds_alternative<enumtype::kTanh>(nonlinearity)) return 5.0 / 3.0;
  if (std::holds_alternative<enumtype::kReLU>(nonlinearity)) return std::sqrt(2.0);
  if (std::holds_alternative<enumtype::kLeakyReLU>(nonlinearity)) return std::sqrt(2.0 / (1 + param * param));
  return 1.0;
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 2, "[init] Fan in and fan out can not be computed for tensor with fewer than 2 dimensions, got shape ",
                 tensor.sizes());
  int64_t receptive_field = 1;
  for (int64_t i = 2; i < tensor.dim(); ++i) receptive_field *= tensor.size(i);
  return {tensor.size(1) * receptive_field, tensor.size(0) * receptive_field};
}

namespace {

double kaiming_std(const Tensor& tensor, double a, const FanModeType& mode, const NonlinearityType& nonlinearity) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  const int64_t fan = std::holds_alternative<enumtype::kFanIn>(mode) ? fan_in : fan_out;
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(fan));
}

double xavier_std(const Tensor& tensor, double gain) {
  const auto [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(fan_in + fan_out));
}

// The fans of an empty tensor may be 0, and there is nothing to fill.
Tensor uniform_of_std(Tensor tensor, double std) {
  const double bound = std::sqrt(3.0) * std;
  return tensor.numel() == 0 ? tensor : uniform_(std::move(tensor), -bound, bound);
}
Tensor normal_of_std(Tensor tensor, double std) { return tensor.numel() == 0 ? tensor : normal_(std::move(tensor), 0, std); }

}  // namespace

Tensor constant_(Tensor tensor, Scalar value) {
  NoGradGuard no_grad;
  return tensor.fill_(value);
}

Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }
Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }

Tensor eye_(Tensor matrix) {
  NoGradGuard no_grad;
  XGRAD_CHECK_AS(ValueError, matrix.dim() == 2, "[eye_] Only tensors with 2 dimensions are supported, got shape ", matrix.sizes());
  return matrix.copy_(eye(matrix.size(0), matrix.size(1), matrix.options()));
}

Tensor dirac_(Tensor tensor) {
  NoGradGuard no_grad;
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 3 && tensor.dim() <= 5, "[dirac_] Only tensors with 3, 4, or 5 dimensions are supported, got shape ",
                 tensor.sizes());
  tensor.zero_();
  for (int64_t channel = 0; channel < std::min(tensor.size(0), tensor.size(1)); ++channel) {
    Tensor centre = tensor[channel][channel];
    while (centre.dim() > 0) centre = centre[centre.size(0) / 2];
    centre.fill_(1);
  }
  return tensor;
}

Tensor uniform_(Tensor tensor, double low, double high) {
  NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}

Tensor normal_(Tensor tensor, double mean, double std) {
  NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return uniform_of_std(std::move(tensor), std);
}

Tensor xavier_normal_(Tensor tensor, double gain) {
  const double std = xavier_std(tensor, gain);
  return normal_of_std(std::move(tensor), std);
}

Tensor kaiming_uniform_(Tensor tensor, double a) { return kaiming_uniform_(std::move(tensor), a, kFanIn, kLeakyReLU); }
Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode) { return kaiming_uniform_(std::move(tensor), a, mode, kLeakyReLU); }
Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std(tensor, a, mode, nonlinearity);
  return uniform_of_std(std::move(tensor), std);
}

Tensor kaiming_normal_(Tensor tensor, double a) { return kaiming_normal_(std::move(tensor), a, kFanIn, kLeakyReLU); }
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode) { return kaiming_normal_(std::move(tensor), a, mode, kLeakyReLU); }
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  const double std = kaiming_std(tensor, a, mode, nonlinearity);
  return normal_of_std(std::move(tensor), std);
}

Tensor orthogonal_(Tensor tensor, double gain) {
  NoGradGuard no_grad;
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 2, "[orthogonal_] Only tensors with 2 or more dimensions are supported, got shape ", tensor.sizes());
  if (tensor.numel() == 0) return tensor;
  const int64_t rows = tensor.size(0), columns = tensor.numel() / rows;
  Tensor random = randn({rows, columns}, tensor.options());
  if (rows < columns) random = random.t();
  auto [q, r] = random.qr();
  // The signs that make the distribution uniform: https://arxiv.org/abs/math-ph/0609050.
  q = q * r.diag().sign();
  if (rows < columns) q = q.t();
  return tensor.copy_(q.reshape(tensor.sizes()) * gain);
}

Tensor sparse_(Tensor tensor, double sparsity, double std) {
  NoGradGuard no_grad;
  XGRAD_CHECK_AS(ValueError, tensor.dim() == 2, "[sparse_] Only tensors with 2 dimensions are supported, got shape ", tensor.sizes());
  XGRAD_CHECK_AS(ValueError, sparsity >= 0 && sparsity <= 1, "[sparse_] sparsity must lie between 0 and 1, got ", sparsity);
  const int64_t rows = tensor.size(0), zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  tensor.normal_(0, std);
  for (int64_t column = 0; column < tensor.size(1); ++column) tensor.select(1, column).index_fill_(0, randperm(rows).slice(0, 0, zeros), 0);
  return tensor;
}

}}}  // namespace torch::xgrad::nn::init
