// Checkpoints: the same numbers, less memory.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "message.h"

using namespace xgrad;
using func::variable_list;

TEST_CASE("a checkpoint gives the same value and gradients, with dropout, and leaves the generator alone") {
  const Tensor w = ramp({8, 8}, -0.4, 0.013).requires_grad_(), x = ramp({4, 8}).requires_grad_();
  const auto f = [&](const Tensor& x) { return dropout(tanh(matmul(x, w)), 0.5, true) * x; };
  const auto run = [&](bool checkpointed) {
    manual_seed(5);
    w.mutable_grad().reset();
    x.mutable_grad().reset();
    const Tensor y = checkpointed ? func::checkpoint(f, x) : f(x);
    const Tensor drawn = rand({3});
    (y * y).sum().backward();
    return variable_list{y.detach(), drawn, rand({3}), w.grad(), x.grad()};
  };
  const variable_list plain = run(false), again = run(true);
  for (size_t i = 0; i < plain.size(); ++i) CHECK(same_bits(plain[i], again[i]));
}

TEST_CASE("other generators are put back if they are named") {
  Generator generator = make_generator<CPUGeneratorImpl>(1);
  const auto f = [&](const Tensor& x) { return x * rand({2}, generator, kDouble); };
  const Tensor x = leaf({1, 1});
  func::CheckpointOptions options;
  options.generators = {generator};
  const Tensor y = func::checkpoint(f, x, options);
  y.sum().backward();
  CHECK(list(x.grad()) == list(y));
}

TEST_CASE("derivatives of a checkpoint, of any order") {
  const Tensor w = leaf({0.3, -0.2}), x = leaf({0.5, 0.7});
  const auto f = [](const variable_list& x) {
    return func::checkpoint([](const variable_list& x) { return variable_list{sin(x[0]) * x[1], x[1], ones({2}, kDouble)}; }, x);
  };
  CHECK(autograd::gradcheck(f, {w, x}).text().find("ok") == 0);
  CHECK(autograd::gradgradcheck(f, {w, x}).text().find("ok") == 0);
  // Also what it captured, in grad() as in backward().
  const Tensor y = func::checkpoint([&](const Tensor& x) { return w * x * x; }, x);
  const variable_list g = autograd::grad({y.sum()}, {w, x}, {}, true);
  CHECK(list(g[0])[1] == doctest::Approx(0.49));
  CHECK(list(g[1])[1] == doctest::Approx(-0.28));
  CHECK_FALSE(w.grad().defined());
  CHECK(list(func::jvp([&](const Tensor& x) { return func::checkpoint([&](const Tensor& x) { return w * x * x; }, x); }, x.detach(), numbers({1, 1}))
                 .second)[1] == doctest::Approx(-0.28));
}

TEST_CASE("a chain in checkpoints keeps its parts' inputs and no more") {
  const std::vector<func::TensorMap> layers(64, [](const Tensor& x) { return x.sin().mul(2).cos(); });
  const Tensor x = ramp({1000}).requires_grad_();
  const auto kept = [&](const auto& run) {
    const int64_t before = memory_stats().live_tensors;
    const Tensor y = run();
    const int64_t tensors = memory_stats().live_tensors - before;
    x.mutable_grad().reset();
    y.sum().backward();
    return std::pair(tensors, x.grad());
  };
  const auto [many, expected] = kept([&] { return func::checkpoint_sequential(layers, 1, x); });
  const auto [few, gradient] = kept([&] { return func::checkpoint_sequential(layers, 16, x); });
  CHECK(same_bits(expected, gradient));
  CHECK(many > 2 * 64);
  CHECK(few < many / 3);
}

TEST_CASE("what a checkpoint refuses") {
  const Tensor x = leaf({1, 2}), other = leaf({3, 4});
  int calls = 0;
  const Tensor y = func::checkpoint([&](const Tensor& x) { return calls++ == 0 ? x * 2 : x * other; }, x);
  CHECK(message_of([&] { y.sum().backward(); }).find("used other tensors") != std::string::npos);
  const Tensor z = func::checkpoint([](const Tensor& x) { return x * x; }, x);
  z.sum().backward();
  CHECK(message_of([&] { z.sum().backward(); }).find("second time") != std::string::npos);
  Tensor edited = x * 1;
  const Tensor u = func::checkpoint([](const Tensor& x) { return x * x; }, edited);
  edited.add_(1);
  CHECK(message_of([&] { u.sum().backward(); }).find("modified by an inplace operation") != std::string::npos);
  CHECK_THROWS_AS(func::checkpoint_sequential({}, 1, x), ValueError);
  NoGradGuard no_grad;
  CHECK_FALSE(func::checkpoint([](const Tensor& x) { return x * x; }, x).requires_grad());
}
