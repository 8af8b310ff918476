// Activations and losses, functional and as modules, with their gradients.
#include <torch/torch.h>

namespace F = torch::nn::functional;

template <class Function> static void activation(const char* name, Function function) {
  auto x = torch::tensor({-20.0, -2.5, -1.0, 0.0, 0.5, 3.0, 25.0}, torch::requires_grad());
  auto y = function(x);
  y.sum().backward();
  std::cout << name << "\n" << torch::stack({y.detach(), x.grad()}) << "\n";
}

template <class Function> static void loss(const char* name, const torch::Tensor& values, Function function) {
  auto x = values.clone().requires_grad_();
  auto y = function(x);
  y.backward();
  std::cout << name << " " << y.template item<float>() << "\n" << x.grad() << "\n";
}

int main() {
  activation("relu", [](auto& x) { return torch::relu(x); });
  activation("leaky_relu", [](auto& x) { return F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.1)); });
  activation("elu", [](auto& x) { return torch::nn::ELU(torch::nn::ELUOptions().alpha(1.5))(x); });
  activation("selu", [](auto& x) { return torch::selu(x); });
  activation("gelu", [](auto& x) { return torch::nn::GELU()(x); });
  activation("silu", [](auto& x) { return torch::silu(x); });
  activation("softplus", [](auto& x) { return F::softplus(x); });
  activation("log_sigmoid", [](auto& x) { return torch::nn::LogSigmoid()(x); });
  activation("hardtanh", [](auto& x) { return torch::nn::Hardtanh(torch::nn::HardtanhOptions().min_val(-2).max_val(2))(x); });
  activation("tanh", [](auto& x) { return x.tanh(); });
  activation("sigmoid", [](auto& x) { return torch::sigmoid(x); });

  auto input = torch::tensor({{0.2, 0.9, -1.4}, {2.0, -0.3, 0.1}});
  auto target = torch::tensor({{0.0, 1.0, -1.0}, {0.5, 0.0, 0.1}});
  auto classes = torch::tensor({1, 0});
  auto weight = torch::tensor({0.5, 2.0, 1.0});
  loss("mse", input, [&](auto& x) { return F::mse_loss(x, target); });
  loss("l1 sum", input, [&](auto& x) { return F::l1_loss(x, target, F::L1LossFuncOptions().reduction(torch::kSum)); });
  loss("smooth l1", input, [&](auto& x) { return torch::nn::SmoothL1Loss()(x, target); });
  loss("huber", input, [&](auto& x) { return F::huber_loss(x, target, F::HuberLossFuncOptions().delta(0.5)); });
  loss("nll", input, [&](auto& x) { return F::nll_loss(F::log_softmax(x, 1), classes); });
  loss("cross entropy", input,
       [&](auto& x) { return F::cross_entropy(x, classes, F::CrossEntropyFuncOptions().weight(weight).label_smoothing(0.1)); });
  loss("cross entropy of probabilities", input, [&](auto& x) { return torch::nn::CrossEntropyLoss()(x, target.abs().softmax(1)); });
  loss("bce with logits", input, [&](auto& x) { return torch::nn::BCEWithLogitsLoss()(x, target.clamp(0, 1)); });
  loss("bce", input, [&](auto& x) { return F::binary_cross_entropy(x.sigmoid(), target.clamp(0, 1)); });
  loss("kl", input, [&](auto& x) {
    return torch::nn::KLDivLoss(torch::nn::KLDivLossOptions().reduction(torch::kBatchMean))(x.log_softmax(1), target.softmax(1));
  });
  std::cout << torch::nn::CrossEntropyLoss() << "\n" << torch::nn::GELU() << "\n" << torch::nn::ELU() << "\n";
}
