// Deep graphs on small stacks, and nothing left behind.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "small_stack.h"

using namespace xgrad;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kLength = 100000;
#else
constexpr int kLength = 1000000;
#endif

struct Counts {
  int64_t tensors = memory_stats().live_tensors, nodes = memory_stats().live_nodes;
  bool operator==(const Counts& other) const { return tensors == other.tensors && nodes == other.nodes; }
};

}  // namespace

TEST_CASE("a chain of a million operations is built, swept and destroyed on a small stack") {
  const Counts before;
  Values gradient;
  on_small_stack([&gradient] {
    const Tensor x = leaf({1});
    Tensor y = x;
    for (int i = 0; i < kLength; ++i) y = y + x;
    y.backward({}, true);
    gradient = list(x.grad());
    y.backward();
  });
  CHECK(gradient == Values{kLength + 1.0});
  CHECK(Counts() == before);
}

TEST_CASE("a chain that only saved values hold together is destroyed on a small stack") {
  const Counts before;
  on_small_stack([] {
    Tensor y = leaf({1});
    for (int i = 0; i < kLength; ++i) y = y * y;
    y.reset();
  });
  CHECK(Counts() == before);
}

TEST_CASE("a chain that hooks hold together is destroyed on a small stack") {
  const Counts before;
  on_small_stack([] {
    Tensor y = leaf({1});
    for (int i = 0; i < kLength / 10; ++i) {
      const Tensor next = leaf({1}) * 1;
      next.register_hook([y](const Tensor&) {});
      y = next;
    }
  });
  CHECK(Counts() == before);
}

TEST_CASE("a swept chain of second order is destroyed on a small stack") {
  const Counts before;
  on_small_stack([] {
    const Tensor x = leaf({1});
    Tensor y = x;
    for (int i = 0; i < kLength / 10; ++i) y = y * x;
    const Tensor g = autograd::grad({y}, {x}, {}, true, true)[0];
    CHECK(list(g) == Values{kLength / 10 + 1.0});
    g.backward();
  });
  CHECK(Counts() == before);
}

TEST_CASE("steps of training leave nothing behind and soon ask the system for nothing") {
  const Counts before;
  {
    const Tensor w = ramp({4, 3}).requires_grad_(), b = ramp({3}).requires_grad_(), x = ramp({5, 4});
    const auto step = [&] {
      const Tensor loss = (matmul(x, w) + b).mul(0.1).sum();
      loss.backward();
      NoGradGuard no_grad;
      for (const Tensor& p : {w, b}) {
        p.sub_(p.grad() * 1e-3);
        p.mutable_grad().reset();
      }
    };
    for (int i = 0; i < 100; ++i) step();
    const MemoryStats early = memory_stats();
    for (int i = 0; i < 9900; ++i) step();
    const MemoryStats late = memory_stats();
    CHECK(late.live_tensors == early.live_tensors);
    CHECK(late.live_nodes == early.live_nodes);
    CHECK(late.live_bytes == early.live_bytes);
#if !defined(__SANITIZE_ADDRESS__)
    CHECK(late.system_allocations == early.system_allocations);
#endif
  }
  CHECK(Counts() == before);
}

TEST_CASE("gradients that are part of a graph close no circle") {
  const Counts before;
  for (int i = 0; i < 1000; ++i) {
    const Tensor x = leaf({2}), y = x * x;
    y.backward({}, true, true);
    x.grad().backward();
  }
  CHECK(Counts() == before);
  {
    const Tensor x = leaf({2});
    for (int i = 0; i < 3; ++i) {
      (x * x * x).backward({}, true, true);
      (x.grad() * x.grad()).backward();
      x.mutable_grad() = x.grad().detach();
    }
  }
  CHECK(Counts() == before);
}

TEST_CASE("tensors die in any order") {
  const Counts before;
  for (const bool leaf_first : {false, true}) {
    Tensor x = leaf({2}), y = x * x, z = y * y, view = z.view({1, 1});
    y.retain_grad();
    z.mul_(2);
    if (leaf_first) x.reset();
    y.reset();
    view.sum().backward();
    z.reset();
    view.reset();
  }
  CHECK(Counts() == before);
}

TEST_CASE("what one thread makes another may destroy") {
  const Counts before;
  Tensor y;
  on_small_stack([&y] {
    const Tensor x = leaf({2});
    y = x * x;
  });
  y.backward();
  on_small_stack([&y] { y.reset(); });
  CHECK(Counts() == before);
}

TEST_CASE("the cache can be given back") {
  { const Tensor t = empty({1000}, kDouble); }
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(memory_stats().cached_bytes > 0);
#endif
  empty_cache();
  const Tensor t = ones({1000}, kDouble);
  CHECK(list(t.sum()) == Values{1000});
}
