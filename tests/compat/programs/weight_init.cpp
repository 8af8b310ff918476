// Compares ways to begin: a table of initialisers, loops over named parameters, and how far signals get through a deep net.
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace init = torch::nn::init;

static torch::nn::Sequential deep_net(int depth, int64_t width) {
  torch::nn::Sequential net;
  for (int i = 0; i < depth; ++i) {
    net->push_back(torch::nn::Linear(torch::nn::LinearOptions(width, width)));
    if (i % 2) net->push_back(torch::nn::Functional([](torch::Tensor x) { return x.relu(); }));
    else net->push_back(torch::nn::Functional(torch::leaky_relu, 0.2));
  }
  return net;
}

using Initializer = std::function<void(torch::Tensor)>;

int main() {
  const std::vector<std::pair<std::string, Initializer>> table = {
      {"kaiming normal", [](torch::Tensor w) { init::kaiming_normal_(w, 0, torch::kFanIn, torch::kReLU); }},
      {"kaiming uniform", [](torch::Tensor w) { init::kaiming_uniform_(w, 0.2, torch::kFanOut, torch::kLeakyReLU); }},
      {"xavier normal", [](torch::Tensor w) { init::xavier_normal_(w); }},
      {"xavier uniform", [](torch::Tensor w) { init::xavier_uniform_(w, init::calculate_gain(torch::kReLU)); }},
      {"orthogonal", [](torch::Tensor w) { init::orthogonal_(w, 1.2); }},
      {"sparse", [](torch::Tensor w) { init::sparse_(w, 0.5, 0.2); }},
      {"eye", [](torch::Tensor w) { init::eye_(w); }},
      {"by hand", [](torch::Tensor w) { w.set_data(torch::randn(w.sizes()).fmod(2).mul_(0.1)); }},
  };
  torch::manual_seed(77);
  const auto x = torch::randn({32, 16});
  for (const auto& entry : table) {
    auto net = deep_net(6, 16);
    torch::manual_seed(1);
    for (auto& parameter : net->named_parameters()) {
      if (parameter.key().size() >= 6 && parameter.key().substr(parameter.key().size() - 6) == "weight") entry.second(parameter.value());
      else init::constant_(parameter.value(), 0.01);
    }
    auto y = net->forward(x);
    auto w = net->parameters()[0];
    y.square().mean().backward();
    std::printf("%-16s std of weights %.4f, zeros %3ld, of signals %.4f, of gradients %.4f\n", entry.first.c_str(), w.std().item<double>(),
                static_cast<long>(w.eq(0).sum().item<int64_t>()), y.std().item<double>(), w.grad().norm().item<double>());
  }

  auto q = torch::empty({5, 3}, torch::kDouble);
  init::orthogonal_(q);
  std::cout << "orthogonal: " << torch::allclose(q.t().mm(q), torch::eye(3, torch::kDouble), 1e-4, 1e-5) << "\n";
  auto kernel = torch::empty({4, 2, 3, 3});
  init::dirac_(kernel);
  std::cout << kernel.sum({2, 3}) << "\n" << kernel.nonzero() << "\n";
  for (auto gain : {init::calculate_gain(torch::kLinear), init::calculate_gain(torch::kTanh), init::calculate_gain(torch::kLeakyReLU, 0.3),
                    init::calculate_gain(torch::kConv2D), init::calculate_gain(torch::kSigmoid)})
    std::printf("%.5f ", gain);
  std::cout << "\n";

  // Recurrent weights orthogonal, forget gates open.
  torch::nn::LSTM lstm(torch::nn::LSTMOptions(4, 6).num_layers(2));
  for (auto& p : lstm->named_parameters()) {
    if (p.key().compare(0, 9, "weight_hh") == 0) {
      for (auto& gate : p->chunk(4)) init::orthogonal_(gate);
    } else if (p.key().find("bias") != std::string::npos) {
      torch::NoGradGuard no_grad;
      p->zero_().slice(0, p->size(0) / 4, p->size(0) / 2).fill_(1);
    }
  }
  auto hh = lstm->named_parameters()["weight_hh_l1"].detach();
  std::cout << torch::allclose(hh.narrow(0, 6, 6).mm(hh.narrow(0, 6, 6).t()), torch::eye(6), 1e-4, 1e-5) << " "
            << lstm->named_parameters()["bias_ih_l0"].sum().item<float>() << "\n";
  auto vector = torch::nn::utils::parameters_to_vector(lstm->parameters());
  torch::nn::utils::vector_to_parameters(torch::zeros_like(vector), lstm->parameters());
  std::cout << vector.sizes() << " " << std::get<0>(lstm->forward(torch::ones({1, 1, 4}))).abs().sum().item<float>() << "\n";
}
