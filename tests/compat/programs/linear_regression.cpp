// A line fitted by stochastic gradient descent with momentum, first by hand, then by torch::optim.
#include <torch/torch.h>

int main() {
  torch::manual_seed(1);
  auto x = torch::rand({64, 3});
  auto true_w = torch::tensor({{1.5}, {-2.0}, {0.75}});
  auto y = x.mm(true_w) + 0.3 + 0.01 * torch::randn({64, 1});

  auto w = torch::zeros({3, 1}, torch::requires_grad());
  auto b = torch::zeros({1}, torch::requires_grad());
  for (int step = 0; step < 50; ++step) {
    auto loss = torch::mse_loss(x.mm(w) + b, y);
    loss.backward();
    torch::NoGradGuard no_grad;
    w -= 0.2 * w.grad();
    b -= 0.2 * b.grad();
    w.mutable_grad().zero_();
    b.mutable_grad().zero_();
    if (step % 10 == 0) std::cout << "step " << step << " loss " << loss.item<float>() << std::endl;
  }
  std::cout << w << "\n" << b << "\n";

  torch::nn::Linear model(3, 1);
  torch::optim::SGD optimizer(model->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(1e-4));
  for (int epoch = 1; epoch <= 10; ++epoch) {
    float total = 0;
    for (int64_t first = 0; first < 64; first += 16) {
      optimizer.zero_grad();
      auto loss = torch::nn::functional::mse_loss(model(x.narrow(0, first, 16)), y.narrow(0, first, 16));
      loss.backward();
      optimizer.step();
      total += loss.item<float>();
    }
    std::cout << "epoch " << epoch << " loss " << total / 4 << "\n";
  }
  std::cout << model->weight << "\n" << model->bias << "\n";
}
