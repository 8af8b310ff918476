// Functions called as gradients pass.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/callback.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;

TEST_CASE("a hook sees the whole gradient once, and may replace it") {
  const Tensor x = leaf({1, 2}), y = x * 2;
  std::vector<Values> seen;
  y.register_hook([&seen](const Tensor& g) { seen.push_back(list(g)); });
  y.register_hook([](const Tensor& g) { return g * 10; });
  y.register_hook([&seen](const Tensor& g) { seen.push_back(list(g)); });
  (y * y + y).sum().backward();
  CHECK(seen == std::vector<Values>{{5, 9}, {50, 90}});
  CHECK(list(x.grad()) == Values{100, 180});
}

TEST_CASE("hooks of leaves run before the gradient is added, in backward also for asked-for inputs") {
  const Tensor x = leaf({1, 2});
  x.register_hook([](const Tensor& g) { return g * 10; });
  (x * 2).sum().backward();
  CHECK(list(x.grad()) == Values{20, 20});
  (x * 2).sum().backward({}, std::nullopt, false, TensorList({x}));
  CHECK(list(x.grad()) == Values{40, 40});
}

TEST_CASE("grad gives the gradient before the hooks of the asked-for tensor") {
  const Tensor x = leaf({1, 2}), y = x * 2;
  x.register_hook([](const Tensor& g) { return g * 10; });
  y.register_hook([](const Tensor& g) { return g * 100; });
  CHECK(list(autograd::grad({y.sum()}, {y}, {}, true)[0]) == Values{1, 1});
  CHECK(list(autograd::grad({y.sum()}, {x})[0]) == Values{200, 200});
}

TEST_CASE("hooks and retain_grad keep the order they were called in") {
  const Tensor x = leaf({1, 2}), y = x * 2, z = x * 2;
  y.retain_grad();
  y.register_hook([](const Tensor& g) { return g * 10; });
  z.register_hook([](const Tensor& g) { return g * 10; });
  z.retain_grad();
  (y + z).sum().backward();
  CHECK(list(y.grad()) == Values{1, 1});
  CHECK(list(z.grad()) == Values{10, 10});
  CHECK(list(x.grad()) == Values{40, 40});
}

TEST_CASE("removing hooks, also while they run") {
  const Tensor x = leaf({1});
  int first = 0, second = 0, third = 0;
  const unsigned a = x.register_hook([&first](const Tensor&) { ++first; });
  unsigned b = 0;
  b = x.register_hook([&second, &b, a, &x](const Tensor&) {
    ++second;
    x.remove_hook(b);
    x.remove_hook(a);
  });
  x.register_hook([&third](const Tensor&) { ++third; });
  for (int i = 0; i < 2; ++i) (x * 2).backward();
  CHECK(first == 1);
  CHECK(second == 1);
  CHECK(third == 2);
  CHECK_THROWS_AS(x.remove_hook(a), IndexError);
  CHECK_THROWS_AS(x.remove_hook(77), IndexError);
}

TEST_CASE("a hook added by a hook waits for the next sweep") {
  const Tensor x = leaf({1});
  int added = 0;
  x.register_hook([&x, &added](const Tensor&) { x.register_hook([&added](const Tensor&) { ++added; }); });
  (x * 2).backward();
  CHECK(added == 0);
  (x * 2).backward();
  CHECK(added == 1);
}

TEST_CASE("a hook that edits its gradient changes no other") {
  const Tensor a = leaf({1, 2}), b = leaf({3, 4}), seed = numbers({1, 1});
  const Tensor left = a * 1, right = b * 1;
  left.register_hook([](const Tensor& g) { g.mul_(7); });
  (left + right).backward(seed);
  CHECK(list(a.grad()) == Values{7, 7});
  CHECK(list(b.grad()) == Values{1, 1});
  CHECK(list(seed) == Values{1, 1});
}

