// One step of training as a list of launches: run recorded, it is the next step.
#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "launch_tape.h"
#include "values.h"

namespace {

struct Net : torch::nn::Module {
  torch::nn::Linear first{nullptr}, second{nullptr};
  torch::nn::Dropout dropout{nullptr};
  explicit Net(double p) {
    first = register_module("first", torch::nn::Linear(6, 20));
    second = register_module("second", torch::nn::Linear(20, 3));
    dropout = register_module("dropout", torch::nn::Dropout(p));
  }
  torch::Tensor forward(const torch::Tensor& x) { return second(dropout(torch::relu(first(x)))); }
};

// A net in training with data of its own; equal seeds give equal ones.
template <class Optimizer, class Options> struct Training {
  Net net;
  torch::Tensor x, labels;
  torch::Generator generator = torch::detail::getDefaultCPUGenerator();
  Optimizer optimizer;
  torch::Tensor loss;

  Training(double p, const Options& options)
      : net((torch::manual_seed(3), p)),
        x(torch::randn({16, 6})),
        labels(torch::randint(0, 3, {16}, torch::kLong)),
        optimizer(net.parameters(), options) {}

  void step() {
    optimizer.zero_grad();
    loss = torch::nn::functional::cross_entropy(net.forward(x), labels);
    loss.backward();
    optimizer.step();
  }
  void set_lr(double lr) { static_cast<Options&>(optimizer.param_groups()[0].options()).lr(lr); }
  std::vector<torch::Tensor> state() {
    std::vector<torch::Tensor> all{loss.detach().clone(), generator.get_state()};
    for (const torch::Tensor& p : net.parameters()) {
      all.push_back(p.detach().clone());
      all.push_back(p.grad().clone());
    }
    return all;
  }
};

template <class Optimizer, class Options> void check_recorded_step(double dropout, const Options& options) {
  using T = Training<Optimizer, Options>;
  const auto eager = [&](double lr, int steps) {
    T t(dropout, options);
    t.step();
    t.set_lr(lr);
    for (int i = 0; i < steps; ++i) t.step();
    return t.state();
  };
  const std::vector<torch::Tensor> second = eager(0.02, 1), fifth = eager(0.02, 4);

  T recorded(dropout, options);
  recorded.step();  // makes the optimizer's state
  recorded.set_lr(0.02);
  torch::LaunchTape tape;
  tape.record([&] { recorded.step(); });
  CHECK(same_bits(recorded.state(), second));
  CHECK(tape.list().entries().size() > 10);
  CHECK(tape.replay() == "");
  CHECK(same_bits(recorded.state(), second));
  for (int i = 0; i < 3; ++i) tape.list().run();
  CHECK(same_bits(recorded.state(), fifth));
}

}  // namespace

TEST_CASE("a recorded step of an MLP with Adam, run again, is the next step") {
  check_recorded_step<torch::optim::Adam>(0, torch::optim::AdamOptions(0.01).weight_decay(0.1));
  check_recorded_step<torch::optim::AdamW>(0, torch::optim::AdamWOptions(0.01).amsgrad(true));
}

TEST_CASE("the same with dropout, which draws other elements each time") {
  check_recorded_step<torch::optim::Adam>(0.5, torch::optim::AdamOptions(0.01));
}

TEST_CASE("the same with SGD and its momentum") {
  check_recorded_step<torch::optim::SGD>(0.25, torch::optim::SGDOptions(0.01).momentum(0.9).nesterov(true));
}

TEST_CASE("a learning rate that changes after the recording is the one that counts") {
  using T = Training<torch::optim::Adam, torch::optim::AdamOptions>;
  const torch::optim::AdamOptions options(0.01);
  T eager(0.5, options);
  for (const double lr : {0.01, 0.01, 0.3, 0.001}) {
    eager.set_lr(lr);
    eager.step();
  }
  const std::vector<torch::Tensor> expected = eager.state();

  T t(0.5, options);
  t.step();
  torch::LaunchTape tape;
  tape.record([&] { t.step(); });
  for (const double lr : {0.3, 0.001}) {
    t.set_lr(lr);
    tape.list().run();
  }
  CHECK(same_bits(t.state(), expected));
}
