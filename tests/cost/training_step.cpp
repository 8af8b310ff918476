// What a training step costs in ways that no noise touches: heap blocks and fresh pages, of which a step that has run a few
// times needs none.
#include <doctest/doctest.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <limits>

#include <xgrad/xgrad.h>

using namespace xgrad;

extern "C" {
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
}

namespace {

std::atomic<int64_t> blocks{0};

int64_t page_faults() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

}  // namespace

// The program's own malloc is everybody's, operator new's too.
extern "C" {
void* malloc(size_t n) {
  blocks.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(n);
}
void* calloc(size_t n, size_t size) {
  blocks.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(n, size);
}
void* realloc(void* p, size_t n) {
  blocks.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(p, n);
}
void* aligned_alloc(size_t alignment, size_t n) {
  blocks.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, n);
}
int posix_memalign(void** p, size_t alignment, size_t n) {
  blocks.fetch_add(1, std::memory_order_relaxed);
  *p = __libc_memalign(alignment, n);
  return *p ? 0 : ENOMEM;
}
}

namespace {

struct Cost {
  int64_t blocks, pages;
};

constexpr int kWarmUp = 3, kRounds = 3, kMostRounds = 50, kSteps = 7;

// Blocks of the steps after the third. Of the pages the fewest in several rounds, for the system also takes pages away, more often while it is
// short of memory: then rounds go on until one needs none. What a step takes each time no round goes without.
template <class Step> Cost cost_of(Step step) {
  for (int i = 0; i < kWarmUp; ++i) step();
  Cost cost{0, std::numeric_limits<int64_t>::max()};
  for (int round = 0; round < kRounds || (round < kMostRounds && cost.pages > 0); ++round) {
    const Cost before{blocks.load(), page_faults()};
    for (int i = 0; i < kSteps; ++i) step();
    cost.blocks += blocks.load() - before.blocks;
    cost.pages = std::min(cost.pages, page_faults() - before.pages);
  }
  return cost;
}

nn::Sequential perceptron(std::vector<int64_t> widths) {
  nn::Sequential net;
  for (size_t l = 1; l < widths.size(); ++l) {
    net->push_back(nn::Linear(widths[l - 1], widths[l]));
    if (l + 1 < widths.size()) net->push_back(nn::ReLU());
  }
  return net;
}

template <class Optimizer, class Options> Cost training_cost(std::vector<int64_t> widths, int64_t batch, Options options, bool to_none = false) {
  nn::Sequential net = perceptron(widths);
  Optimizer optimizer(net->parameters(), options);
  const Tensor x = randn({batch, widths.front()}), labels = randint(widths.back(), {batch}, kLong);
  return cost_of([&] {
    optimizer.zero_grad(to_none);
    Tensor loss = nn::functional::cross_entropy(net->forward(x), labels);
    loss.backward();
    optimizer.step();
  });
}

}  // namespace

TEST_CASE("the count sees what the heap gives") {
  const int64_t before = blocks.load();
  void* volatile p = ::operator new(1000);
  ::operator delete(p);
  CHECK(blocks.load() == before + 1);
}

TEST_CASE("after the third training step no step takes a block from the heap or a fresh page from the system") {
  const auto sgd = optim::SGDOptions(0.01).momentum(0.9);
  for (const bool to_none : {false, true}) {
    CAPTURE(to_none);
    for (const Cost cost : {training_cost<optim::SGD>({2, 16, 16, 2}, 32, sgd, to_none),
                            training_cost<optim::Adam>({4, 32, 16, 4}, 32, optim::AdamOptions(1e-3), to_none),
                            training_cost<optim::Adam>({40, 100, 100, 10}, 1, optim::AdamOptions(1e-3), to_none),
                            training_cost<optim::AdamW>({784, 128, 10}, 64, optim::AdamWOptions(1e-3), to_none),
                            training_cost<optim::Adam>({784, 512, 256, 10}, 128, optim::AdamOptions(1e-3), to_none)}) {
      CHECK(cost.blocks == 0);
      CHECK(cost.pages == 0);
    }
  }
}

TEST_CASE("elementwise work on a large tensor takes no block and no fresh page") {
  const Tensor x = randn({200000}).requires_grad_();
  const Cost cost = cost_of([&] {
    x.mutable_grad().reset();
    exp(tanh(x) * x + sigmoid(x)).mean().backward();
  });
  CHECK(cost.blocks == 0);
  CHECK(cost.pages == 0);
}