TEST_CASE("a hook must keep the shape and be on something with a gradient") {
  const Tensor x = leaf({1, 2});
  const unsigned hook = x.register_hook([](const Tensor&) { return ones({3}, kDouble); });
  CHECK_THROWS_WITH_AS((x * 2).sum().backward(), doctest::Contains("has changed the size of value"), Error);
  CHECK_FALSE(x.grad().defined());
  x.remove_hook(hook);
  (x * 2).sum().backward();
  CHECK(list(x.grad()) == Values{2, 2});
  CHECK_THROWS_WITH_AS(numbers({1}).register_hook([](const Tensor&) {}),
                       doctest::Contains("cannot register a hook on a variable that doesn't require gradient"), Error);
}

TEST_CASE("hooks are differentiated when a graph is made") {
  const Tensor x = leaf({3}), y = x * 1;
  y.register_hook([](const Tensor& g) { return g * g; });
  const Tensor g = autograd::grad({y * y}, {x}, {}, true, true)[0];
  CHECK(list(g) == Values{36});                             // (2 y)^2
  CHECK(list(autograd::grad({g}, {x})[0]) == Values{576});  // 8 y, squared by the hook on y
}

TEST_CASE("a hook may sweep the same graph") {
  const Tensor x = leaf({3}), y = x * x, z = y * y;
  Values inside;
  bool nested = false;
  y.register_hook([&](const Tensor&) {
    if (nested) return;
    nested = true;
    inside = list(autograd::grad({z}, {x}, {}, true)[0]);
  });
  z.backward({}, true);
  CHECK(inside == Values{108});
  CHECK(list(x.grad()) == Values{108});
}

TEST_CASE("what a hook holds is released with the graph") {
  const MemoryStats before = memory_stats();
  {
    const Tensor x = leaf({1});
    Tensor y = x * 2;
    y.register_hook([y = y.detach(), x](const Tensor&) {});
    y.backward();
  }
  CHECK(memory_stats().live_tensors == before.live_tensors);
  CHECK(memory_stats().live_nodes == before.live_nodes);
}

TEST_CASE("hooks behind a node see and replace what it computed") {
  const Tensor x = leaf({3}), y = x * x;
  y.grad_fn()->add_post_hook([](const std::vector<Tensor>& gx, const std::vector<Tensor>& gy) {
    CHECK(list(gy[0]) == Values{1});
    CHECK(gx.size() == 2);
    return std::vector<Tensor>{gx[0] * 10, gx[1]};
  });
  y.backward();
  CHECK(list(x.grad()) == Values{33});
}

TEST_CASE("detach_ leaves the gradient that a tensor keeps, which ends with the tensor") {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  y.retain_grad();
  const Tensor z = (y * 3).sum();
  y.detach_();
  CHECK(y.retains_grad());
  z.backward({}, true);
  CHECK(list(y.grad()) == Values{3, 3});  // as in libtorch
  y.reset();
  const Tensor in_its_place = numbers({7, 8});
  z.backward();
  CHECK_FALSE(in_its_place.grad().defined());
  CHECK(list(x.grad()) == Values{12, 12});
}

TEST_CASE("a gradient kept before detach_ and another after it") {
  const Tensor x = leaf({1, 2}), w = leaf({5, 5}), y = x * 2;
  y.retain_grad();
  const Tensor z = (y * 3).sum();
  y.detach_();
  y.mul_(w);
  (y * 10).sum().backward();
  CHECK(list(y.grad()) == Values{10, 10});
  z.backward();
  CHECK(list(y.grad()) == Values{10, 10});
}

