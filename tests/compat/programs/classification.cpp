// A multilayer perceptron with dropout, Adam and cross-entropy on three Gaussian clouds.
#include <torch/torch.h>

struct Net : torch::nn::Module {
  Net() {
    fc1 = register_module("fc1", torch::nn::Linear(2, 32));
    fc2 = register_module("fc2", torch::nn::Linear(32, 16));
    fc3 = register_module("fc3", torch::nn::Linear(16, 3));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(fc1->forward(x));
    x = torch::dropout(x, /*p=*/0.2, /*train=*/is_training());
    x = torch::relu(fc2->forward(x));
    return fc3->forward(x);
  }
  torch::nn::Linear fc1{nullptr}, fc2{nullptr}, fc3{nullptr};
};

int main() {
  torch::manual_seed(0);
  std::vector<torch::Tensor> points, labels;
  for (int c = 0; c < 3; ++c) {
    const double angle = 2 * M_PI * c / 3;
    points.push_back(0.5 * torch::randn({40, 2}) + torch::tensor({std::cos(angle), std::sin(angle)}, torch::kFloat));
    labels.push_back(torch::full({40}, c, torch::kLong));
  }
  auto x = torch::cat(points), target = torch::cat(labels);

  auto net = std::make_shared<Net>();
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(0.01).weight_decay(1e-5));
  torch::nn::CrossEntropyLoss criterion(torch::nn::CrossEntropyLossOptions().label_smoothing(0.05));
  for (int epoch = 1; epoch <= 20; ++epoch) {
    net->train();
    auto order = torch::randperm(120);
    for (int64_t first = 0; first < 120; first += 30) {
      auto batch = order.slice(0, first, first + 30);
      optimizer.zero_grad();
      auto loss = criterion(net->forward(x.index_select(0, batch)), target.index_select(0, batch));
      loss.backward();
      optimizer.step();
    }
    if (epoch % 5 == 0) {
      net->eval();
      torch::NoGradGuard no_grad;
      auto output = net->forward(x);
      const double accuracy = output.argmax(1).eq(target).sum().item<int64_t>() / 120.0;
      std::printf("epoch %2d loss %.4f accuracy %.3f\n", epoch, criterion(output, target).item<double>(), accuracy);
    }
  }
  net->eval();
  auto probabilities = torch::softmax(net->forward(torch::tensor({{1.0, 0.0}, {-0.5, 0.9}, {-0.5, -0.9}, {0.0, 0.0}})), 1);
  std::cout << probabilities << "\n" << probabilities.argmax(1) << "\n";
}
