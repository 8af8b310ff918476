#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "measurements.h"
#include "simulated_link.h"

#include <xgrad/distributed/distributed.h>

namespace dist = xgrad::distributed;

namespace {

constexpr LinkModel kSlow{200e-6, 8e-9, 0.1e-9}, kFast{50e-6, 0.8e-9, 0.1e-9};

dist::Communicator over(const LinkModel* simulated) {
  if (!simulated) return dist::world();
  return dist::Communicator(std::make_shared<SimulatedLink>(dist::world().duplicate().transport().duplicate(false),
                                                            std::chrono::duration<double>(simulated->latency), 1 / simulated->per_byte));
}

struct MeasuredStep {
  double seconds = 0, reducing = 0, waiting = 0;
};
enum class Update { kAfterwards, kAsTheyCome };

/// Of steps with everything but the data's loading, the median; of reducing and waiting the mean.
MeasuredStep measure(Workload& workload, const LinkModel* simulated, double megabytes, int steps, Update update, bool synchronises = true) {
  const auto net = std::dynamic_pointer_cast<xgrad::nn::SequentialImpl>(workload.net->clone());
  dist::DistributedDataParallel parallel(net, dist::DistributedDataParallelOptions().bucket_cap_mb(megabytes), over(simulated));
  std::unordered_map<const void*, std::unique_ptr<xgrad::optim::Adam>> optimizers;
  xgrad::optim::Adam optimizer(net->parameters(), 1e-4);
  if (update == Update::kAsTheyCome) {
    for (const xgrad::Tensor& p : net->parameters())
      optimizers[p.unsafeGetTensorImpl()] = std::make_unique<xgrad::optim::Adam>(std::vector<xgrad::Tensor>{p}, xgrad::optim::AdamOptions(1e-4));
    parallel.register_post_reduce_grad_hook([&](const xgrad::Tensor& p) {
      optimizers.at(p.unsafeGetTensorImpl())->step();
      p.mutable_grad().zero_();
    });
  }
  std::vector<double> taken;
  dist::DistributedDataParallel::Times before;
  for (int step = -3; step < steps; ++step) {
    if (step == 0) before = parallel.times();
    dist::barrier();
    const double start = now();
    const xgrad::Tensor loss = xgrad::nn::functional::cross_entropy(net->forward(workload.x), workload.label);
    if (synchronises) {
      loss.backward();
    } else {
      const auto alone = parallel.no_sync();
      loss.backward();
    }
    if (update == Update::kAfterwards) {
      optimizer.step();
      optimizer.zero_grad();
    }
    if (step >= 0) taken.push_back(now() - start);
  }
  const dist::DistributedDataParallel::Times after = parallel.times();
  return {median(taken), (after.reducing - before.reducing).count() / steps, (after.waiting - before.waiting).count() / steps};
}

void print_overlap(const LinkModel* simulated, const LinkModel& link, const std::string& net) {
  const bool prints = dist::rank() == 0;
  if (prints) {
    std::printf("%d ranks, %s: %.0f us and %.2f Gbit/s\n\n", dist::world_size(), simulated ? "a simulated link" : "what joins them",
                link.latency * 1e6, 8e-9 / link.per_byte);
    std::printf(
        "| net | buckets of MB | step without reduction | with | updated as averages come | reducing | waited for | hidden | simulated: step | "
        "hidden |\n");
    std::printf("|---|---|---|---|---|---|---|---|---|---|\n");
  }
  Workload workloads[] = {mlp(256), mlp(1024), deep_mlp(1024), mnist_cnn(64), mnist_cnn(128)};
  for (Workload& workload : workloads) {
    if (workload.name.find(net) == std::string::npos) continue;
    const double alone = measure(workload, simulated, 1, 10, Update::kAfterwards, false).seconds;
    const StepProfile profile = profile_of(workload);
    for (const double megabytes : {0.25, 1.0, 4.0, 25.0}) {
      const MeasuredStep step = measure(workload, simulated, megabytes, 10, Update::kAfterwards);
      const double hooked = measure(workload, simulated, megabytes, 10, Update::kAsTheyCome).seconds;
      const SimulatedStep model = simulate(profile, link, dist::world_size(), megabytes * (1 << 20));
      if (prints) {
        std::printf("| %s | %.2f | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.1f ms | %.0f %% | %.1f ms | %.0f %% |\n", workload.name.c_str(),
                    megabytes, alone * 1e3, step.seconds * 1e3, hooked * 1e3, step.reducing * 1e3, step.waiting * 1e3,
                    100 * (1 - step.waiting / step.reducing), model.seconds * 1e3, 100 * (1 - model.waiting / model.reducing));
        std::fflush(stdout);
      }
    }
  }
  if (prints) std::puts("");
}

}  // namespace

void measure_overlap(const std::string& network, const std::string& net) {
  if (network == "real") return print_overlap(nullptr, measure_link(false), net);
  if (network != "fast") print_overlap(&kSlow, kSlow, net);
  if (network != "slow") print_overlap(&kFast, kFast, net);
}

void measure_overhead() {
  if (dist::rank() == 0) std::printf("| net | alone | with DistributedDataParallel | more |\n|---|---|---|---|\n");
  Workload workloads[] = {mlp(16), mlp(256), mnist_cnn(64)};
  for (Workload& workload : workloads) {
    const auto net = std::dynamic_pointer_cast<xgrad::nn::SequentialImpl>(workload.net->clone());
    xgrad::optim::SGD optimizer(net->parameters(), 0.01), wrapped_optimizer(workload.net->parameters(), 0.01);
    dist::DistributedDataParallel parallel(workload.net);
    std::vector<double> alone, wrapped;
    for (int step = -5; step < 60; ++step) {
      for (const bool with : {false, true}) {
        const double start = now();
        xgrad::nn::functional::cross_entropy(with ? workload.net->forward(workload.x) : net->forward(workload.x), workload.label).backward();
        (with ? wrapped_optimizer : optimizer).step();
        (with ? wrapped_optimizer : optimizer).zero_grad();
        if (step >= 0) (with ? wrapped : alone).push_back(now() - start);
      }
    }
    if (dist::rank() == 0)
      std::printf("| %s | %.3f ms | %.3f ms | %+.1f %% |\n", workload.name.c_str(), median(alone) * 1e3, median(wrapped) * 1e3,
                  100 * (median(wrapped) / median(alone) - 1));
  }
}
