// An autoencoder: pictures of clothes through a bottleneck of 32 numbers and back, compared with the mean picture.
#include <cstdio>
#include <cstring>
#include <string>

#include <xgrad/xgrad.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

struct AutoencoderImpl : nn::Module {
  AutoencoderImpl() {
    encoder = register_module("encoder", nn::Sequential(nn::Linear(784, 128), nn::ReLU(), nn::Linear(128, 32)));
    decoder = register_module("decoder", nn::Sequential(nn::Linear(32, 128), nn::ReLU(), nn::Linear(128, 784), nn::Sigmoid()));
  }
  Tensor forward(const Tensor& x) { return decoder->forward(encoder->forward(x)); }
  nn::Sequential encoder{nullptr}, decoder{nullptr};
};
TORCH_MODULE(Autoencoder);

/// Fashion-MNIST as rows of 784 numbers from 0 to 1.
static Tensor pictures(FashionMNIST::Mode mode, int64_t count) {
  return FashionMNIST(mode).images().slice(0, 0, count).reshape({-1, 784}).contiguous();
}

/// Pictures side by side, two rows of pixels to a line.
static void show(const std::vector<Tensor>& row) {
  static const std::string shades = " .:-=+*#%@";
  for (int64_t line = 0; line < 28; line += 2) {
    for (const Tensor& picture : row) {
      const auto pixel = picture.accessor<float, 1>();
      for (int64_t column = 0; column < 28; ++column) {
        const float brightness = (pixel[line * 28 + column] + pixel[(line + 1) * 28 + column]) / 2;
        std::putchar(shades[static_cast<size_t>(brightness * 9.99f)]);
      }
      std::printf("  ");
    }
    std::putchar('\n');
  }
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const Tensor train = pictures(FashionMNIST::Mode::kTrain, quick ? 3000 : 20000);
  const Tensor test = pictures(FashionMNIST::Mode::kTest, 1000);

  Autoencoder model;
  xgrad::optim::Adam optimizer(model->parameters(), xgrad::optim::AdamOptions(2e-3));
  const int epochs = quick ? 4 : 10;
  const int64_t batch = 64;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const Tensor order = xgrad::randperm(train.size(0));
    for (int64_t first = 0; first + batch <= train.size(0); first += batch) {
      const Tensor x = train.index_select(0, order.slice(0, first, first + batch));
      optimizer.zero_grad();
      xgrad::mse_loss(model->forward(x), x).backward();
      optimizer.step();
    }
    xgrad::NoGradGuard no_grad;
    std::printf("epoch %2d  test error %.5f\n", epoch, xgrad::mse_loss(model->forward(test), test).item<double>());
  }

  xgrad::NoGradGuard no_grad;
  const Tensor rebuilt = model->forward(test);
  show({test[0], test[1], test[2]});
  show({rebuilt[0], rebuilt[1], rebuilt[2]});
  const double error = xgrad::mse_loss(rebuilt, test).item<double>();
  const double of_mean = xgrad::mse_loss(train.mean(0).expand_as(test), test).item<double>();
  std::printf("mean square error %.5f; of the mean picture %.5f\n", error, of_mean);
  return error < of_mean / (quick ? 2.5 : 5) ? 0 : 1;
}
