#include <mpi.h>

#include <cstdio>
#include <cstring>

#include "measurements.h"

#include <xgrad/distributed/all_reduce.h>
#include <xgrad/distributed/distributed.h>

namespace dist = xgrad::distributed;
using xgrad::Tensor;

namespace {

/// What one of many calls in a row takes on the slowest rank, the median of several rows. Not of single calls: what is buffered on the way to
/// another rank lets a rank go ahead of it, and the next call catches up.
template <class F> double seconds_of(int times, const F& call) {
  constexpr int kRows = 5;
  std::vector<double> taken;
  for (int row = -1; row < kRows; ++row) {
    dist::barrier();
    const double start = now();
    for (int i = 0; i < times; ++i) call();
    if (row >= 0) taken.push_back((now() - start) / times);
  }
  const Tensor slowest = xgrad::tensor(median(taken), xgrad::kDouble);
  dist::all_reduce(slowest, dist::ReduceOp::Max);
  return slowest.item<double>();
}

/// How often the sum of the same numbers has other bits as one element of a longer message, and how often on another rank.
void compare_bits(bool prints) {
  const int64_t longest = 1 << 18;
  const Tensor mine = xgrad::randn({longest}, xgrad::make_generator<xgrad::CPUGeneratorImpl>(static_cast<uint64_t>(dist::rank()) + 1));
  for (const bool by_mpi : {true, false}) {
    int64_t by_length = 0, by_rank = 0, sums = 0;
    const auto reduced = [&](int64_t n) {
      const Tensor x = mine.narrow(0, 0, n).clone();
      if (by_mpi) MPI_Allreduce(MPI_IN_PLACE, x.data_ptr(), static_cast<int>(n), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
      else dist::all_reduce(x);
      return x;
    };
    const Tensor whole = reduced(longest);
    for (int64_t n = 16; n <= longest; n *= 4) {
      const Tensor x = reduced(n), all = dist::all_gather(x);
      by_length += x.ne(whole.narrow(0, 0, n)).sum().item<int64_t>();
      by_rank += all.ne(all[0]).sum().item<int64_t>();
      sums += n;
    }
    if (prints)
      std::printf("%s: of %ld sums, %ld have other bits in a message of another length, %ld on another rank\n",
                  by_mpi ? "MPI_Allreduce" : "all_reduce   ", static_cast<long>(sums), static_cast<long>(by_length), static_cast<long>(by_rank));
  }
}

}  // namespace

LinkModel measure_link(bool prints) {
  std::vector<double> bytes, seconds;
  if (prints) std::printf("| bytes both ways between neighbours | us |\n|---|---|\n");
  dist::Transport& group = dist::world().transport();
  const int next = (group.rank() + 1) % group.size(), previous = (group.rank() + group.size() - 1) % group.size();
  for (size_t n = 64; n <= (size_t{4} << 20); n *= 8) {
    std::vector<char> out(n), in(n);
    bytes.push_back(static_cast<double>(n));
    seconds.push_back(seconds_of(10, [&] { group.exchange({"benchmark", 0}, {next, out.data(), n}, {previous, in.data(), n}); }));
    if (prints) std::printf("| %zu | %.1f |\n", n, seconds.back() * 1e6);
  }
  LinkModel link = fit(bytes, seconds);
  const Tensor a = xgrad::ones({1 << 20}), b = xgrad::ones({1 << 20});
  link.per_added_byte = seconds_of(4, [&] { a.add_(b); }) / (4 << 20);
  return link;
}

void measure_messages() {
  const bool prints = dist::rank() == 0;
  const int ranks = dist::world_size();
  if (ranks == 1) {
    if (prints) std::puts("one rank sends no messages");
    return;
  }
  if (prints) std::printf("%d ranks\n\n", ranks);
  const LinkModel link = measure_link(prints);
  if (prints) {
    std::printf("\nlatency %.1f us, %.2f GB/s, adding %.2f GB/s\n\n", link.latency * 1e6, 1e-9 / link.per_byte, 1e-9 / link.per_added_byte);
    std::printf("| all_reduce of bytes | us | from the model | MPI_Allreduce |\n|---|---|---|---|\n");
  }
  for (int64_t n = 16; n <= (4 << 20); n *= 8) {
    const Tensor x = xgrad::zeros({n});
    const double ours = seconds_of(5, [&] { dist::all_reduce(x); });
    const double theirs = seconds_of(5, [&] { MPI_Allreduce(MPI_IN_PLACE, x.data_ptr(), static_cast<int>(n), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD); });
    if (prints)
      std::printf("| %ld | %.1f | %.1f | %.1f |\n", static_cast<long>(4 * n), ours * 1e6,
                  all_reduce_seconds(link, ranks, 4.0 * static_cast<double>(n)) * 1e6, theirs * 1e6);
  }
  if (prints) std::puts("");
  compare_bits(prints);
}
