// Functions called when a leaf's gradient has been accumulated.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <xgrad/autograd/compile/compile.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/optim.h>

#include "values.h"

using namespace xgrad;

TEST_CASE("a post-accumulate hook gets the leaf with its whole gradient, once a pass, in order, after the others") {
  const Tensor x = leaf({1, 2});
  std::vector<Values> seen;
  std::string order;
  x.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    CHECK(leaf.is_same(x));
    CHECK_FALSE(GradMode::is_enabled());
    seen.push_back(list(leaf.grad()));
    order += 'a';
  });
  x.register_hook([&order](const Tensor& g) {
    order += 'b';
    return g * 10;
  });
  x.register_post_accumulate_grad_hook([&order](const Tensor&) { order += 'c'; });
  (x * x + x).sum().backward();
  (x * 2).sum().backward();
  CHECK(seen == std::vector<Values>{{30, 50}, {50, 70}});
  CHECK(order == "bacbac");
}

TEST_CASE("who is not accumulated is not called") {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4}), unused = leaf({5});
  std::string called;
  for (const auto& [of, name] : {std::pair(x, 'x'), std::pair(w, 'w'), std::pair(unused, 'u')})
    of.register_post_accumulate_grad_hook([&called, name = name](const Tensor&) { called += name; });
  autograd::grad({(x * w).sum()}, {x, w});
  CHECK(called.empty());
  (x * w).sum().backward({}, std::nullopt, false, TensorList({w}));
  CHECK(called == "w");
  (x * w).sum().backward({}, std::nullopt, /*create_graph=*/true);
  CHECK((called == "wxw" || called == "wwx"));
}

TEST_CASE("refused: a post-accumulate hook of what has none, and an empty one") {
  const Tensor x = leaf({1, 2});
  const auto nothing = [](const Tensor&) {};
  CHECK_THROWS_WITH_AS(numbers({1}).register_post_accumulate_grad_hook(nothing),
                       "[register_post_accumulate_grad_hook] cannot register a hook on a tensor that doesn't require gradient", Error);
  CHECK_THROWS_WITH_AS(Tensor().register_post_accumulate_grad_hook(nothing), doctest::Contains("doesn't require gradient"), Error);
  CHECK_THROWS_WITH_AS((x * 2).register_post_accumulate_grad_hook(nothing),
                       "[register_post_accumulate_grad_hook] post accumulate grad hooks cannot be registered on non-leaf tensors, got one made by "
                       "MulBackward1",
                       Error);
  CHECK_THROWS_WITH_AS(x.register_post_accumulate_grad_hook(nullptr), doctest::Contains("expected a function"), Error);
}

TEST_CASE("a post-accumulate hook is removed by its position, also while it runs, and what it throws comes out") {
  const Tensor x = leaf({1});
  int calls = 0;
  unsigned hook = 0;
  hook = x.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    ++calls;
    leaf.remove_hook(hook);
  });
  const unsigned before = x.register_hook([](const Tensor&) {});
  CHECK(before != hook);
  for (int i = 0; i < 2; ++i) (x * 2).backward();
  CHECK(calls == 1);
  CHECK_THROWS_AS(x.remove_hook(hook), IndexError);
  const unsigned thrower = x.register_post_accumulate_grad_hook([](const Tensor&) { throw Error("no more"); });
  CHECK_THROWS_WITH((x * 2).backward(), "no more");
  CHECK(list(x.grad()) == Values{6});  // it came after
  x.remove_hook(thrower);
  (x * 2).backward();
  CHECK(list(x.grad()) == Values{8});
}

namespace {

/// A loss through two linear layers, whose weights' gradients products of matrices give; the second is used twice.
struct TwoLayers {
  Tensor x = values({5, 3}, 1), w = values({4, 3}, 2).requires_grad_(), b = values({4}, 3).requires_grad_(), v = values({4, 4}, 4).requires_grad_();

  static Tensor values(IntArrayRef sizes, uint64_t seed) {
    auto generator = make_generator<CPUGeneratorImpl>(seed);
    return randn(sizes, generator).to(kDouble);
  }
  Tensor loss() const { return linear(linear(linear(x, w, b), v).tanh(), v).square().sum(); }
  std::vector<Tensor> leaves() const { return {w, b, v}; }
};

/// The kernels that a function launches.
class Launches final : public kernels::LaunchObserver {
 public:
  template <class F> static std::vector<std::string> of(const F& f) {
    Launches launches;
    const kernels::Observe observe(launches);
    f();
    return launches.names_;
  }

