// A DCGAN (Radford, Metz and Chintala, 2015) on Fashion-MNIST: a generator draws clothes from noise, a discriminator learns to tell them from
// photographs, and each has the other as its teacher.
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

constexpr int64_t kNoise = 64;  // numbers that a picture is drawn from

/// [n, kNoise, 1, 1] -> [n, 1, 28, 28] from -1 to 1
static nn::Sequential make_generator(int64_t width) {
  const auto up = [](int64_t in, int64_t out, int64_t size, int64_t stride, int64_t padding) {
    return nn::ConvTranspose2d(nn::ConvTranspose2dOptions(in, out, size).stride(stride).padding(padding).bias(false));
  };
  return nn::Sequential(up(kNoise, 2 * width, 7, 1, 0), nn::BatchNorm2d(2 * width), nn::ReLU(),  // 7 x 7
                        up(2 * width, width, 4, 2, 1), nn::BatchNorm2d(width), nn::ReLU(),       // 14 x 14
                        up(width, 1, 4, 2, 1), nn::Tanh());                                      // 28 x 28
}

/// [n, 1, 28, 28] -> [n], the logits of being a photograph
static nn::Sequential make_discriminator(int64_t width) {
  const auto down = [](int64_t in, int64_t out, int64_t size, int64_t stride, int64_t padding) {
    return nn::Conv2d(nn::Conv2dOptions(in, out, size).stride(stride).padding(padding).bias(false));
  };
  const auto leaky = [] { return nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)); };
  return nn::Sequential(down(1, width, 4, 2, 1), leaky(),                                      // 14 x 14
                        down(width, 2 * width, 4, 2, 1), nn::BatchNorm2d(2 * width), leaky(),  // 7 x 7
                        down(2 * width, 1, 7, 1, 0), nn::Flatten(nn::FlattenOptions().start_dim(0)));
}

/// The paper's initial weights.
static void initialise(nn::Module& module) {
  if (auto* down = module.as<nn::Conv2d>()) nn::init::normal_(down->weight, 0, 0.02);
  else if (auto* up = module.as<nn::ConvTranspose2d>()) nn::init::normal_(up->weight, 0, 0.02);
  else if (auto* norm = module.as<nn::BatchNorm2d>()) nn::init::normal_(norm->weight, 1, 0.02);
}

static Tensor draw(nn::Sequential& generator, int64_t count) {
  xgrad::NoGradGuard no_grad;
  generator->eval();
  const Tensor pictures = generator->forward(xgrad::randn({count, kNoise, 1, 1}));
  generator->train();
  return pictures;
}

/// How far pictures are from photographs: Frechet's distance (Heusel et al., 2017) between the features that a classifier of clothes has of them,
/// taken as normally distributed, in units of the photographs' variance. The same picture again and again is 1 or more away, whichever it is.
class Judge {
 public:
  Judge(const FashionMNIST& photographs, int64_t count) {
    xgrad::optim::Adam optimizer(classifier_->parameters(), xgrad::optim::AdamOptions(2e-3));
    const Tensor x = scaled(photographs), order = xgrad::randperm(x.size(0)).slice(0, 0, count);
    for (const Tensor& rows : order.split(64)) {
      optimizer.zero_grad();
      F::cross_entropy(classifier_->forward(x.index_select(0, rows)), photographs.targets().index_select(0, rows)).backward();
      optimizer.step();
    }
    real_ = features(x.slice(0, 0, count));
  }

  static Tensor scaled(const FashionMNIST& photographs) { return photographs.images() * 2 - 1; }

  double distance(const Tensor& pictures) {
    const Normal drawn = features(pictures);
    // The trace of the root of the product of both covariances, of which one is root * root^T.
    const auto [values, vectors] = xgrad::linalg::eigh(real_.covariance);
    const Tensor root = vectors * values.clamp_min(0).sqrt();
    const Tensor common = xgrad::linalg::eigvalsh(root.t().mm(drawn.covariance).mm(root)).clamp_min(0).sqrt().sum();
    const Tensor apart = (drawn.mean - real_.mean).square().sum() + drawn.covariance.trace() + real_.covariance.trace() - 2 * common;
    return (apart / real_.covariance.trace()).item<double>();
  }

 private:
  struct Normal {
    Tensor mean, covariance;
  };

