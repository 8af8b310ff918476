// A small convolutional network on Fashion-MNIST that shows what it does: logs for TensorBoard, a CSV file, where the time goes, and a report.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <xgrad/inspect/inspect.h>
#include <xgrad/train/train.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
namespace inspect = xgrad::inspect;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

constexpr int64_t kClasses = 10, kBatch = 64;
constexpr double kRate = 2e-3;

struct NetImpl : nn::Module {
  NetImpl() {
    conv1 = register_module("conv1", nn::Conv2d(nn::Conv2dOptions(1, 8, 3).padding(1)));
    norm1 = register_module("norm1", nn::BatchNorm2d(8));
    conv2 = register_module("conv2", nn::Conv2d(nn::Conv2dOptions(8, 16, 3).padding(1)));
    norm2 = register_module("norm2", nn::BatchNorm2d(16));
    hidden = register_module("hidden", nn::Linear(16 * 7 * 7, 64));
    scores = register_module("scores", nn::Linear(64, kClasses));
  }
  Tensor forward(Tensor x) {
    x = F::max_pool2d(relu(norm1(conv1(x))), F::MaxPool2dFuncOptions(2));
    x = F::max_pool2d(relu(norm2(conv2(x))), F::MaxPool2dFuncOptions(2));
    return scores(relu(hidden(x.flatten(1))));
  }
  nn::Conv2d conv1{nullptr}, conv2{nullptr};
  nn::BatchNorm2d norm1{nullptr}, norm2{nullptr};
  nn::Linear hidden{nullptr}, scores{nullptr};
};
TORCH_MODULE(Net);

struct Clothes {
  Tensor images, labels;  // [n, 1, 28, 28] and [n]
};
static Clothes read(const std::string& folder, FashionMNIST::Mode mode, int64_t count) {
  const FashionMNIST set(folder, mode);
  return {set.images().slice(0, 0, count).contiguous(), set.targets().slice(0, 0, count).contiguous()};
}

static void train_epoch(Net& net, xgrad::optim::Optimizer& optimizer, const Clothes& data, inspect::ScalarLog& log, int64_t epoch) {
  net->train();
  xgrad::train::MeanStd losses;
  xgrad::train::Accuracy accuracy;
  for (const Tensor& rows : xgrad::randperm(data.images.size(0)).split(kBatch)) {
    optimizer.zero_grad();
    const Tensor y = data.labels.index_select(0, rows), scores = net(data.images.index_select(0, rows));
    const Tensor loss = F::cross_entropy(scores, y);
    loss.backward();
    optimizer.step();
    losses.update(loss.detach());
    accuracy.update(scores.detach(), y);
  }
  log.add_scalar("loss/training", losses.mean(), epoch);
  log.add_scalar("accuracy/training", accuracy.compute(), epoch);
}

static Tensor test(Net& net, const Clothes& data, inspect::ScalarLog& log, int64_t epoch) {
  const xgrad::NoGradGuard no_grad;
  net->eval();
  const Tensor scores = net(data.images);
  xgrad::train::Accuracy accuracy;
  accuracy.update(scores, data.labels);
  log.add_scalar("loss/test", F::cross_entropy(scores, data.labels), epoch);
  log.add_scalar("accuracy/test", accuracy.compute(), epoch);
  return scores.argmax(1);
}

