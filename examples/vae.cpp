// A variational autoencoder (Kingma and Welling, 2013) of Fashion-MNIST's pictures: a convolutional net says where in a space of 20 numbers a
// picture lies, and how surely; another one draws what lies at a point. What is normally distributed there are new pictures.
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

constexpr int64_t kLatent = 20;
constexpr int64_t kColumns = 16;  // of the picture

struct VAEImpl : nn::Module {
  VAEImpl() {
    const auto halve = [](int64_t in, int64_t out) { return nn::Conv2d(nn::Conv2dOptions(in, out, 4).stride(2).padding(1)); };
    const auto twice = [](int64_t in, int64_t out) { return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, 4).stride(2).padding(1)); };
    encoder = register_module("encoder", nn::Sequential(halve(1, 16), nn::ReLU(), halve(16, 32), nn::ReLU(), nn::Flatten(),  // [n, 32 * 7 * 7]
                                                        nn::Linear(32 * 7 * 7, 256), nn::ReLU(), nn::Linear(256, 2 * kLatent)));
    decoder = register_module("decoder", nn::Sequential(nn::Linear(kLatent, 256), nn::ReLU(), nn::Linear(256, 32 * 7 * 7), nn::ReLU(),
                                                        nn::Unflatten(nn::UnflattenOptions(1, {32, 7, 7})), twice(32, 16), nn::ReLU(), twice(16, 1)));
  }

  /// Mean and logarithm of the variance of q(z | x), each [n, kLatent].
  std::pair<Tensor, Tensor> encode(const Tensor& x) {
    const std::vector<Tensor> halves = encoder->forward(x).chunk(2, 1);
    return {halves[0], halves[1]};
  }
  /// Logits of the pixels at z.
  Tensor decode(const Tensor& z) { return decoder->forward(z); }

  nn::Sequential encoder{nullptr}, decoder{nullptr};
};
TORCH_MODULE(VAE);

/// The two parts of what is minimised, the negative evidence lower bound (ELBO), in nats per picture.
struct Loss {
  Tensor reconstruction;  // -log p(x | z), a pixel's grey being the probability of white
  Tensor divergence;      // of q(z | x) from the standard normal distribution
  Tensor total() const { return reconstruction + divergence; }
};

static Loss loss(VAE& model, const Tensor& x) {
  const auto [mean, log_variance] = model->encode(x);
  // z is random, and yet a differentiable function of mean and variance.
  const Tensor z = mean + (0.5 * log_variance).exp() * xgrad::randn_like(mean);
  const auto n = static_cast<double>(x.size(0));
  const auto sum = F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(xgrad::kSum);
  return {F::binary_cross_entropy_with_logits(model->decode(z), x, sum) / n,
          -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum() / n};
}

/// A row of pictures, a row of what becomes of them, and four of new ones.
static void draw(VAE& model, const Tensor& pictures, const std::string& file) {
  xgrad::NoGradGuard no_grad;
  const Tensor x = pictures.slice(0, 0, kColumns);
  const Tensor rebuilt = model->decode(model->encode(x).first).sigmoid();
  const Tensor drawn = model->decode(xgrad::randn({4 * kColumns, kLatent})).sigmoid();
  xgrad::io::save_image(xgrad::cat({x, rebuilt, drawn}), file, kColumns);
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: vae [--epochs N] [--seed N] [--picture FILE] [--quick]");
  const bool quick = line.has("--quick");
  const uint64_t epochs = line.number("--epochs", quick ? 1 : 10);
  const std::string picture = line.text("--picture", "vae.png");
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  const int64_t most_steps = quick ? 150 : 60000;
  auto train = xgrad::data::make_data_loader(FashionMNIST(FashionMNIST::Mode::kTrain).map(xgrad::data::transforms::Stack<>()),
                                             xgrad::data::DataLoaderOptions(quick ? 32 : 128).drop_last(true));
  const Tensor test = FashionMNIST(FashionMNIST::Mode::kTest).images().slice(0, 0, quick ? 1000 : 10000);

  VAE model;
  xgrad::optim::Adam optimizer(model->parameters(), xgrad::optim::AdamOptions(1e-3));
  double bound = 0;
  for (uint64_t epoch = 1; epoch <= epochs; ++epoch) {
    double sum = 0;
    int64_t steps = 0;
    for (const auto& batch : *train) {
      optimizer.zero_grad();
      const Tensor total = loss(model, batch.data).total();
      total.backward();
      optimizer.step();
      sum += total.item<double>();
      if (++steps == most_steps) break;
    }
    xgrad::NoGradGuard no_grad;
    const Loss found = loss(model, test);
    bound = -found.total().item<double>();
    std::printf("epoch %2d  train loss %.2f  test ELBO %.2f = -%.2f reconstruction - %.2f divergence\n", static_cast<int>(epoch),
                sum / static_cast<double>(steps), bound, found.reconstruction.item<double>(), found.divergence.item<double>());
    std::fflush(stdout);
  }
  draw(model, test, picture);
  std::printf("pictures, what becomes of them, and new ones: %s\n", picture.c_str());
  return bound > (quick ? -330 : -246) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
