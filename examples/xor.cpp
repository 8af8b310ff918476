// The smallest problem that needs a hidden layer: exclusive or.
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const Tensor x = xgrad::tensor({{0.0, 0.0}, {0.0, 1.0}, {1.0, 0.0}, {1.0, 1.0}});
  const Tensor y = xgrad::tensor({{0.0}, {1.0}, {1.0}, {0.0}});

  nn::Sequential net(nn::Linear(2, 8), nn::Tanh(), nn::Linear(8, 1));
  nn::BCEWithLogitsLoss criterion;
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(0.1));
  const int steps = quick ? 100 : 500;
  for (int step = 1; step <= steps; ++step) {
    optimizer.zero_grad();
    Tensor loss = criterion(net->forward(x), y);
    loss.backward();
    optimizer.step();
    if (step % (steps / 5) == 0) std::printf("step %4d  loss %.5f\n", step, loss.item<float>());
  }

  xgrad::NoGradGuard no_grad;
  const Tensor p = net->forward(x).sigmoid();
  for (int i = 0; i < 4; ++i) std::printf("%.0f xor %.0f = %.4f\n", x[i][0].item<float>(), x[i][1].item<float>(), p[i][0].item<float>());
  return (p - y).abs().max().item<float>() < 0.1f ? 0 : 1;
}
