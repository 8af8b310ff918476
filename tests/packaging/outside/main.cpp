// A program outside the library: trains a small network and ends well only if the loss fell.
#include <xgrad/xgrad.h>

#include <cstdio>

int main() {
  xgrad::manual_seed(0);
  xgrad::nn::Sequential net(xgrad::nn::Linear(2, 8), xgrad::nn::Tanh(), xgrad::nn::Linear(8, 1));
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(0.05));
  const xgrad::Tensor x = xgrad::rand({32, 2}), y = x.prod(1, /*keepdim=*/true);
  float first = 0, last = 0;
  for (int step = 0; step < 50; ++step) {
    optimizer.zero_grad();
    const xgrad::Tensor loss = xgrad::mse_loss(net->forward(x), y);
    loss.backward();
    optimizer.step();
    last = loss.item<float>();
    if (step == 0) first = last;
  }
  std::printf("loss %.4f -> %.4f\n", first, last);
  try {
    xgrad::ones({2, 3}).mm(xgrad::ones({2, 3}));
  } catch (const xgrad::Error&) {
    return last < 0.1f * first ? 0 : 1;
  }
  return 2;
}
