// Sweeps on several threads, and exceptions in the middle of them.
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include <xgrad/autograd/engine.h>
#include <xgrad/autograd/memory.h>
#include <xgrad/autograd/node.h>
#include <xgrad/autograd/ops.h>

#include "autograd/values.h"

using namespace xgrad;

namespace {

void on_threads(int n, const std::function<void(int)>& f) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([&f, i] { f(i); });
  for (std::thread& t : threads) t.join();
}

}  // namespace

TEST_CASE("graphs of their own on many threads, with leaves in common") {
  const Tensor x = leaf({1, 2}), w = leaf({3});
  constexpr int kThreads = 8, kRounds = 300;
  on_threads(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) (x * w + x).sum().backward();
  });
  CHECK(list(x.grad()) == Values(2, 4.0 * kThreads * kRounds));
  CHECK(list(w.grad()) == Values{3.0 * kThreads * kRounds});
}

TEST_CASE("one kept graph swept by many threads at once") {
  const Tensor x = leaf({1, 2}), h = x * 3, y = (h * h + h).sum();
  constexpr int kThreads = 8, kRounds = 300;
  std::atomic<int> wrong{0};
  on_threads(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i)
      if (list(autograd::grad({y}, {x}, {}, true)[0]) != Values{21, 39}) ++wrong;
  });
  CHECK(wrong == 0);
  on_threads(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) y.backward({}, true);
  });
  CHECK(list(x.grad()) == Values{21.0 * kThreads * kRounds, 39.0 * kThreads * kRounds});
}

TEST_CASE("grad mode is on in a new thread") {
  NoGradGuard no_grad;
  bool on = false;
  std::thread([&on] { on = GradMode::is_enabled(); }).join();
  CHECK(on);
  CHECK_FALSE(GradMode::is_enabled());
}

TEST_CASE("an exception in the middle of a sweep leaves everything usable") {
  const int64_t tensors = memory_stats().live_tensors, nodes = memory_stats().live_nodes;
  constexpr int kLength = 30;
  for (int k = 0; k < kLength; ++k) {
    const Tensor x = leaf({1});
    std::vector<Tensor> chain = {x * 1};
    for (int i = 1; i < kLength; ++i) chain.push_back(chain.back() * 2 + x);
    bool armed = true;
    chain[static_cast<size_t>(k)].register_hook([&armed](const Tensor&) {
      if (armed) throw std::runtime_error("stop");
    });
    const Tensor y = chain.back();
    CHECK_THROWS_WITH_AS(y.backward({}, true), "stop", std::runtime_error);
    CHECK(GradMode::is_enabled());
    CHECK_FALSE(x.grad().defined());
    (x * 5).backward();
    CHECK(list(x.grad()) == Values{5});
    armed = false;
    y.backward();
    CHECK(list(x.grad()) == Values{5 + 0x1p30 - 1});
  }
  CHECK(memory_stats().live_tensors == tensors);
  CHECK(memory_stats().live_nodes == nodes);
}

TEST_CASE("an exception from a sweep inside a sweep") {
  const Tensor x = leaf({2}), inner = x * x, y = x * 3;
  y.register_hook([&inner](const Tensor&) { inner.backward(); });
  y.backward({}, true);
  CHECK(list(x.grad()) == Values{7});
  CHECK_THROWS_WITH_AS(y.backward({}, true), doctest::Contains("a second time"), Error);
  CHECK(list(x.grad()) == Values{7});
  CHECK(list(autograd::grad({x * x}, {x})[0]) == Values{4});
}
