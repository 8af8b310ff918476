// Long training and large trees of modules: what must not become slower. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include <sstream>

#include "workload.h"

namespace benchmarks { namespace {

// MLP 40-100-100-10, batch 1, Adam, whose gradients become zero after ten steps, as when a loss saturates. `first`: the thousand steps
// after that, again and again, so that the moments stay normal numbers; else the steps after 29,000 of them, where libtorch's are denormal.
class Vanished : public Workload {
 public:
  explicit Vanished(bool first) : first_(first) {
    torch::manual_seed(0);
    net_ = torch::nn::Sequential(torch::nn::Linear(40, 100), torch::nn::ReLU(), torch::nn::Linear(100, 100), torch::nn::ReLU(),
                                 torch::nn::Linear(100, 10));
    optimizer_ = std::make_unique<torch::optim::Adam>(net_->parameters(), torch::optim::AdamOptions(1e-3));
    input_ = torch::randn({1, 40});
    target_ = torch::full({1}, 3, torch::kLong);
  }

  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      step(0);
      if (!first_ || ++since_ < 500) continue;
      since_ = 0;
      step(1);
    }
  }

  std::vector<double> outcome() override {
    for (int i = 0; i < 10; ++i) step(1);
    if (!first_) run(29000);
    return {step(0)};
  }

 private:
  double step(float share) {
    optimizer_->zero_grad();
    const torch::Tensor loss = torch::nn::functional::cross_entropy(net_->forward(input_), target_);
    (loss * share).backward();
    optimizer_->step();
    return loss.item<double>();
  }

  const bool first_;
  int since_ = 0;
  torch::nn::Sequential net_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
  torch::Tensor input_, target_;
};

struct Level : torch::nn::Module {};

// Saves a module, loads it and asks it for all that a program asks a model for.
class Tree : public Workload {
 public:
  explicit Tree(std::function<std::shared_ptr<Level>()> make) : make_(std::move(make)) {}
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      const std::shared_ptr<Level> net = make_();
      std::stringstream stream;
      torch::save(net, stream);
      std::shared_ptr<Level> loaded = net;
      torch::load(loaded, stream);
      net->to(torch::kDouble);
      net->train();
      net->zero_grad();
      parameters_ = static_cast<double>(net->parameters().size());
    }
  }
  std::vector<double> outcome() override { return run(1), std::vector<double>{parameters_}; }

 private:
  std::function<std::shared_ptr<Level>()> make_;
  double parameters_ = 0;
};

std::shared_ptr<Level> wide(int parameters) {
  auto net = std::make_shared<Level>();
  for (int i = 0; i < parameters; ++i) net->register_parameter("p" + std::to_string(i), torch::zeros({4}));
  return net;
}

std::shared_ptr<Level> deep(int levels) {
  auto net = wide(2);
  for (int i = 0; i < levels; ++i) {
    auto above = std::make_shared<Level>();
    above->register_module("x", net);
    net = above;
  }
  return net;
}

const bool added = [] {
  workloads()["vanished_first"] = [] { return std::make_unique<Vanished>(true); };
  workloads()["vanished_last"] = [] { return std::make_unique<Vanished>(false); };
  for (int n : {10000, 100000}) workloads()["wide_" + std::to_string(n)] = [n] { return std::make_unique<Tree>([n] { return wide(n); }); };
  for (int n : {1000, 10000}) workloads()["deep_" + std::to_string(n)] = [n] { return std::make_unique<Tree>([n] { return deep(n); }); };
  return true;
}();

}  // namespace
}  // namespace benchmarks
