// Fashion-MNIST on several ranks: mpirun -np 2 distributed_fashion_mnist. The three lines that make a program for one process one for many
// are marked. All ranks compare their parameters by hash at each of the first 200 steps; rank 0 alone prints and saves; a run that was ended goes
// on from its last checkpoint (--folder), on any number of ranks. --sharded: each rank keeps its share of Adam's state.
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>

#include <xgrad/distributed/distributed.h>
#include <xgrad/io/io.h>
#include <xgrad/train/metrics/metrics.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace dist = xgrad::distributed;
namespace nn = xgrad::nn;
namespace optim = xgrad::optim;
namespace samplers = xgrad::data::samplers;
using xgrad::Tensor;
using xgrad::data::datasets::FashionMNIST;

struct Images {
  Tensor x, label;

  explicit Images(FashionMNIST::Mode mode, int64_t count) {
    const FashionMNIST set(mode);
    x = (set.images().narrow(0, 0, count).reshape({count, 784}) - 0.2860) / 0.3530;
    label = set.targets().narrow(0, 0, count);
  }
  Images(Tensor x_, Tensor label_) : x(std::move(x_)), label(std::move(label_)) {}
  Images rows(const std::vector<size_t>& indices) const {
    const Tensor which = xgrad::tensor(std::vector<int64_t>(indices.begin(), indices.end()));
    return {x.index_select(0, which), label.index_select(0, which)};
  }
};

/// Every rank scores its stretch of the test images; all get all scores, in the order of the images.
double accuracy(nn::Sequential& net, const Images& test) {
  const xgrad::NoGradGuard no_grad;
  net->eval();
  const size_t count = static_cast<size_t>(test.x.size(0));
  samplers::DistributedSequentialSampler sampler(count, static_cast<size_t>(dist::world_size()), static_cast<size_t>(dist::rank()));
  const Tensor own = net->forward(test.rows(*sampler.next(count)).x);
  const Tensor scores = dist::all_gather_rows(own).narrow(0, 0, test.x.size(0));  // those behind were there twice
  xgrad::train::Accuracy result;
  result.update(scores, test.label);
  net->train();
  return result.compute();
}

bool same_on_all_ranks(const nn::Module& net) {
  const Tensor hashes = dist::all_gather(xgrad::tensor(static_cast<int64_t>(dist::parameter_hash(net))));
  return hashes.eq(hashes[0]).all().item<bool>();
}

int main(int argc, char** argv) {
  CommandLine line(argc, argv, "usage: mpirun -np N distributed_fashion_mnist [--quick] [--epochs 10] [--folder PATH] [--sharded]");
  const bool quick = line.has("--quick"), sharded = line.has("--sharded");
  const int64_t epochs = static_cast<int64_t>(line.number("--epochs", quick ? 2 : 10));
  const std::string folder = line.text("--folder", "");
  line.finish();

  dist::init();  // (1)
  const auto ranks = static_cast<size_t>(dist::world_size()), rank = static_cast<size_t>(dist::rank());
  if (xgrad::get_num_threads() > 1 && ranks > 1) xgrad::set_num_threads(std::max<int>(1, xgrad::get_num_threads() / static_cast<int>(ranks)));
  xgrad::manual_seed(0);
  const Images training(FashionMNIST::Mode::kTrain, quick ? 6000 : 60000), test(FashionMNIST::Mode::kTest, quick ? 1000 : 10000);
  nn::Sequential net(nn::Linear(784, 256), nn::ReLU(), nn::Dropout(0.2), nn::Linear(256, 128), nn::ReLU(), nn::Linear(128, 10));
  dist::DistributedDataParallel parallel(net);  // (2)
  dist::manual_seed_by_rank(1);                 // other dropout masks on each rank
  const optim::AdamOptions options(1e-3);
  std::unique_ptr<optim::Optimizer> optimizer;
  if (sharded) optimizer = std::make_unique<dist::ZeroRedundancyOptimizer<optim::Adam>>(net->parameters(), options);
  else optimizer = std::make_unique<optim::Adam>(net->parameters(), options);

  int64_t epoch = 0, steps = 0, differing = 0;
  xgrad::serialize::Checkpoint checkpoint(false);  // each rank has a generator of its own
  checkpoint.add("net", net).add("optimizer", *optimizer).add("epoch", epoch).add("steps", steps);
  std::optional<xgrad::serialize::CheckpointFolder> checkpoints;
  if (!folder.empty()) checkpoints.emplace(folder);
  if (checkpoints && checkpoints->load_latest(checkpoint) && rank == 0) std::printf("goes on after epoch %d\n", static_cast<int>(epoch));

  samplers::DistributedRandomSampler sampler(static_cast<size_t>(training.x.size(0)), ranks, rank, false);  // (3)
  double found = accuracy(net, test);
  const auto start = std::chrono::steady_clock::now();
  while (epoch < epochs) {
    sampler.set_epoch(static_cast<size_t>(epoch));
    sampler.reset();
    double loss_sum = 0;
    int64_t batches = 0;
    while (const auto indices = sampler.next(std::max<size_t>(1, 128 / ranks))) {
      const Images batch = training.rows(*indices);
      optimizer->zero_grad();
      const Tensor loss = nn::functional::cross_entropy(net->forward(batch.x), batch.label);
      loss.backward();
      nn::utils::clip_grad_norm_(net->parameters(), 5.0);
      optimizer->step();
      loss_sum += loss.item<double>();
      ++batches;
      if (++steps <= 200 && !same_on_all_ranks(*net)) ++differing;
    }
    ++epoch;
    const Tensor loss = xgrad::tensor(loss_sum / static_cast<double>(batches), xgrad::kDouble);
    dist::all_reduce(loss, dist::ReduceOp::Average);
    found = accuracy(net, test);
    if (checkpoints) {
      if (auto* const spread = dynamic_cast<dist::ShardedOptimizer*>(optimizer.get())) spread->consolidate_state();
      dist::on_rank_0([&] { checkpoints->save(checkpoint, epoch); });
    }
    if (rank == 0) {
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      std::printf("epoch %2d  loss %.4f  test accuracy %.4f  %.1f s\n", static_cast<int>(epoch), loss.item<double>(), found, seconds);
      std::fflush(stdout);
    }
  }
  if (rank == 0)
    std::printf("%d ranks; steps of the first 200 after which ranks differed: %d; parameters %08x\n", static_cast<int>(ranks),
                static_cast<int>(differing), dist::parameter_hash(*net));
  return differing == 0 && found >= (quick ? 0.75 : 0.88) ? 0 : 1;
}
