// The nets of the examples are those of their sources, each in a namespace of its own.
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>
#include <exception>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <string>

#include <xgrad/inspect/inspect.h>
#include <xgrad/xgrad.h>

#include "../../examples/command_line.h"
#include "../../examples/fashion_mnist/training.h"
#include "../../examples/letters.h"
#include "cases.h"

#pragma GCC diagnostic ignored "-Wunused-function"
#define main program
namespace autoencoder {
#include "../../examples/autoencoder.cpp"
}
namespace cartpole {
#include "../../examples/cartpole.cpp"
}
namespace char_lstm {
#include "../../examples/char_lstm.cpp"
}
namespace char_transformer {
#include "../../examples/char_transformer.cpp"
}
namespace dcgan {
#include "../../examples/dcgan.cpp"
}
namespace forecast {
#include "../../examples/forecast.cpp"
}
namespace image_classifier {
#include "../../examples/image_classifier.cpp"
}
namespace vae {
#include "../../examples/vae.cpp"
}
#undef main

namespace {

namespace nn = torch::nn;
namespace onnx = torch::onnx;
using torch::Tensor;

// Statistics of batches that aren't those of a new net.
template <class M> void train_a_little(M& net, const std::vector<Tensor>& inputs) {
  torch::NoGradGuard no_grad;
  net->train();
  for (int i = 0; i < 3; ++i) net->forward(inputs[0] * 0.5 + 0.1 * i);
}

template <class M> Case of(const std::string& name, M net, std::vector<Tensor> inputs, onnx::Options options = {}) {
  if (inputs[0].is_floating_point()) train_a_little(net, inputs);
  net->eval();
  return {name, [net](const std::vector<Tensor>& x) mutable { return std::vector<Tensor>{net->forward(x[0])}; }, std::move(inputs),
          onnx::named_tensors(*net), std::move(options)};
}

template <class M>
Case of_function(const std::string& name, M net, std::function<std::vector<Tensor>(M&, const Tensor&)> f, Tensor input, onnx::Options options = {}) {
  net->eval();
  return {name,
          [net, f](const std::vector<Tensor>& x) mutable { return f(net, x[0]); },
          {std::move(input)},
          onnx::named_tensors(*net),
          std::move(options)};
}

}  // namespace

std::vector<Case> example_models() {
  torch::manual_seed(7);
  const auto images = torch::rand({2, 1, 28, 28});
  std::vector<Case> all;
  all.push_back(of("autoencoder", autoencoder::Autoencoder(), {torch::rand({2, 784})}));
  all.push_back(of_function<cartpole::Agent>(
      "cartpole", {},
      [](auto& net, const Tensor& x) {
        return std::vector<Tensor>{net->log_probabilities(x), net->expected(x)};
      },
      torch::randn({2, 4})));
  onnx::Options in_columns;
  in_columns.batch_axes = {1};
  all.push_back(of_function<char_lstm::Writer>(
      "char_lstm", char_lstm::Writer(40, 96),
      [](auto& net, const Tensor& x) {
        const auto [logits, memory] = net->forward(x, std::nullopt);
        return std::vector<Tensor>{logits, std::get<0>(memory), std::get<1>(memory)};
      },
      torch::randint(0, 40, {12, 3}, torch::kLong), in_columns));
  all.push_back(of("char_transformer", char_transformer::Writer(40, 64, 2), {torch::randint(0, 40, {12, 2}, torch::kLong)}, in_columns));
  all.push_back(of("dcgan_generator", dcgan::make_generator(8), {torch::randn({2, dcgan::kNoise, 1, 1})}));
  all.push_back(of("dcgan_discriminator", dcgan::make_discriminator(8), {images * 2 - 1}));
  all.push_back(of("fashion_mnist", make_network(0.2), {torch::rand({2, 784})}));
  all.push_back(of("forecast", forecast::Forecaster(), {torch::randn({2, forecast::kSeen})}));
  all.push_back(of("lenet", image_classifier::lenet(), {images}));
  all.push_back(of("residual_net", image_classifier::residual_net(), {images}));
  all.push_back(of_function<nn::Sequential>(
      "pinn", nn::Sequential(nn::Linear(1, 32), nn::Tanh(), nn::Linear(32, 32), nn::Tanh(), nn::Linear(32, 1)),
      [](nn::Sequential& net, const Tensor& t) { return std::vector<Tensor>{1 + t.square() * net->forward(t)}; }, torch::rand({2, 1})));
  all.push_back(of("resume", nn::Sequential(nn::Linear(2, 64), nn::Tanh(), nn::Linear(64, 64), nn::Tanh(), nn::Dropout(0.05), nn::Linear(64, 1)),
                   {torch::randn({2, 2})}));
  all.push_back(
      of("spiral", nn::Sequential(nn::Linear(2, 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(), nn::Linear(64, 3)), {torch::randn({2, 2})}));
  all.push_back(
      of("tabular", nn::Sequential(nn::Linear(10, 64), nn::SiLU(), nn::Linear(64, 64), nn::SiLU(), nn::Linear(64, 1)), {torch::randn({2, 10})}));
  all.push_back(of_function<vae::VAE>(
      "vae", {},
      [](auto& net, const Tensor& x) {
        const auto [mean, log_variance] = net->encode(x);
        return std::vector<Tensor>{mean, log_variance, net->decode(mean).sigmoid()};
      },
      images));
  all.push_back(of("xor", nn::Sequential(nn::Linear(2, 8), nn::Tanh(), nn::Linear(8, 1)), {torch::randn({2, 2})}));
  all.push_back(of("linear_regression", nn::Linear(3, 1), {torch::randn({2, 3})}));
  return all;
}
