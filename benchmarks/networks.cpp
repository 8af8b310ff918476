// Training of multilayer perceptrons. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include <thread>

#include "stepped.h"

namespace benchmarks { namespace {

torch::Tensor tensor_of(const std::vector<float>& values, at::IntArrayRef shape) {
  return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat).clone();
}

class Training : public Stepped {
 public:
  explicit Training(const Network& network, uint32_t seed = 7) : network_(network) {
    const TrainingData data(network, seed);
    input_ = tensor_of(data.input, {network.batch, network.widths.front()});
    target_ = tensor_of(data.target, {network.batch, network.widths.back()});
    classes_ = torch::from_blob(const_cast<int64_t*>(data.classes.data()), {network.batch}, torch::kLong).clone();
    for (size_t l = 1; l < network.widths.size(); ++l) {
      net_->push_back(torch::nn::Linear(network.widths[l - 1], network.widths[l]));
      if (l + 1 == network.widths.size()) break;
      if (network.tanh) net_->push_back(torch::nn::Tanh());
      else net_->push_back(torch::nn::ReLU());
    }
    torch::NoGradGuard guard;
    const std::vector<torch::Tensor> parameters = net_->parameters();
    for (size_t i = 0; i < parameters.size(); ++i) parameters[i].copy_(tensor_of(data.parameters[i], parameters[i].sizes()));
    if (network.sgd) optimizer_ = std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(network.rate).momentum(0.9));
    else optimizer_ = std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(network.rate));
  }

  std::vector<double> outcome() override {
    std::vector<double> out{step().item<double>()};
    for (const torch::Tensor& p : net_->parameters()) digest(p.grad().contiguous().data_ptr<float>(), p.numel(), out);
    run(kCheckedSteps);
    out.push_back(step().item<double>());
    return out;
  }

 protected:
  torch::Tensor step() override {
    optimizer_->zero_grad();
    const torch::Tensor output = net_->forward(input_);
    torch::Tensor loss = network_.tanh ? torch::nn::functional::mse_loss(output, target_) : torch::nn::functional::cross_entropy(output, classes_);
    loss.backward();
    optimizer_->step();
    return loss;
  }

 private:
  Network network_;
  torch::Tensor input_, target_, classes_;
  torch::nn::Sequential net_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

const Network& small_network() { return networks()[1]; }

// A host program whose threads each train a net of their own.
class HostThreads : public Workload {
 public:
  explicit HostThreads(int threads) {
    for (int i = 0; i < threads; ++i) trainings_.push_back(std::make_unique<Training>(small_network(), 7 + static_cast<uint32_t>(i)));
  }
  void run(int64_t repetitions) override {
    std::vector<std::thread> threads;
    for (auto& training : trainings_) threads.emplace_back([&training, repetitions] { training->run(repetitions); });
    for (std::thread& t : threads) t.join();
  }
  std::vector<double> outcome() override {
    std::vector<double> out;
    for (auto& training : trainings_) {
      const std::vector<double> one = training->outcome();
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  }

 private:
  std::vector<std::unique_ptr<Training>> trainings_;
};

const bool added = [] {
  for (const Network& network : networks()) add_step<Training>(network.name, network);
  for (int n : {1, 2}) workloads()["hosts_" + std::to_string(n)] = [n] { return std::make_unique<HostThreads>(n); };
  return true;
}();

}  // namespace
}  // namespace benchmarks