  Normal features(const Tensor& pictures) {
    xgrad::NoGradGuard no_grad;
    std::vector<Tensor> parts;
    for (const Tensor& part : pictures.split(500)) parts.push_back(body_->forward(part));
    const Tensor all = xgrad::cat(parts).to(xgrad::kDouble);
    return {all.mean(0), all.t().cov()};
  }

  nn::Sequential body_{nn::Conv2d(nn::Conv2dOptions(1, 16, 5).stride(2).padding(2)),
                       nn::ReLU(),
                       nn::Conv2d(nn::Conv2dOptions(16, 32, 5).stride(2).padding(2)),
                       nn::ReLU(),
                       nn::Flatten(),
                       nn::Linear(32 * 7 * 7, 64),
                       nn::ReLU()};
  nn::Sequential classifier_{body_, nn::Linear(64, 10)};
  Normal real_;
};

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: dcgan [--epochs N] [--seed N] [--picture FILE] [--quick]");
  const bool quick = line.has("--quick");
  const uint64_t epochs = line.number("--epochs", quick ? 1 : 5);
  const std::string picture = line.text("--picture", "dcgan.png");
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  const int64_t batch_size = 64, most_steps = quick ? 120 : 60000, count = quick ? 1000 : 10000, width = quick ? 16 : 32;
  const FashionMNIST photographs(FashionMNIST::Mode::kTrain);
  auto loader = xgrad::data::make_data_loader(
      FashionMNIST(photographs).map(xgrad::data::transforms::Normalize<>(0.5, 0.5)).map(xgrad::data::transforms::Stack<>()),
      xgrad::data::DataLoaderOptions(batch_size).drop_last(true));
  Judge judge(photographs, quick ? 4000 : 60000);
  const Tensor test = Judge::scaled(FashionMNIST(FashionMNIST::Mode::kTest)).slice(0, 0, count);
  std::printf("distance from photographs: others %.4f  one of them %.3f  noise %.3f\n", judge.distance(test),
              judge.distance(test[0].expand({count, 1, 28, 28})), judge.distance(xgrad::rand({count, 1, 28, 28}) * 2 - 1));

  nn::Sequential generator = make_generator(width), discriminator = make_discriminator(width);
  generator->apply(initialise);
  discriminator->apply(initialise);
  const auto options = xgrad::optim::AdamOptions(1e-3).betas({0.5, 0.999});
  xgrad::optim::Adam generator_optimizer(generator->parameters(), options), discriminator_optimizer(discriminator->parameters(), options);
  const Tensor real = xgrad::ones({batch_size}), drawn = xgrad::zeros({batch_size});
  double distance = judge.distance(draw(generator, count));
  std::printf("untrained: distance %.3f\n", distance);

  for (uint64_t epoch = 1; epoch <= epochs; ++epoch) {
    double discriminator_sum = 0, generator_sum = 0;
    int64_t steps = 0;
    for (const auto& batch : *loader) {
      // The discriminator learns that photographs are real and what the generator draws is not,
      discriminator_optimizer.zero_grad();
      const Tensor pictures = generator->forward(xgrad::randn({batch_size, kNoise, 1, 1}));
      const Tensor discriminator_loss = F::binary_cross_entropy_with_logits(discriminator->forward(batch.data), real) +
                                        F::binary_cross_entropy_with_logits(discriminator->forward(pictures.detach()), drawn);
      discriminator_loss.backward();
      discriminator_optimizer.step();

      // and the generator to draw what it takes for real.
      generator_optimizer.zero_grad();
      const Tensor generator_loss = F::binary_cross_entropy_with_logits(discriminator->forward(pictures), real);
      generator_loss.backward();
      generator_optimizer.step();

      discriminator_sum += discriminator_loss.item<double>();
      generator_sum += generator_loss.item<double>();
      if (++steps == most_steps) break;
    }
    distance = judge.distance(draw(generator, count));
    std::printf("epoch %d  loss of discriminator %.3f, generator %.3f  distance %.4f\n", static_cast<int>(epoch),
                discriminator_sum / static_cast<double>(steps), generator_sum / static_cast<double>(steps), distance);
    std::fflush(stdout);
  }
  xgrad::io::save_image(draw(generator, 96), picture, 16, 2, true, std::pair(-1., 1.));
  std::printf("pictures drawn: %s\n", picture.c_str());
  return distance < (quick ? 0.9 : 0.1) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
