// A training that goes on where it was when it is started again, however it ended: `resume --folder FOLDER`. Its result has the bits of a run
// that never stopped. Without a folder it shows that: one run is stopped half-way, and another object goes on.
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <xgrad/train/train.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace data = xgrad::data;
namespace nn = xgrad::nn;
namespace optim = xgrad::optim;
namespace serialize = xgrad::serialize;
namespace train = xgrad::train;
using xgrad::Tensor;

/// Two spirals of 500 points, wound one into the other: [1000, 2] and their classes.
static data::datasets::TensorDataset spirals() {
  const Tensor t = xgrad::linspace(0.5, 10, 500), spiral = xgrad::stack({t * t.cos(), t * t.sin()}, 1) / 10;
  const Tensor labels = xgrad::arange(2).repeat_interleave(500).to(xgrad::kFloat).unsqueeze(1);
  return data::datasets::TensorDataset(xgrad::cat({xgrad::cat({spiral, -spiral}), labels}, 1));
}

using Loader = decltype(data::make_data_loader(spirals().map(data::transforms::Stack<data::TensorExample>()), data::samplers::RandomSampler(1), 1));

/// All that changes as the training goes on.
struct Run {
  static constexpr int kAccumulated = 2;  // batches to a step

  explicit Run(int64_t epochs)
      : net(nn::Linear(2, 64), nn::Tanh(), nn::Linear(64, 64), nn::Tanh(), nn::Dropout(0.05), nn::Linear(64, 1)),
        optimizer(net->parameters(), optim::AdamWOptions(1e-2)),
        schedule(optimizer,
                 {std::make_shared<optim::LinearLR>(optimizer, 0.1, 1.0, 3), std::make_shared<optim::CosineAnnealingLR>(optimizer, epochs - 3)}, {3}),
        average(net->parameters(), 0.9),
        loader(data::make_data_loader(spirals().map(data::transforms::Stack<data::TensorExample>()), data::samplers::RandomSampler(1000), 50)) {}

  serialize::Checkpoint checkpoint() {
    serialize::Checkpoint parts;
    parts.add("net", net).add("optimizer", optimizer).add("schedule", schedule).add("average", average).add("loader", *loader).add("epoch", epoch);
    return parts;
  }

  /// One epoch: gradients of kAccumulated batches are summed, limited together, and used unless one is not finite.
  void train() {
    int batches = 0;
    optimizer.zero_grad();
    for (auto& batch : train::progress(*loader, "epoch " + std::to_string(epoch + 1))) {
      const Tensor logits = net->forward(batch.data.slice(1, 0, 2)), loss = xgrad::binary_cross_entropy_with_logits(logits, batch.data.slice(1, 2));
      (loss / kAccumulated).backward();
      if (++batches % kAccumulated != 0) continue;
      const double norm = nn::utils::clip_grad_norm_(net->parameters(), 1.0);
      if (std::isfinite(norm)) {
        optimizer.step();
        average.update();
      }
      optimizer.zero_grad();
    }
    schedule.step();
    ++epoch;
  }

  /// Of the averaged weights.
  double accuracy() {
    const xgrad::NoGradGuard no_grad;
    average.swap();
    net->eval();
    const Tensor all = spirals().tensor;
    const double right = ((net->forward(all.slice(1, 0, 2)) > 0) == (all.slice(1, 2) > 0.5)).to(xgrad::kFloat).mean().item<double>();
    net->train();
    average.swap();
    return right;
  }

  nn::Sequential net;
  optim::AdamW optimizer;
  optim::SequentialLR schedule;
  optim::AveragedParameters average;
  Loader loader;
  int64_t epoch = 0;
};

/// Trains up to an epoch, from the last checkpoint in the folder on.
static double train_in(const std::string& folder, int64_t epochs, int64_t last) {
  xgrad::manual_seed(1);
  Run run(epochs);
  serialize::Checkpoint parts = run.checkpoint();
  serialize::CheckpointFolder kept(folder);
  if (kept.load_latest(parts)) std::printf("goes on after epoch %d\n", static_cast<int>(run.epoch));
  while (run.epoch < last) {
    run.train();
    kept.save(parts, run.epoch, run.accuracy());
  }
  return run.accuracy();
}

static std::string last_file(const std::string& folder) {
  std::ifstream file(serialize::CheckpointFolder(folder).latest().value().path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "resume [--quick] [--folder FOLDER]");
  const bool quick = line.has("--quick");
  const std::string folder = line.text("--folder", "");
  line.finish();
  const int64_t epochs = quick ? 80 : 150;
  if (!folder.empty()) {
    std::printf("accuracy %.3f\n", train_in(folder, epochs, epochs));
    return 0;
  }
  const std::filesystem::path work = std::filesystem::temp_directory_path() / ("xgrad-resume-" + std::to_string(::getpid()));
  const double whole = train_in(work / "whole", epochs, epochs);
  train_in(work / "parts", epochs, epochs / 2);
  const double parts = train_in(work / "parts", epochs, epochs);
  const bool same = last_file(work / "whole") == last_file(work / "parts");
  std::filesystem::remove_all(work);
  std::printf("accuracy %.3f in one run, %.3f in two, %s\n", whole, parts, same ? "with the same bits" : "with other bits");
  return same && whole > (quick ? 0.9 : 0.99) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