/// The first pictures that are taken for something else, and what.
static inspect::Picture mistakes(const Clothes& data, const Tensor& predicted) {
  const Tensor wrong = (predicted != data.labels).nonzero().flatten().slice(0, 0, 16);
  std::vector<std::string> captions;
  for (int64_t i = 0; i < wrong.size(0); ++i) {
    const int64_t at = wrong[i].item<int64_t>();
    captions.push_back(std::string(FashionMNIST::class_name(predicted[at].item<int64_t>())) + "?");
  }
  return inspect::image_picture(data.images.index_select(0, wrong), captions, 8, "", 84);
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: report [--data FOLDER] [--out FOLDER] [--quick]\n");
  const bool quick = line.has("--quick");
  const std::string data = line.text("--data", "/usr/share/datasets/fashion-mnist"), out = line.text("--out", "training_report");
  line.finish();
  const int64_t epochs = quick ? 2 : 8, examples = quick ? 4000 : 30000;

  xgrad::manual_seed(0);
  const Clothes training = read(data, FashionMNIST::Mode::kTrain, examples), unseen = read(data, FashionMNIST::Mode::kTest, quick ? 2000 : 10000);
  Net net;
  xgrad::optim::AdamW optimizer(net->parameters(), xgrad::optim::AdamWOptions(kRate));

  inspect::SummaryWriter board(out);
  inspect::CsvLog csv(out + "/scalars.csv", /*resume_step=*/1);
  inspect::ScalarHistory history({&board, &csv});
  inspect::Profile profile;
  Tensor predicted;
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    {
      const inspect::ProfileGuard guard(profile, *net);
      train_epoch(net, optimizer, training, history, epoch);
    }
    predicted = test(net, unseen, history, epoch);
    board.add_histogram("hidden/weight", net->hidden->weight, epoch);
    std::printf("epoch %d: loss %.4f, accuracy %.4f\n", static_cast<int>(epoch), history.series("loss/test").values.back(),
                history.series("accuracy/test").values.back());
  }
  net->train();
  const Tensor loss = F::cross_entropy(net(training.images.slice(0, 0, kBatch)), training.labels.slice(0, 0, kBatch));
  board.add_graph(loss, net.get());
  history.close();
  profile.save_chrome_trace(out + "/trace.json");

  xgrad::train::ConfusionMatrix confusion(kClasses);
  confusion.update(predicted, unseen.labels);
  std::vector<std::string> names;
  for (int64_t c = 0; c < kClasses; ++c) names.push_back(FashionMNIST::class_name(c));
  char accuracy[16];
  std::snprintf(accuracy, sizeof accuracy, "%.2f %%", 100 * confusion.accuracy());

  const inspect::ModelSummary summary = inspect::summary(net, {kBatch, 1, 28, 28});
  const std::vector<std::pair<std::string, inspect::Picture>> pictures{
      {"curves", inspect::draw(history.diagrams("epoch"))},
      {"confusion", inspect::confusion_picture(confusion.compute(), names)},
      {"mistakes", mistakes(unseen, predicted)},
      {"weights", inspect::weight_histograms(*net)},
      {"graph", inspect::graph_picture(loss, net.get())},
  };
  for (const auto& [name, picture] : pictures) picture.save(out + "/" + name + ".svg");

  inspect::Report("Fashion-MNIST with two convolutions")
      .facts({{"test accuracy", accuracy}, {"epochs", std::to_string(epochs)}, {"training images", std::to_string(examples)}})
      .section("Learning curves")
      .curves(history.diagrams("epoch"))
      .section("Confusion")
      .figure(pictures[1].second)
      .section("Mistakes")
      .figure(pictures[2].second, "The first test images that are taken for something else, and what.")
      .section("Settings")
      .settings({{"optimizer", "AdamW"}, {"learning rate", std::to_string(kRate)}, {"batch", std::to_string(kBatch)}, {"seed", "0"}})
      .section("Model")
      .table(summary.table(), "With a batch of " + std::to_string(kBatch) + ".")
      .figure(pictures[4].second, "What is recorded for the loss.")
      .figure(pictures[3].second)
      .section("Where the time goes")
      .table(profile.operations(15), "Kernels of the training, by operation.")
      .table(profile.modules(), "The same by module.")
      .save(out + "/report.html");
  std::printf("%s\n", summary.text().c_str());
  std::printf("report: %s/report.html\n", out.c_str());
  return confusion.accuracy() > (quick ? 0.7 : 0.88) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
