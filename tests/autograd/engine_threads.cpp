// Sweeps on several threads, and exceptions in the middle of them.
#include <atomic>
#include <string>
#include <thread>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;

namespace {

void on_each_thread(int n, const std::function<void(int)>& f) {
  std::vector<std::thread> threads;
  for (int i = 0; i < n; ++i) threads.emplace_back([&f, i] { f(i); });
  for (std::thread& t : threads) t.join();
}

}  // namespace

TEST_CASE("graphs of their own on many threads, with leaves in common") {
  const Tensor x = leaf({1, 2}), w = leaf({3});
  constexpr int kThreads = 8, kRounds = 300;
  on_each_thread(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) (x * w + x).sum().backward();
  });
  CHECK(list(x.grad()) == Values(2, 4.0 * kThreads * kRounds));
  CHECK(list(w.grad()) == Values{3.0 * kThreads * kRounds});
}

TEST_CASE("one kept graph swept by many threads at once") {
  const Tensor x = leaf({1, 2}), h = x * 3, y = (h * h + h).sum();
  constexpr int kThreads = 8, kRounds = 300;
  std::atomic<int> wrong{0};
  on_each_thread(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i)
      if (list(autograd::grad({y}, {x}, {}, true)[0]) != Values{21, 39}) ++wrong;
  });
  CHECK(wrong == 0);
  on_each_thread(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) y.backward({}, true);
  });
  CHECK(list(x.grad()) == Values{21.0 * kThreads * kRounds, 39.0 * kThreads * kRounds});
}

TEST_CASE("sweeps that are recorded beside others that are not, over one kept graph") {
  for (int round = 0; round < 100; ++round) {
    const Tensor x = leaf({1, 2}), h = x * 3, y = (h * h + h).sum();
    std::atomic<int> wrong{0}, ready{0};
    on_each_thread(4, [&](int thread) {
      for (++ready; ready < 4;) std::this_thread::yield();
      const bool recorded = thread % 2 == 0;
      const Tensor first = autograd::grad({y}, {x}, {}, true, recorded)[0];
      if (list(first) != Values{21, 39} || first.requires_grad() != recorded) ++wrong;
      if (recorded && list(autograd::grad({first.sum()}, {x}, {}, true)[0]) != Values{18, 18}) ++wrong;
    });
    CHECK(wrong == 0);
  }
}

TEST_CASE("one graph that is not kept, swept by two threads at once: one goes on, the other throws") {
  // Long enough for one thread to use a saved value while the other is done with it.
  constexpr int64_t kSize = 200000;
  for (int round = 0; round < 25; ++round) {
    const Tensor x = full({kSize}, 2.0, kDouble).requires_grad_();
    Tensor h = x;
    for (int i = 0; i < 6; ++i) h = (h * h).sqrt();
    std::atomic<int> done{0}, refused{0}, ready{0};
    const Tensor ys[] = {(h * 3).sum(), (h * 5).sum()};
    on_each_thread(2, [&](int i) {
      for (++ready; ready < 2;) std::this_thread::yield();
      try {
        ys[i].backward();
        done += i == 0 ? 3 : 5;
      } catch (const Error& e) {
        if (std::string(e.what()).find("Trying to backward through the graph a second time") != std::string::npos) ++refused;
      }
    });
    REQUIRE(refused == 1);
    const double factor = done;
    REQUIRE((factor == 3 || factor == 5));
    REQUIRE(list(x.grad()) == Values(kSize, factor));
  }
}

TEST_CASE("a sweep that comes second to what another will release throws, and the other goes on") {
  const Tensor x = leaf({1, 2}), h = x * x, y = h * 3, z = h * 5;
  bool refused = false;
  y.register_hook([&](const Tensor&) {
    on_each_thread(1, [&](int) {
      try {
        z.sum().backward({}, true);
      } catch (const Error& e) {
        refused = std::string(e.what()).find("[MulBackward0] Trying to backward through the graph a second time") == 0;
      }
    });
  });
  y.sum().backward();
  CHECK(refused);
  CHECK(list(x.grad()) == Values{6, 12});
}

TEST_CASE("a sweep beside one that keeps the graph releases nothing that the other needs") {
  const Tensor x = leaf({1, 2}), h = x * x, y = h * 3, z = h * 5;
  y.register_hook([&](const Tensor&) { on_each_thread(1, [&](int) { z.sum().backward(); }); });
  y.sum().backward({}, true);
  CHECK(list(x.grad()) == Values{16, 32});
  CHECK(list(autograd::grad({(h * 1).sum()}, {x})[0]) == Values{2, 4});
}

