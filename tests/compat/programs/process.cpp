// What programs ask of the process: its context, its threads, its GPUs; and which category comes next.
#include <ATen/Parallel.h>
#include <c10/core/Stream.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <atomic>

int main() {
  at::globalContext().setBenchmarkCuDNN(true);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setUserEnabledCuDNN(false);
  at::globalContext().setDeterministicAlgorithms(true, false);
  std::cout << at::globalContext().benchmarkCuDNN() << at::globalContext().deterministicCuDNN() << at::globalContext().userEnabledCuDNN()
            << at::globalContext().deterministicAlgorithms() << at::globalContext().hasCUDA() << at::hasCUDA() << "\n";
  const auto smallest = torch::full({1}, 1e-310, torch::kDouble);
  std::cout << at::globalContext().setFlushDenormal(true) << (smallest * 0.5).item<double>();
  std::cout << at::globalContext().setFlushDenormal(false) << ((smallest * 0.5).item<double>() > 0) << "\n";

  std::cout << torch::cuda::is_available() << torch::cuda::device_count() << torch::cuda::cudnn_is_available() << "\n";
  torch::cuda::manual_seed(1);
  torch::cuda::manual_seed_all(1);
  try {
    torch::cuda::synchronize();
  } catch (const c10::Error& e) {
    std::cout << e.what_without_backtrace() << "\n";
  }

  std::vector<int> seen(1000);
  std::atomic<bool> fits{true};
  at::parallel_for(10, 1000, 7, [&](int64_t begin, int64_t end) {
    if (at::get_thread_num() < 0 || at::get_thread_num() >= at::get_num_threads() || begin < 10) fits = false;
    for (int64_t i = begin; i < end; ++i) ++seen[size_t(i)];
  });
  at::parallel_for(5, 5, 1, [&](int64_t, int64_t) { fits = false; });
  std::cout << fits << at::in_parallel_region() << std::count(seen.begin(), seen.end(), 1) << " " << std::count(seen.begin(), seen.begin() + 10, 0)
            << "\n";
  std::cout << at::parallel_reduce(
                   0, 1000, 16, int64_t{0},
                   [](int64_t begin, int64_t end, int64_t s) {
                     for (; begin < end; ++begin) s += begin;
                     return s;
                   },
                   [](int64_t a, int64_t b) { return a + b; })
            << " " << at::divup(7, 2) << "\n";
  try {
    at::parallel_for(0, 100, 1, [](int64_t, int64_t) { throw std::runtime_error("of a piece"); });
  } catch (const std::exception& e) {
    std::cout << e.what() << "\n";
  }

  torch::manual_seed(5);
  auto p = torch::tensor({{0.1, 0.2, 0.3, 0.4}, {1., 0., 3., 2.}});
  std::cout << torch::multinomial(p, 6, true) << "\n"
            << torch::multinomial(p, 3) << "\n"
            << p[1].multinomial(1) << "\n"
            << torch::multinomial(p.to(torch::kFloat).t(), 2) << "\n"
            << torch::rand({1}) << "\n";
}
