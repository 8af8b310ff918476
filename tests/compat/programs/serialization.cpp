// Tensors, modules and optimizers through torch::save and torch::load.
#include <torch/torch.h>

static torch::nn::Sequential make() {
  torch::nn::Linear last(5, 2), first(3, 5);
  return torch::nn::Sequential(first, torch::nn::Tanh(), last);
}

static float train(torch::nn::Sequential& net, torch::optim::Optimizer& optimizer, int steps) {
  auto x = torch::linspace(-1, 1, 12).view({4, 3});
  auto y = torch::stack({x.sum(1), x.prod(1)}, 1);
  float last = 0;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    auto loss = torch::mse_loss(net->forward(x), y);
    loss.backward();
    optimizer.step();
    last = loss.item<float>();
  }
  return last;
}

int main() {
  torch::manual_seed(5);
  auto tensor = torch::arange(6, torch::kFloat64).view({2, 3});
  std::stringstream stream;
  torch::save(tensor, stream);
  torch::Tensor loaded;
  torch::load(loaded, stream);
  std::cout << loaded << "\n" << torch::equal(tensor, loaded) << "\n";

  std::vector<torch::Tensor> several = {torch::ones({2}), torch::tensor({3, 4})}, back;
  std::stringstream list;
  torch::save(several, list);
  torch::load(back, list);
  std::cout << back.size() << "\n" << back[0] << "\n" << back[1] << "\n";

  auto net = make();
  torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(0.02));
  std::printf("trained %.4f\n", train(net, optimizer, 20));
  std::stringstream model_stream, optimizer_stream;
  torch::save(net, model_stream);
  torch::save(optimizer, optimizer_stream);

  auto other = make();
  torch::optim::Adam resumed(other->parameters(), torch::optim::AdamOptions(0.02));
  torch::load(other, model_stream);
  torch::load(resumed, optimizer_stream);
  auto x = torch::tensor({{0.1, 0.2, 0.3}});
  std::cout << net->forward(x) << "\n" << torch::equal(net->forward(x), other->forward(x)) << "\n";
  const float a = train(net, optimizer, 10), b = train(other, resumed, 10);
  std::printf("resumed %.4f, the same: %d\n", b, a == b);

  std::stringstream garbage("this is no model");
  try {
    torch::load(other, garbage);
  } catch (const std::exception&) {
    std::cout << "garbage refused\n";
  }
}
