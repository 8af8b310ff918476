// Two convolutional nets on Fashion-MNIST: LeNet, and with --residual a small residual net with batch normalisation.
#include <cmath>
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

nn::Sequential lenet() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 16, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2),  //
                        nn::Conv2d(16, 32, 5), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(),                //
                        nn::Linear(32 * 5 * 5, 120), nn::ReLU(), nn::Linear(120, 84), nn::ReLU(), nn::Linear(84, 10));
}

/// relu(x + what two convolutions make of it); a stride or other channels come by a third one, of single pixels.
struct ResidualImpl : nn::Module {
  ResidualImpl(int64_t in, int64_t out, int64_t stride) {
    const auto convolution = [](int64_t from, int64_t to, int64_t size, int64_t step) {
      return nn::Conv2d(nn::Conv2dOptions(from, to, size).stride(step).padding(size / 2).bias(false));
    };
    body = register_module(
        "body", nn::Sequential(convolution(in, out, 3, stride), nn::BatchNorm2d(out), nn::ReLU(), convolution(out, out, 3, 1), nn::BatchNorm2d(out)));
    if (stride > 1 || in != out) shortcut = register_module("shortcut", convolution(in, out, 1, stride));
  }
  Tensor forward(const Tensor& x) { return xgrad::relu(body->forward(x) + (shortcut ? shortcut(x) : x)); }
  nn::Sequential body{nullptr};
  nn::Conv2d shortcut{nullptr};
};
TORCH_MODULE(Residual);

nn::Sequential residual_net() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 16, 3).padding(1).bias(false)), nn::BatchNorm2d(16), nn::ReLU(), Residual(16, 16, 1),
                        Residual(16, 32, 2), Residual(32, 64, 2), nn::AdaptiveAvgPool2d(1), nn::Flatten(), nn::Linear(64, 10));
}

double accuracy(nn::Sequential& net, const Tensor& x, const Tensor& label) {
  xgrad::NoGradGuard no_grad;
  net->eval();
  double right = 0;
  for (int64_t first = 0; first < x.size(0); first += 500) {
    const Tensor scores = net->forward(x.slice(0, first, first + 500));
    right += scores.argmax(1).eq(label.slice(0, first, first + 500)).sum().item<double>();
  }
  net->train();
  return right / static_cast<double>(x.size(0));
}

int main(int argc, char** argv) {
  bool quick = false, residual = false;
  for (int i = 1; i < argc; ++i) {
    quick |= std::strcmp(argv[i], "--quick") == 0;
    residual |= std::strcmp(argv[i], "--residual") == 0;
  }
  xgrad::manual_seed(0);
  const auto read = [](FashionMNIST::Mode mode, int64_t count) {
    const FashionMNIST set(mode);
    return std::pair((set.images().slice(0, 0, count).reshape({-1, 1, 28, 28}) - 0.2860) / 0.3530, set.targets().slice(0, 0, count));
  };
  const auto [x, label] = read(FashionMNIST::Mode::kTrain, quick ? 4000 : 60000);
  const auto [test_x, test_label] = read(FashionMNIST::Mode::kTest, quick ? 1000 : 10000);

  nn::Sequential net = residual ? residual_net() : lenet();
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(2e-3));
  const int epochs = quick ? 2 : residual ? 5 : 10;
  const int64_t batch = quick ? 32 : 64, steps = epochs * (x.size(0) / batch);
  int64_t step = 0;
  double found = 0;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const Tensor order = xgrad::randperm(x.size(0));
    for (int64_t first = 0; first + batch <= x.size(0); first += batch, ++step) {
      // The learning rate falls along half a cosine.
      const double rate = 1e-3 * (1 + std::cos(M_PI * static_cast<double>(step) / static_cast<double>(steps)));
      static_cast<xgrad::optim::AdamOptions&>(optimizer.param_groups()[0].options()).lr(rate);
      const Tensor rows = order.slice(0, first, first + batch);
      optimizer.zero_grad();
      nn::functional::cross_entropy(net->forward(x.index_select(0, rows)), label.index_select(0, rows)).backward();
      optimizer.step();
    }
    found = accuracy(net, test_x, test_label);
    std::printf("epoch %2d  test accuracy %.4f\n", epoch, found);
    std::fflush(stdout);
  }
  return found >= (quick ? 0.7 : 0.91) ? 0 : 1;
}