 private:
  void observe(const kernels::Launch& launch) override {
    names_.emplace_back(launch.operation().name());
    launch();
  }
  std::vector<std::string> names_;
};

}  // namespace

TEST_CASE("products add to the gradient of a hooked leaf in place, by the kernels that they take without the hook") {
  const TwoLayers plain, hooked;
  std::vector<std::pair<Tensor, Values>> seen;
  for (const Tensor& p : hooked.leaves())
    p.register_post_accumulate_grad_hook([&seen](const Tensor& leaf) {
      const double* const g = leaf.grad().data_ptr<double>();
      seen.emplace_back(leaf, Values(g, g + leaf.numel()));
    });
  for (int pass = 0; pass < 3; ++pass) {
    seen.clear();
    const std::vector<std::string> kernels = Launches::of([&] { plain.loss().backward(); });
    CHECK(Launches::of([&] { hooked.loss().backward(); }) == kernels);
    if (pass > 0) CHECK(std::count(kernels.begin(), kernels.end(), "addmm_") >= 3);
    for (size_t i = 0; i < 3; ++i) CHECK(same_bits(plain.leaves()[i].grad(), hooked.leaves()[i].grad()));
    CHECK(seen.size() == 3);
    for (const auto& [leaf, grad] : seen) CHECK(list(leaf.grad()) == grad);
  }
}

TEST_CASE("a step of an optimizer inside backward, that drops the gradient, does what one after it does") {
  const TwoLayers outside, inside;
  optim::SGD optimizer(outside.leaves(), optim::SGDOptions(0.01).momentum(0.9));
  std::vector<std::unique_ptr<optim::SGD>> optimizers;
  for (const Tensor& p : inside.leaves()) {
    optimizers.push_back(std::make_unique<optim::SGD>(std::vector<Tensor>{p}, optim::SGDOptions(0.01).momentum(0.9)));
    p.register_post_accumulate_grad_hook([own = optimizers.back().get()](const Tensor&) {
      own->step();
      own->zero_grad(true);
    });
  }
  for (int step = 0; step < 5; ++step) {
    optimizer.zero_grad(true);
    outside.loss().backward();
    optimizer.step();
    inside.loss().backward();
    for (size_t i = 0; i < 3; ++i) {
      CHECK(equal(outside.leaves()[i], inside.leaves()[i]));
      CHECK_FALSE(inside.leaves()[i].grad().defined());
    }
  }
}

TEST_CASE("a post-accumulate hook gets sparse gradients") {
  const Tensor weight = leaf({1, 2, 3, 4}).detach().view({2, 2}).requires_grad_();
  int64_t rows = 0;
  weight.register_post_accumulate_grad_hook([&rows](const Tensor& leaf) { rows += leaf.grad()._nnz(); });
  embedding(weight, tensor({1, 0, 1}), -1, false, /*sparse=*/true).sum().backward();
  CHECK(rows == 3);
}

