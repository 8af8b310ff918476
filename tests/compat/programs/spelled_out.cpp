// What programs call beside the documented interface: functions with every option an argument, results into tensors given, options of layers by
// their common part, names of devices and types.
#include <torch/csrc/api/include/torch/nn/functional/activation.h>
#include <torch/csrc/api/include/torch/torch.h>
#include <torch/csrc/autograd/InferenceMode.h>
#include <torch/torch.h>

#include <iostream>

namespace FD = torch::nn::functional::detail;

int main() {
  torch::manual_seed(1);
  const auto x = torch::randn({2, 4, 6, 6}), w = torch::randn({3, 4, 3, 3}), b = torch::randn({3});
  std::cout << FD::conv2d(x, w, b, 1, 1, 1, 1).sum() << FD::conv2d(x, w, {}, {2, 2}, torch::kValid, 1, 1).mean();
  std::cout << FD::conv_transpose2d(x, torch::randn({4, 2, 2, 2}), {}, {2, 2}, {0, 0}, {0, 0}, 1, {1, 1}).sum();
  std::cout << FD::pad(x, {1, 2, 1, 0}, torch::kCircular, 0).sum() << FD::pad(x, {1, 1}, torch::kConstant, 2.5).sum();
  std::cout << FD::max_pool2d(x, 2, 2, 0, 1, false).sum() << FD::avg_pool2d(x, 3, 1, 1, false, false, c10::nullopt).sum();
  std::cout << std::get<1>(FD::max_pool2d_with_indices(x, 3, 3, 0, 1, true)).sum() << FD::adaptive_avg_pool2d(x, {2, 3}).sum() << '\n';

  std::cout << FD::batch_norm(x, torch::zeros(4), torch::ones(4), torch::ones(4), torch::zeros(4), true, 0.1, 1e-5).abs().sum();
  std::cout << FD::instance_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5).abs().sum() << FD::layer_norm(x, {6}, {}, {}, 1e-5).abs().sum();
  std::cout << FD::group_norm(x, 2, {}, {}, 1e-5).abs().sum() << FD::normalize(x, 2., 1, 1e-12, c10::nullopt).sum() << '\n';

  std::cout << FD::interpolate(x, std::vector<int64_t>{3, 9}, c10::nullopt, torch::kBilinear, false, c10::nullopt, false).sum();
  std::cout << FD::interpolate(x, c10::nullopt, std::vector<double>{2, 2}, torch::kNearest, c10::nullopt, c10::nullopt, false).sum();
  std::cout << FD::grid_sample(x, torch::zeros({2, 2, 2, 2}), torch::kBilinear, torch::kZeros, false).sum();
  std::cout << FD::unfold(x, 2, 1, 0, 2).sum() << FD::pixel_shuffle(x, 2).sizes() << '\n';

  const auto labels = torch::arange(2 * 36).remainder(4).view({2, 6, 6}), p = torch::sigmoid(x);
  std::cout << FD::cross_entropy(x, labels, {}, -100, torch::kMean, 0.1) << FD::nll_loss(torch::log_softmax(x, 1), labels, {}, -100, torch::kSum);
  std::cout << FD::binary_cross_entropy(p, p.round(), {}, torch::kMean) << FD::mse_loss(x, p, torch::kSum) << FD::kl_div(x, p, torch::kSum);
  std::cout << FD::smooth_l1_loss(x, p, torch::kMean) << FD::huber_loss(x, p, torch::kMean, 0.5) << '\n';
  std::cout << FD::gelu(x, "tanh").sum() << FD::leaky_relu(x, 0.2, false).sum() << FD::softmax(x, 1, torch::kDouble).dtype() << ' '
            << FD::hardtanh(x, -0.5, 0.5, false).sum() << FD::dropout(x, 0.5, false, false).equal(x) << '\n';

  // Results into tensors given.
  auto out = torch::empty({0}), indices = torch::empty({0}, torch::kLong);
  std::cout << at::linear_out(out, x, torch::ones({2, 6}), torch::ones({2})).sum() << out.sizes();
  const auto a = torch::randn({3, 3}) + 3 * torch::eye(3);
  std::cout << at::linalg_inv_out(out, a).matmul(a).round() << torch::linalg::inv_out(out, a) << at::linalg_norm_out(out, a, 2);
  std::cout << at::glu_out(out, x, 1).sum() << at::reflection_pad2d_out(out, x, {1, 1, 1, 1}).sum();
  std::cout << std::get<0>(at::max_pool2d_with_indices_out(out, indices, x, {2, 2})).sum() << indices.sum();
  std::cout << at::upsample_nearest2d_out(out, x, {3, 3}).sum() << at::range_out(out, 1, 7, 2) << '\n';

  std::cout << torch::glu(x, -1).sum() << x.prelu(torch::full({4}, 0.3)).sum() << at::uniform(torch::zeros({2, 2}), 1, 2).sum().gt(4).item<bool>()
            << torch::is_same_size(x, p) << '\n';

  const torch::nn::LSTM lstm(torch::nn::LSTMOptions(5, 7).num_layers(2).proj_size(3));
  const torch::nn::GRUCell cell(torch::nn::GRUCellOptions(2, 3).bias(false));
  std::cout << lstm->options_base.hidden_size() << lstm->options_base.num_layers() << lstm->options_base.proj_size()
            << lstm->options_base.bidirectional() << cell->options_base.hidden_size() << cell->options_base.bias() << '\n';
  try {
    torch::nn::Hardtanh layer(torch::nn::HardtanhOptions().min_val(1).max_val(1));
  } catch (const c10::Error&) {
    std::cout << "refused\n";
  }

  const auto leaf = torch::autograd::make_variable(x.select(0, 0), true);
  std::cout << leaf.is_leaf() << leaf.requires_grad() << x.is_pinned() << (x.device().type() == torch::Device::Type::CPU) << torch::getNumGPUs()
            << at::hasHIP() << torch::Device("hpu:1") << torch::Device(torch::kLazy) << '\n';
  const torch::TensorOptions options({torch::kCPU, 0});
  std::cout << options.device() << ' ' << std::isnan(static_cast<float>(std::numeric_limits<at::Half>::signaling_NaN())) << ' '
            << torch::tensor({at::Half(1.5f), at::Half(2)}).dtype() << torch::tensor(at::BFloat16(0.5f)).dtype() << ' '
            << (torch::indexing::Slice().stop() == torch::indexing::INDEX_MAX) << ' ' << c10::to_string(12) << c10::stoi("7") << '\n';
  {
    const torch::autograd::InferenceMode guard;
    std::cout << torch::GradMode::is_enabled() << std::endl;
  }
}
