// A program that starts and ends MPI itself, with the level of threads that the argument names, and gives ranks in two halves a communicator
// each. Returns 0 iff the library does what it should.
#include <mpi.h>

#include <cstdio>
#include <string>

#include <xgrad/distributed/distributed.h>
#include <xgrad/distributed/mpi.h>
#include <xgrad/xgrad.h>

namespace dist = xgrad::distributed;

namespace {

bool refused(MPI_Comm communicator, const std::string& expected) {
  try {
    dist::init(communicator);
  } catch (const xgrad::Error& e) {
    if (e.what() == expected) return true;
    std::printf("got: %s\n", e.what());
  }
  return false;
}

/// Sums over this rank's half while gradients of the same half are reduced: both threads call MPI.
bool trains(MPI_Comm communicator, int ranks) {
  dist::init(communicator);
  if (dist::world_size() != ranks) return false;
  xgrad::nn::Sequential net(xgrad::nn::Linear(8, 64), xgrad::nn::Linear(64, 64), xgrad::nn::Linear(64, 1));
  dist::DistributedDataParallel parallel(net, dist::DistributedDataParallelOptions().bucket_cap_mb(1e-3));
  bool right = true;
  for (int step = 0; step < 50; ++step) {
    const xgrad::Tensor hidden = net->ptr<xgrad::nn::LinearImpl>(0)->forward(xgrad::randn({4, 8}));
    hidden.register_hook([&](const xgrad::Tensor& g) {
      const xgrad::Tensor one = xgrad::ones({20000});
      dist::all_reduce(one);
      right = right && one.min().item<float>() == static_cast<float>(ranks) && one.max().item<float>() == static_cast<float>(ranks);
      return g;
    });
    net->ptr<xgrad::nn::LinearImpl>(2)->forward(net->ptr<xgrad::nn::LinearImpl>(1)->forward(hidden)).pow(2).sum().backward();
    xgrad::NoGradGuard no_grad;
    for (const xgrad::Tensor& p : net->parameters()) p.sub_(p.grad(), 1e-4);
  }
  dist::check_same_parameters(*net);
  return right;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string asked = argc > 1 ? argv[1] : "";
  const int level = asked == "single"       ? MPI_THREAD_SINGLE
                    : asked == "funneled"   ? MPI_THREAD_FUNNELED
                    : asked == "serialized" ? MPI_THREAD_SERIALIZED
                                            : MPI_THREAD_MULTIPLE;
  int given = 0, rank = 0, size = 0;
  MPI_Init_thread(&argc, &argv, level, &given);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Comm half = MPI_COMM_NULL;
  MPI_Comm_split(MPI_COMM_WORLD, rank % 2, rank, &half);
  const bool enough = given >= MPI_THREAD_SERIALIZED;
  const bool right =
      enough ? trains(half, size / 2)
             : refused(half, std::string("[init] expected MPI started with MPI_THREAD_SERIALIZED or MPI_THREAD_MULTIPLE, got MPI_THREAD_") +
                                 (given == MPI_THREAD_SINGLE ? "SINGLE" : "FUNNELED"));
  dist::finalize();
  int finalized = 0;
  MPI_Finalized(&finalized);
  MPI_Finalize();
  return right && !finalized && dist::is_available() && !dist::is_initialized() ? 0 : 1;
}
