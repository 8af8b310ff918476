// Schedulers of one's own, on an optimizer with two groups.
#include <torch/torch.h>

#include <algorithm>
#include <iostream>

namespace {

class Decay : public torch::optim::LRScheduler {
 public:
  Decay(torch::optim::Optimizer& optimizer, double factor) : torch::optim::LRScheduler(optimizer), factor_(factor) {}

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> lrs = get_current_lrs();
    std::transform(lrs.begin(), lrs.end(), lrs.begin(), [this](double lr) { return lr * factor_; });
    return lrs;
  }
  const double factor_;
};

// The first group waits while the second warms up.
struct WarmUp : torch::optim::LRScheduler {
  using torch::optim::LRScheduler::LRScheduler;
  std::vector<double> get_lrs() override {
    ++calls;
    return {calls < 4 ? 0.0 : 0.1, std::min(1.0, calls / 4.0)};
  }
  unsigned calls = 0;
};

void print(const torch::optim::Optimizer& optimizer, const char* name) {
  std::cout << name;
  for (const auto& group : optimizer.param_groups()) std::cout << ' ' << group.options().get_lr();
  std::cout << '\n';
}

}  // namespace

int main() {
  torch::manual_seed(2);
  torch::nn::Linear body(4, 3), head(3, 1);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(body->parameters(), std::make_unique<torch::optim::SGDOptions>(torch::optim::SGDOptions(0.5).momentum(0.9)));
  groups.emplace_back(head->parameters());
  torch::optim::SGD optimizer(groups, torch::optim::SGDOptions(0.25).momentum(0.9));
  print(optimizer, "begin");

  WarmUp warm_up(optimizer);
  Decay decay(optimizer, 0.5);
  auto x = torch::randn({8, 4}), y = torch::randn({8, 1});
  for (int epoch = 0; epoch < 8; ++epoch) {
    optimizer.zero_grad();
    auto loss = torch::mse_loss(head(torch::tanh(body(x))), y);
    loss.backward();
    optimizer.step();
    if (epoch < 4) warm_up.step();
    torch::optim::LRScheduler& scheduler = decay;
    scheduler.step();
    print(optimizer, "rates");
    std::cout << "loss " << loss.item<float>() << '\n';
  }
}
