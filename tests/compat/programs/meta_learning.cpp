// Learns to learn sine waves: adaptation steps inside the graph, gradients through them, and Reptile's simpler way.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <vector>

using Weights = std::vector<torch::Tensor>;

struct Task {
  double amplitude, phase;
  std::pair<torch::Tensor, torch::Tensor> sample(int64_t n) const {
    auto x = torch::empty({n, 1}).uniform_(-3, 3);
    return {x, amplitude * torch::sin(x + phase)};
  }
};

static Task draw_task() {
  auto r = torch::rand({2}, torch::kDouble);
  return {0.5 + 2 * r[0].item<double>(), M_PI * r[1].item<double>()};
}

// The net as a function of its weights.
static torch::Tensor functional_net(const Weights& w, torch::Tensor x) {
  for (size_t i = 0; i < w.size(); i += 2) {
    x = torch::nn::functional::linear(x, w[i], w[i + 1]);
    if (i + 2 < w.size()) x = torch::tanh(x);
  }
  return x;
}

static Weights adapt(Weights w, const torch::Tensor& x, const torch::Tensor& y, double rate, int steps, bool second_order) {
  for (int s = 0; s < steps; ++s) {
    auto loss = torch::mse_loss(functional_net(w, x), y);
    auto g = torch::autograd::grad({loss}, w, /*grad_outputs=*/{}, /*retain_graph=*/second_order, /*create_graph=*/second_order);
    for (size_t i = 0; i < w.size(); ++i) w[i] = second_order ? w[i] - rate * g[i] : (w[i] - rate * g[i]).detach().requires_grad_();
  }
  return w;
}

static Weights begin() {
  Weights w;
  const int64_t sizes[] = {1, 16, 16, 1};
  for (int i = 0; i < 3; ++i) {
    w.push_back(torch::randn({sizes[i + 1], sizes[i]}).mul_(std::sqrt(1.0 / static_cast<double>(sizes[i]))).requires_grad_());
    w.push_back(torch::zeros({sizes[i + 1]}, torch::requires_grad()));
  }
  return w;
}

int main() {
  torch::manual_seed(60);
  Weights meta = begin();
  torch::optim::Adam optimizer(meta, 5e-3);
  for (int iteration = 1; iteration <= 6; ++iteration) {
    optimizer.zero_grad();
    auto total = torch::zeros({});
    for (int t = 0; t < 3; ++t) {
      const Task task = draw_task();
      auto support = task.sample(10), query = task.sample(10);
      auto adapted = adapt(meta, support.first, support.second, 0.05, 2, true);
      total = total + torch::mse_loss(functional_net(adapted, query.first), query.second);
    }
    (total / 3).backward();
    optimizer.step();
    if (iteration % 2 == 0) {
      double norm = 0;
      for (auto& w : meta) norm += w.grad().pow(2).sum().item<double>();
      std::printf("iteration %d meta-loss %.3f gradient %.2f\n", iteration, total.item<float>() / 3, std::sqrt(norm));
    }
  }

  // Of second order and of first: the gradients differ, the losses do not.
  const Task task{1.5, 0.5};
  auto [x, y] = task.sample(12);
  for (bool second_order : {true, false}) {
    Weights start;
    for (auto& w : meta) start.push_back(w.detach().clone().requires_grad_());
    auto adapted = adapt(start, x, y, 0.05, 3, second_order);
    auto loss = torch::mse_loss(functional_net(adapted, x), y);
    auto g = torch::autograd::grad({loss}, {second_order ? start[0] : adapted[0]});
    std::printf("%s: loss %.3f, gradient %.3f, leaf %d\n", second_order ? "second order" : "first order", loss.item<float>(),
                g[0].norm().item<float>(), adapted[0].is_leaf());
  }

  Weights reptile = begin();
  for (int iteration = 1; iteration <= 6; ++iteration) {
    const Task other = draw_task();
    auto data = other.sample(20);
    Weights copy;
    for (const auto& w : reptile) copy.emplace_back(w.detach().clone().set_requires_grad(true));
    torch::optim::SGD inner(copy, 0.05);
    torch::Tensor loss;
    for (int s = 0; s < 4; ++s) {
      inner.zero_grad();
      loss = torch::mse_loss(functional_net(copy, data.first), data.second);
      loss.backward();
      inner.step();
    }
    torch::NoGradGuard no_grad;
    for (size_t i = 0; i < reptile.size(); ++i) reptile[i].lerp_(copy[i], 0.3);
    if (iteration % 3 == 0) std::printf("reptile %d loss %.3f\n", iteration, loss.item<float>());
  }
  std::cout << functional_net(reptile, torch::zeros({2, 1})).sizes() << " " << reptile[0].requires_grad() << "\n";
}
