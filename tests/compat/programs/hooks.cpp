// Looks into training with hooks: gradient norms by layer, clipping on the way, anomaly mode, gradients with respect to inputs.
#include <torch/torch.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

struct MLP : torch::nn::Module {
  MLP() {
    for (size_t i = 0; i < 3; ++i) layers.push_back(register_module("layer" + std::to_string(i), torch::nn::Linear(i ? 5 : 3, i == 2 ? 2 : 5)));
    torch::NoGradGuard guard;
    int k = 0;
    for (auto& p : parameters()) p.copy_(torch::arange(p.numel(), torch::kFloat).add(++k).sin().view(p.sizes()).mul(0.4));
  }
  torch::Tensor forward(torch::Tensor x) {
    activations.clear();
    for (size_t i = 0; i < layers.size(); ++i) {
      x = layers[i](x);
      if (i + 1 < layers.size()) x = torch::leaky_relu(x, 0.1);
      if (x.requires_grad()) {
        x.retain_grad();
        activations.push_back(x);
      }
    }
    return x;
  }
  std::vector<torch::nn::Linear> layers;
  std::vector<torch::Tensor> activations;
};

int main() {
  std::cout << std::boolalpha;
  MLP net;
  std::map<std::string, double> norms;
  std::vector<unsigned> handles;
  for (auto& item : net.named_parameters()) {
    const std::string name = item.key();
    handles.push_back(item.value().register_hook([name, &norms](torch::Tensor grad) { norms[name] = grad.norm().item<double>(); }));
  }
  auto x = torch::linspace(-1, 1, 12).view({4, 3}).set_requires_grad(true);
  auto target = torch::tensor({0, 1, 1, 0});
  auto loss = torch::nll_loss(torch::log_softmax(net.forward(x), 1), target);
  std::cout << loss.grad_fn()->name() << " " << loss.grad_fn()->num_inputs() << " " << loss.output_nr() << " " << loss.is_leaf() << "\n";
  loss.backward();
  for (auto& item : norms) std::printf("%s %.4f\n", item.first.c_str(), item.second);
  for (auto& a : net.activations) std::printf("activation gradient %.4f retained %d\n", a.grad().abs().sum().item<float>(), a.retains_grad());
  std::printf("input gradient %.4f\n", x.grad().norm().item<float>());

  // A hook that changes the gradient, and one removed.
  auto w = torch::tensor({1.0, -2.0}, torch::requires_grad());
  auto clip = w.register_hook([](torch::Tensor g) { return g.clamp(-1, 1); });
  auto doubled = w.register_hook([](torch::Tensor g) { return g * 2; });
  (w * w).sum().backward();
  std::cout << clip << doubled << "\n" << w.grad() << "\n";
  w.remove_hook(clip);
  w.mutable_grad() = torch::Tensor();
  (w * w).sum().backward();
  std::cout << w.grad() << "\n" << w.grad().requires_grad() << "\n";

  // Where a NaN comes from.
  {
    torch::autograd::DetectAnomalyGuard anomaly;
    auto v = torch::tensor({0.0, 1.0}, torch::requires_grad());
    try {
      torch::sqrt(v * 0).mul(0).sum().backward();
      std::cout << "no anomaly\n";
    } catch (const std::exception& error) {
      const std::string text = error.what();
      std::cout << "anomaly: " << (text.find("returned nan values in its 0th output") != std::string::npos) << "\n";
    }
    std::cout << torch::autograd::AnomalyMode::is_enabled() << "\n";
  }
  std::cout << torch::autograd::AnomalyMode::is_enabled() << "\n";

  // Leaves, versions and in-place edits.
  auto leaf = torch::ones({2}, torch::requires_grad());
  auto y = leaf * 3;
  auto z = y * y;
  std::cout << y._version();
  y.add_(1);
  std::cout << y._version() << "\n";
  for (auto f : {std::function<void()>([&] { z.sum().backward(); }), std::function<void()>([&] { leaf.add_(1); }),
                 std::function<void()>([&] { torch::ones({2}).backward(); }), std::function<void()>([&] { y.backward(); }),
                 std::function<void()>([&] { torch::autograd::grad({leaf.sum()}, {torch::ones({1}, torch::requires_grad())}); })}) {
    try {
      f();
      std::cout << "fine\n";
    } catch (const std::exception& error) {
      const std::string text = error.what();
      for (const char* phrase : {"modified by an inplace operation", "a leaf Variable that requires grad is being used in an in-place operation",
                                 "does not require grad and does not have a grad_fn", "grad can be implicitly created only for scalar outputs",
                                 "appears to not have been used in the graph"})
        if (text.find(phrase) != std::string::npos) std::cout << phrase << "\n";
    }
  }

  // Modes.
  std::cout << torch::GradMode::is_enabled();
  {
    torch::NoGradGuard off;
    std::cout << torch::GradMode::is_enabled();
    torch::AutoGradMode on(true);
    std::cout << torch::GradMode::is_enabled() << (leaf * 2).requires_grad();
  }
  {
    c10::InferenceMode inference;
    auto t = torch::ones({2});
    std::cout << c10::InferenceMode::is_enabled() << (leaf * t).requires_grad();
  }
  std::cout << c10::InferenceMode::is_enabled() << "\n";

  // Several outputs at once, with gradients of their own.
  auto a = torch::tensor({1.0, 2.0}, torch::requires_grad()), b = torch::tensor({3.0}, torch::requires_grad());
  torch::autograd::backward({a * b, b.exp()}, {torch::tensor({1.0, 0.5}), torch::tensor({0.1})});
  std::cout << a.grad() << "\n" << b.grad() << "\n";
  auto grads = torch::autograd::grad({(a * 2).sum()}, {a, b}, {}, c10::nullopt, false, /*allow_unused=*/true);
  std::cout << grads[0].defined() << grads[1].defined() << "\n";
}
