// One fault a run, for a sanitizer to report: planted_faults NAME. It exits with 0 where nobody noticed.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <xgrad/xgrad.h>

namespace {

// Elements on the heap that end where their block does.
template <class T> torch::Tensor one_more_than(std::unique_ptr<T[]>& memory, torch::IntArrayRef sizes) {
  int64_t numel = 1;
  for (const int64_t n : sizes) numel *= n;
  memory = std::make_unique<T[]>(static_cast<size_t>(numel - 1));
  return torch::from_blob(memory.get(), sizes, torch::CppTypeToScalarType<T>::value);
}

template <class T> void read_past_end(torch::IntArrayRef sizes, const std::function<void(const torch::Tensor&)>& use) {
  std::unique_ptr<T[]> memory;
  use(one_more_than<T>(memory, sizes));
}

// Calls f(thread) in two threads at once, often: a lock of the library that orders two calls by chance does not order all.
void in_two_threads(const std::function<void(int)>& f) {
  std::atomic<int> ready{0};
  const auto calls = [&](int thread) {
    ready.fetch_add(1, std::memory_order_relaxed);
    while (ready.load(std::memory_order_relaxed) < 2) std::this_thread::yield();
    for (int i = 0; i < 500; ++i) f(thread);
  };
  std::thread other(calls, 1);
  calls(0);
  other.join();
}

const std::map<std::string, std::function<void()>> kFaults = {
    {"elements_past_end", [] { read_past_end<float>({35}, [](const torch::Tensor& x) { x.exp(); }); }},
    {"sum_past_end",
     [] {
       read_past_end<double>({5, 7}, [](const torch::Tensor& x) { x.sum(0); });
     }},
    {"product_past_end",
     [] {
       read_past_end<float>({11, 13}, [](const torch::Tensor& x) { torch::mm(torch::ones({9, 11}), x); });
     }},
    {"convolution_past_end",
     [] {
       read_past_end<float>({1, 3, 9, 9}, [](const torch::Tensor& x) { torch::conv2d(x, torch::ones({4, 3, 3, 3})); });
     }},
    {"index_past_end", [] { read_past_end<int64_t>({9}, [](const torch::Tensor& index) {
                              torch::ones({4, 2}).index_select(0, index);
                            }); }},
    {"use_after_free",
     [] {
       const float* p = torch::ones({3}).data_ptr<float>();
       std::printf("%g\n", static_cast<double>(p[1]));
     }},
    {"leak",
     [] {
       torch::Tensor graph = torch::ones({3}, torch::requires_grad()).exp();
       alignas(torch::Tensor) static std::byte forgotten[sizeof(torch::Tensor)];
       new (forgotten) torch::Tensor(std::move(graph));
       std::memset(forgotten, 0, sizeof forgotten);
     }},
    {"signed_overflow",
     [] {
       volatile int largest = std::numeric_limits<int>::max();
       std::printf("%d\n", largest + 1);
     }},
    {"misaligned",
     [] {
       alignas(8) static char bytes[64] = {};
       torch::from_blob(bytes + 1, {7}).add(1);
     }},
    {"race",
     [] {
       const torch::Tensor shared = torch::zeros({1000});
       torch::Tensor views[] = {shared.detach(), shared.detach()};
       in_two_threads([&](int thread) { views[thread].add_(1); });
     }},
    {"race_of_products",
     [] {
       const torch::Tensor a = torch::ones({9, 11}), shared = torch::zeros({11, 13});
       torch::Tensor view = shared.detach();
       in_two_threads([&](int thread) { thread == 0 ? torch::mm(a, shared) : view.add_(1); });
     }},
};

}  // namespace

int main(int argc, char** argv) {
  const auto fault = argc == 2 ? kFaults.find(argv[1]) : kFaults.end();
  if (fault == kFaults.end()) return std::printf("planted_faults NAME\n"), 2;
  torch::set_num_threads(1);
  const torch::NoGradGuard no_grad;
  torch::AutoGradMode records(std::strcmp(argv[1], "leak") == 0);
  fault->second();
  std::printf("not noticed\n");
}