TEST_CASE("an undefined tensor has no gradient and asks for none") {
  const Tensor none;
  CHECK_FALSE(none.grad().defined());
  CHECK_FALSE(none.requires_grad());
  CHECK(none._version() == 0);
  CHECK(none.toString() == "UndefinedType");
  none.set_requires_grad(false);
  CHECK_THROWS_AS(none.set_requires_grad(true), Error);
  CHECK_THROWS_WITH_AS(none.retain_grad(), doctest::Contains("can't retain_grad on Tensor that has requires_grad=False"), Error);
  CHECK_THROWS_WITH_AS(none.register_hook([](const Tensor&) {}), doctest::Contains("doesn't require gradient"), Error);
  for (auto ask : {+[](const Tensor& t) { t.sizes(); }, +[](const Tensor& t) { t.dim(); }, +[](const Tensor& t) { t.numel(); },
                   +[](const Tensor& t) { t.dtype(); }})
    CHECK_THROWS_WITH_AS(ask(none), doctest::Contains("expected a tensor, got an undefined one"), Error);
  CHECK_THROWS_AS(none.is_leaf(), Error);
  CHECK_THROWS_AS(none.grad_fn(), Error);
  CHECK_THROWS_AS(none.detach(), Error);
  CHECK_THROWS_AS(none.backward(), Error);
}

TEST_CASE("many hooks, many roots, many inputs and many kept gradients") {
  const int64_t n = 20000;
  const Tensor x = leaf({1}), y = x * 2;
  int calls = 0;
  std::vector<unsigned> hooks;
  for (int64_t i = 0; i < n; ++i) hooks.push_back(y.register_hook([&calls](const Tensor&) { ++calls; }));
  y.backward({}, true);
  CHECK(calls == n);
  for (const unsigned hook : hooks) y.remove_hook(hook);
  y.backward({}, true);
  CHECK(calls == n);

  std::vector<Tensor> leaves, products;
  for (int64_t i = 0; i < n; ++i) {
    leaves.push_back(leaf({static_cast<double>(i)}));
    products.push_back(leaves.back() * 3);
    products.back().retain_grad();
  }
  autograd::backward(products, {}, true);
  const std::vector<Tensor> gradients = autograd::grad(products, leaves, {}, true);
  autograd::backward(products, {}, true, false, leaves);
  for (int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<size_t>(i);
    REQUIRE(gradients[k].item<double>() == 3);
    REQUIRE(leaves[k].grad().item<double>() == 6);
    REQUIRE(products[k].grad().item<double>() == 3);
  }

  const Tensor rows = leaf(Values(static_cast<size_t>(n), 1.0));
  std::vector<Tensor> parts = (rows * 2).unbind(0);
  for (const Tensor& part : parts) part.retain_grad();
  stack(parts).sum().backward();
  for (const Tensor& part : parts) REQUIRE(part.grad().item<double>() == 1);
  parts.clear();
  CHECK(list(rows.grad()) == Values(static_cast<size_t>(n), 2.0));
}

TEST_CASE("a callback is called when the outermost sweep has given out all gradients, and dropped when that throws") {
  const Tensor x = leaf({1, 2}), y = x * 2;
  int called = 0;
  bool inner_done = false;
  y.register_hook([&](const Tensor& g) {
    const EnableGradGuard with_grad;
    const Tensor z = leaf({3});
    z.register_hook([&](const Tensor& inner) {
      autograd::queue_callback([&] {
        CHECK(inner_done);
        CHECK(list(x.grad()) == Values{2, 2});
        if (++called == 1) autograd::queue_callback([&] { ++called; });
      });
      return inner;
    });
    z.sum().backward();
    inner_done = true;
    CHECK(called == 0);
    return g;
  });
  y.sum().backward();
  CHECK(called == 2);

  const Tensor w = x * 3;
  w.register_hook([&](const Tensor& g) {
    autograd::queue_callback([&] { ++called; });
    return g;
  });
  x.register_hook([](const Tensor&) -> Tensor { throw Error("no further"); });
  CHECK_THROWS_WITH(w.sum().backward(), "no further");
  CHECK(called == 2);
  CHECK_THROWS_WITH(autograd::queue_callback([] {}), "[queue_callback] expected to be called from a hook while backward() or grad() runs");

  const Tensor v = leaf({1}) * 2;
  v.register_hook([](const Tensor& g) {
    autograd::queue_callback([] { throw Error("at the end"); });
    return g;
  });
  CHECK_THROWS_WITH(v.sum().backward(), "at the end");
}
