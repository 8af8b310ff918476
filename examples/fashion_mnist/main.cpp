// Trains a dense network on Fashion-MNIST and says how well it does; or evaluates one that was saved.
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/train/metrics/classification.h>

#include "../command_line.h"
#include "learning_curves.h"
#include "training.h"

using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

struct Options {
  std::string data = "/usr/share/datasets/fashion-mnist";
  std::string model = "fashion_mnist.model";
  std::string curves = "fashion_mnist.svg";
  std::string evaluate;
  uint64_t seed = 0;
  bool quick = false;
};

static constexpr const char* kUsage =
    "usage: fashion_mnist [--data FOLDER] [--model FILE] [--curves FILE] [--seed N] [--quick]\n"
    "       fashion_mnist --evaluate FILE [--data FOLDER]\n";

static Options parse(int argc, char** argv) {
  CommandLine line(argc, argv, kUsage);
  Options options;
  options.quick = line.has("--quick");
  options.data = line.text("--data", options.data);
  options.model = line.text("--model", options.model);
  options.curves = line.text("--curves", options.curves);
  options.evaluate = line.text("--evaluate", options.evaluate);
  options.seed = line.number("--seed", options.seed);
  line.finish();
  return options;
}

static Images read(const Options& options, FashionMNIST::Mode mode) {
  const FashionMNIST set(options.data, mode);
  constexpr double kMean = 0.2860, kDeviation = 0.3530;  // of the training pixels
  return {((set.images() - kMean) / kDeviation).reshape({-1, 784}), set.targets()};
}

static Images rows(const Images& images, const Tensor& which) { return {images.x.index_select(0, which), images.label.index_select(0, which)}; }

/// A confusion matrix, and the pair of classes most often taken for one another.
static void print(const Tensor& confusion) {
  const auto count = confusion.accessor<int64_t, 2>();
  const int classes = static_cast<int>(confusion.size(0));
  const auto mixed = [&](int a, int b) { return count[a][b] + count[b][a]; };
  std::printf("\ntrue class      predicted\n%14s", "");
  for (int j = 0; j < classes; ++j) std::printf("%6d", j);
  std::printf("\n");
  int first = 0, second = 1;
  for (int i = 0; i < classes; ++i) {
    std::printf("%2d %-11s", i, FashionMNIST::class_name(i));
    for (int j = 0; j < classes; ++j) {
      if (count[i][j]) std::printf("%6lld", static_cast<long long>(count[i][j]));
      else std::printf("%6s", ".");
      if (i < j && mixed(i, j) > mixed(first, second)) first = i, second = j;
    }
    std::printf("\n");
  }
  std::printf("\nmost confused: %s and %s (%lld + %lld images)\n", FashionMNIST::class_name(first), FashionMNIST::class_name(second),
              static_cast<long long>(count[first][second]), static_cast<long long>(count[second][first]));
}

static double report(xgrad::nn::Sequential& net, const Images& test) {
  xgrad::train::ConfusionMatrix confusion(10);
  confusion.update(scores(net, test.x), test.label);
  std::printf("\ntest accuracy %.4f\n", confusion.accuracy());
  print(confusion.compute());
  return confusion.accuracy();
}

static int evaluate(const Options& options) {
  xgrad::nn::Sequential net = make_network(0);
  xgrad::load(net, options.evaluate);
  report(net, read(options, FashionMNIST::Mode::kTest));
  return 0;
}

static int train_and_report(const Options& options) {
  xgrad::manual_seed(options.seed);
  const Images all = read(options, FashionMNIST::Mode::kTrain);
  const int64_t n = all.x.size(0), validating = 5000, training = options.quick ? 10000 : n - validating;
  const Tensor shuffled = xgrad::randperm(n);

  Settings settings;
  if (options.quick) settings.epochs = 3;
  xgrad::nn::Sequential net = make_network(settings.dropout);
  const History history =
      train(net, rows(all, shuffled.slice(0, validating, validating + training)), rows(all, shuffled.slice(0, 0, validating)), settings);
  std::printf("kept the weights of epoch %d\n", history.best);

  const double accuracy = report(net, read(options, FashionMNIST::Mode::kTest));
  xgrad::save(net, options.model);
  draw_learning_curves(options.curves, history.epochs, history.best);
  std::printf("\nmodel: %s\nlearning curves: %s\n", options.model.c_str(), options.curves.c_str());
  return accuracy >= (options.quick ? 0.80 : 0.88) ? 0 : 1;
}

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  return options.evaluate.empty() ? train_and_report(options) : evaluate(options);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
