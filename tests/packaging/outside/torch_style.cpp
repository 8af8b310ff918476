// The same in libtorch's words.
#include <torch/torch.h>

int main() {
  torch::manual_seed(0);
  torch::nn::Linear model(3, 1);
  torch::optim::SGD optimizer(model->parameters(), 0.1);
  torch::Tensor x = torch::rand({16, 3}), y = x.sum(1, true);
  for (int step = 0; step < 200; ++step) {
    optimizer.zero_grad();
    torch::mse_loss(model(x), y).backward();
    optimizer.step();
  }
  const float loss = torch::mse_loss(model(x), y).item<float>();
  std::cout << "loss " << loss << std::endl;
  return loss < 0.01f ? 0 : 1;
}