TEST_CASE("beside a sweep that passes a node by, another may run and release it") {
  const Tensor x = leaf({1, 2}), h = x * x, k = h * h, y = k * 1;
  y.register_hook([&](const Tensor&) { on_each_thread(1, [&](int) { k.sum().backward(); }); });
  CHECK(list(autograd::grad({y.sum()}, {k})[0]) == Values{1, 1});
  CHECK(list(x.grad()) == Values{4, 32});
}

TEST_CASE("nodes that saved nothing are anybody's") {
  const Tensor x = leaf({1, 2}), h = x + x, y = h + h, z = h + 1;
  y.register_hook([&](const Tensor&) { on_each_thread(1, [&](int) { z.sum().backward(); }); });
  y.sum().backward();
  CHECK(list(x.grad()) == Values{6, 6});
}

TEST_CASE("a sweep in a hook releases as one after another would") {
  for (const bool keep : {false, true}) {
    const Tensor x = leaf({1, 2}), h = x * x, y = (h * 3).sum(), z = (h * 5).sum();
    int calls = 0;
    y.register_hook([&](const Tensor&) {
      if (calls++ == 0) z.backward();
    });
    CHECK_THROWS_WITH_AS(y.backward({}, keep), doctest::Contains("a second time"), Error);
    CHECK(list(x.grad()) == Values{10, 20});
    CHECK_THROWS_WITH_AS(z.backward(), doctest::Contains("a second time"), Error);
  }
}

TEST_CASE("threads share nodes that saved nothing without keeping the graph, and parts that only one of them runs") {
  for (int round = 0; round < 300; ++round) {
    const Tensor x = leaf({1, 2}), w = leaf({3, 4}), h = x + w, k = h * h, y = (k + h).sum();
    const Tensor zs[] = {(h * 3).sum(), (h * 5).sum()};
    std::atomic<int> failed{0};
    on_each_thread(2, [&](int i) {
      try {
        zs[i].backward();
      } catch (const Error&) {
        ++failed;
      }
    });
    REQUIRE(failed == 0);
    REQUIRE(list(x.grad()) == Values{8, 8});
    Tensor gk;
    on_each_thread(2, [&](int i) {
      try {
        if (i == 0) gk = autograd::grad({y}, {k})[0];
        else k.sum().backward();
      } catch (const Error&) {
        ++failed;
      }
    });
    REQUIRE(failed == 0);
    REQUIRE(list(gk) == Values{1, 1});
    REQUIRE(list(x.grad()) == Values{16, 20});
  }
}

TEST_CASE("a kept graph swept by some threads while others would release it") {
  for (int round = 0; round < 200; ++round) {
    const Tensor x = leaf({1, 2}), h = x * 3, y = (h * h + h).sum();
    std::atomic<int> wrong{0};
    on_each_thread(4, [&](int i) {
      try {
        if (list(autograd::grad({y}, {x}, {}, i % 2 == 0)[0]) != Values{21, 39}) ++wrong;
      } catch (const Error& e) {
        if (std::string(e.what()).find("a second time") == std::string::npos) ++wrong;
      }
    });
    REQUIRE(wrong == 0);
  }
}

TEST_CASE("threads that sweep one graph add to the gradient that an interior tensor keeps") {
  const Tensor x = leaf({1, 2}), h = x * 3, y = (h * h).sum();
  h.retain_grad();
  constexpr int kThreads = 4, kRounds = 200;
  on_each_thread(kThreads, [&](int) {
    for (int i = 0; i < kRounds; ++i) y.backward({}, true);
  });
  CHECK(list(h.grad()) == Values{6.0 * kThreads * kRounds, 12.0 * kThreads * kRounds});
}

TEST_CASE("a tensor that keeps its gradient may die while another thread sweeps") {
  const Tensor x = leaf({1, 2});
  for (int round = 0; round < 300; ++round) {
    Tensor h = x * 3;
    h.retain_grad();
    const Tensor y = (h * 2).sum();
    on_each_thread(2, [&](int i) {
      if (i == 0) y.backward();
      else h.reset();
    });
  }
  CHECK(list(x.grad()) == Values{1800, 1800});
}

TEST_CASE("threads that read a view after its base was edited agree on its place in the graph") {
  for (int round = 0; round < 100; ++round) {
    const Tensor x = leaf({1, 2}), base = x * 3, view = base.view({2, 1});
    base.mul_(13);
    std::atomic<int> leaves{0}, ready{0};
    Tensor results[4];
    on_each_thread(4, [&](int i) {
      for (++ready; ready < 4;) std::this_thread::yield();
      if (!view.requires_grad() || !view.grad_fn()) ++leaves;
      results[i] = view.sum();
    });
    REQUIRE(leaves == 0);
    for (const Tensor& y : results) REQUIRE(list(autograd::grad({y}, {x}, {}, true)[0]) == Values{39, 39});
  }
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
