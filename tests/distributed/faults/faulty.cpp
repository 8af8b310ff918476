// A training on several ranks in which the last one does what the argument says; see faults.sh.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include <xgrad/distributed/distributed.h>
#include <xgrad/io/io.h>
#include <xgrad/xgrad.h>

namespace dist = xgrad::distributed;
using xgrad::Tensor;

int main(int argc, char** argv) {
  const std::string fault = argc > 1 ? argv[1] : "none", folder = argc > 2 ? argv[2] : "";
  dist::init(dist::InitOptions().timeout(fault == "hangs" || fault == "crosses" ? 3.0 : 120.0));
  const bool faulty = dist::rank() == dist::world_size() - 1;
  if (fault == "lengths") {  // of a message that goes in pieces, of which some never come
    dist::broadcast(xgrad::ones({faulty ? 500000 : 300000}), 0);
    dist::barrier();
  }
  const int64_t width = fault == "shapes" && faulty ? 31 : 32;
  xgrad::nn::Sequential net(xgrad::nn::Linear(16, width), xgrad::nn::ReLU(), xgrad::nn::Linear(width, 1));
  if (fault == "number" && faulty) net->push_back(xgrad::nn::Linear(1, 1));
  dist::DistributedDataParallel parallel(net, dist::DistributedDataParallelOptions().bucket_cap_mb(0.001));
  xgrad::optim::Adam optimizer(net->parameters());

  xgrad::serialize::Checkpoint checkpoint;
  checkpoint.add("net", net).add("optimizer", optimizer);
  const xgrad::serialize::CheckpointFolder kept(folder);
  xgrad::serialize::CheckpointFolder checkpoints(folder);
  if (fault == "resumes") {
    const auto step = checkpoints.load_latest(checkpoint);
    dist::check_same_parameters(*net);
    if (dist::rank() == 0) std::printf("resumed at step %d\n", static_cast<int>(step.value_or(-1)));
    return step ? 0 : 1;
  }

  for (int step = 1; step <= 60; ++step) {
    if (faulty && step == 40) {
      if (fault == "throws") throw xgrad::Error("the data of step 40 are damaged");
      if (fault == "is_killed") raise(SIGKILL);
      if (fault == "crashes") raise(SIGSEGV);
      if (fault == "exits") std::exit(0);
      if (fault == "returns_1") return 1;
      if (fault == "quits") _exit(3);
      if (fault == "hangs") pause();
    }
    optimizer.zero_grad();
    const Tensor loss = net->forward(xgrad::randn({8, 16})).pow(2).mean();
    if (faulty && step == 40 && fault == "throws_in_backward") {
      const Tensor y = loss * 2;
      y.register_hook([](const Tensor&) -> Tensor { throw xgrad::Error("a hook failed"); });
      y.backward();
    }
    loss.backward();
    optimizer.step();
    if (fault == "sizes" && step == 40) {
      const Tensor x = xgrad::ones({faulty ? 7 : 8});
      dist::all_reduce(x);
    }
    if (fault == "crosses" && step == 40) dist::broadcast(xgrad::ones({8}), faulty ? 0 : dist::world_size() - 1);  // each waits for the other's
    if (!folder.empty() && step % 5 == 0) dist::on_rank_0([&] { checkpoints.save(checkpoint, step); });
  }
  if (dist::rank() == 0) std::puts("trained");
  return 0;
}