TEST_CASE("sweeps on several threads call the hooks of a leaf one after the other, and lose nothing") {
  const Tensor w = leaf({0});
  double taken = 0;  // guarded by nothing but the order of calls
  int calls = 0;
  w.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    ++calls;
    taken += leaf.grad().item<double>();
    leaf.mutable_grad().reset();
  });
  const Tensor column = w.detach().view({1, 1}).requires_grad_();
  int products = 0;
  column.mutable_grad() = zeros({1, 1}, kDouble);
  column.register_post_accumulate_grad_hook([&products](const Tensor&) { ++products; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        (w * 3).sum().backward();
        linear(ones({2, 1}, kDouble), column).sum().backward();
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(calls == 800);
  CHECK(taken == 2400);
  CHECK(products == 800);
  CHECK(column.grad().item<double>() == 1600);
}

TEST_CASE("a post-accumulate hook may do with its leaf what it likes") {
  Tensor x = leaf({1, 2});
  int calls = 0;
  x.register_post_accumulate_grad_hook([&](const Tensor& leaf) {
    if (++calls > 1) return;
    leaf.mutable_grad().reset();
    {
      const EnableGradGuard with_grad;
      (leaf * 5).sum().backward();  // calls it once more
    }
    leaf.set_requires_grad(false);
  });
  (x * 2).sum().backward();
  CHECK(calls == 2);
  CHECK(list(x.grad()) == Values{5, 5});
  CHECK_FALSE(x.requires_grad());

  Tensor y = leaf({1, 2});
  y.register_post_accumulate_grad_hook([&y](const Tensor&) { y.reset(); });  // the last handle that a program holds
  (y * 2).sum().backward();
  CHECK_FALSE(y.defined());
}

TEST_CASE("a hook may end its leaf, and with it all hooks, while they run") {
  for (const bool before : {true, false}) {
    int calls = 0;
    Tensor x = leaf({1, 2});
    const auto end = [&x, &calls](const Tensor&) {
      ++calls;
      x.set_requires_grad(false);
      x.reset();
    };
    const auto next = [&calls](const Tensor&) { ++calls; };
    before ? x.register_hook(end) : x.register_post_accumulate_grad_hook(end);
    before ? x.register_hook(next) : x.register_post_accumulate_grad_hook(next);
    (x * 2).sum().backward();
    CHECK(calls == 2);
  }
}

TEST_CASE("hooks stay with a leaf that gets another dtype, or requires no gradient for a while, and end with it") {
  const auto held = std::make_shared<int>();
  {
    Tensor x = leaf({1, 2});
    int before = 0, behind = 0;
    const unsigned hook = x.register_hook([&before, held](const Tensor&) { ++before; });
    x.register_post_accumulate_grad_hook([&behind, held](const Tensor&) { ++behind; });
    x.set_data(x.detach().to(kFloat));
    (x * 2).sum().backward();
    CHECK(before + behind == 2);
    x.mutable_grad().reset();
    x.set_data(ones({3}, kDouble));
    x.set_requires_grad(false);
    CHECK_THROWS_AS(x.remove_hook(hook), IndexError);  // as there is nothing to hook
    x.set_requires_grad(true);
    (x * 2).sum().backward();
    CHECK(before + behind == 4);
    x.remove_hook(hook);
    (x * 2).sum().backward();
    CHECK(behind == 3);
    CHECK(before == 2);
    x.set_requires_grad(false);
    CHECK(held.use_count() > 1);
  }
  CHECK(held.use_count() == 1);
}

TEST_CASE("a compiled step replays what a post-accumulate hook computes, and is recorded anew when there is another") {
  const TwoLayers plain, compiled;
  optim::SGD optimizer(plain.leaves(), optim::SGDOptions(0.01).momentum(0.9));
  std::vector<std::unique_ptr<optim::SGD>> optimizers;
  for (const Tensor& p : compiled.leaves()) {
    optimizers.push_back(std::make_unique<optim::SGD>(std::vector<Tensor>{p}, optim::SGDOptions(0.01).momentum(0.9)));
    p.register_post_accumulate_grad_hook([own = optimizers.back().get()](const Tensor&) {
      own->step();
      own->zero_grad();
    });
  }
  auto step = compile([&] {
    const Tensor loss = compiled.loss();
    loss.backward();
    return loss;
  });
  const auto both = [&](int calls) {
    for (int i = 0; i < calls; ++i) {
      optimizer.zero_grad();
      const Tensor loss = plain.loss();
      loss.backward();
      optimizer.step();
      CHECK(equal(step(), loss));
      for (size_t k = 0; k < 3; ++k) CHECK(equal(plain.leaves()[k], compiled.leaves()[k]));
    }
  };
  both(8);
  CAPTURE(step.why_not());
  CHECK(step.statistics().replays == 5);
  const unsigned halves = compiled.w.register_post_accumulate_grad_hook([&](const Tensor& w) { w.mul_(0.5); });
  const Tensor before = compiled.w.detach().clone();
  step();
  optimizer.zero_grad();
  plain.loss().backward();
  optimizer.step();
  plain.w.detach().mul_(0.5);
  CHECK(equal(plain.w, compiled.w));
  compiled.w.remove_hook(halves);
  both(6);
}
