#include <doctest/doctest.h>

#include <cmath>
#include <sstream>
#include <stdexcept>

#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/optim.h>

#include "values.h"

using namespace xgrad;
using namespace xgrad::optim;

namespace {

Tensor rosenbrock(const Tensor& x) {
  const Tensor head = x.slice(0, 0, -1), tail = x.slice(0, 1);
  return (100 * (tail - head * head).pow(2) + (1 - head).pow(2)).sum();
}

}  // namespace

TEST_CASE("L-BFGS finds the minimum of Rosenbrock's function of 100 variables") {
  const Tensor x = (sin(arange(100, kDouble)) * 0.5).requires_grad_();
  LBFGS optimizer({x}, LBFGSOptions(1).tolerance_change(0).line_search_fn("strong_wolfe"));
  int calls = 0;
  const auto closure = [&] {
    ++calls;
    optimizer.zero_grad();
    Tensor loss = rosenbrock(x);
    loss.backward();
    return loss;
  };
  for (int i = 0; i < 40; ++i) optimizer.step(closure);
  CHECK(rosenbrock(x).item<double>() < 1e-12);
  CHECK((x - 1).abs().max().item<double>() < 1e-6);
  CHECK(calls < 1000);
  const auto& state = static_cast<LBFGSParamState&>(*optimizer.state().begin()->second);
  CHECK(state.func_evals() == calls);
}

TEST_CASE("one step of a quadratic function in one variable is Newton's after the second gradient") {
  const Tensor x = full({1}, 3.0, kDouble).requires_grad_();
  LBFGS optimizer({x}, LBFGSOptions(1).max_iter(2).max_eval(9));
  optimizer.step([&] {
    optimizer.zero_grad();
    Tensor loss = (x - 1).pow(2).sum() * 0.125;
    loss.backward();
    return loss;
  });
  CHECK(x.item<double>() == doctest::Approx(1).epsilon(1e-12));
}

TEST_CASE("an exception of the closure leaves the parameters where they were") {
  for (const bool search : {false, true}) {
    const Tensor x = ones({3}, kDouble).requires_grad_();
    auto options = LBFGSOptions(0.1);
    if (search) options.line_search_fn("strong_wolfe");
    LBFGS optimizer({x}, options);
    int calls = 0;
    Tensor seen;
    const auto closure = [&] {
      if (++calls == 2) throw std::runtime_error("no");
      seen = x.detach().clone();
      optimizer.zero_grad();
      Tensor loss = rosenbrock(x + 0.5);
      loss.backward();
      return loss;
    };
    CHECK_THROWS_AS(optimizer.step(closure), std::runtime_error);
    if (search) CHECK(same_bits(x.detach(), ones({3}, kDouble)));
    calls = 2;
    optimizer.step(closure);  // goes on
    CHECK(std::isfinite(x.sum().item<double>()));
  }
}

TEST_CASE("al says how much of each remembered change the last direction was made of") {
  const Tensor x = (arange(6, kDouble) * 0.1).requires_grad_();
  LBFGS optimizer({x}, LBFGSOptions(1).max_iter(9).history_size(4).line_search_fn("strong_wolfe"));
  const auto state = [&]() -> LBFGSParamState& { return static_cast<LBFGSParamState&>(*optimizer.state().begin()->second); };
  optimizer.step([&] {
    optimizer.zero_grad();
    Tensor loss = rosenbrock(x);
    loss.backward();
    return loss;
  });
  const std::optional<std::vector<Tensor>> al = state().al();
  REQUIRE(al.has_value());
  REQUIRE(al->size() == 4);
  // The first half of the recursion, from the newest change to the oldest.
  Tensor q = -state().prev_flat_grad();
  for (size_t i = 4; i-- > 0;) {
    const Tensor a = state().ro()[i] * state().old_stps()[i].dot(q);
    CHECK(std::abs((a - (*al)[i]).item<double>()) < 1e-12 * std::max(1.0, std::abs(a.item<double>())));
    q = q - a * state().old_dirs()[i];
  }
  CHECK_FALSE(LBFGSParamState().al().has_value());
}

TEST_CASE("L-BFGS takes sparse gradients and parameters without any as they are densely") {
  const auto run = [](bool sparse) {
    const Tensor a = (arange(6, kDouble).reshape({3, 2}) * 0.3).requires_grad_(), b = ones({2}, kDouble).requires_grad_();
    LBFGS optimizer({a, b}, LBFGSOptions(0.5).max_iter(5));
    optimizer.step([&] {
      optimizer.zero_grad(true);
      const Tensor rows = embedding(a, tensor({0, 2, 2}, kLong), -1, false, sparse);
      Tensor loss = rows.pow(2).sum() + rows.sum();
      loss.backward();
      return loss;
    });
    return std::vector<Tensor>{a.detach(), b.detach()};
  };
  const std::vector<Tensor> sparse = run(true), dense = run(false);
  CHECK((sparse[0] - dense[0]).abs().max().item<double>() < 1e-14);
  CHECK(same_bits(sparse[1], ones({2}, kDouble)));
  CHECK_FALSE(same_bits(dense[0], arange(6, kDouble).reshape({3, 2}) * 0.3));
}

TEST_CASE("L-BFGS resumes with the same bits, and refuses the state of other parameters") {
  const auto closure = [](Optimizer& optimizer, const Tensor& x) {
    return [&optimizer, x] {
      optimizer.zero_grad();
      Tensor loss = rosenbrock(x);
      loss.backward();
      return loss;
    };
  };
  const auto options = LBFGSOptions(1).max_iter(4).history_size(3).line_search_fn("strong_wolfe");
  const Tensor whole = (arange(8, kDouble) * 0.1).requires_grad_(), parts = (arange(8, kDouble) * 0.1).requires_grad_();
  LBFGS straight({whole}, options);
  for (int i = 0; i < 6; ++i) straight.step(closure(straight, whole));
  std::stringstream file;
  {
    LBFGS first({parts}, options);
    for (int i = 0; i < 3; ++i) first.step(closure(first, parts));
    save(first, file);
  }
  LBFGS second({parts}, LBFGSOptions());
  load(second, file);
  for (int i = 0; i < 3; ++i) second.step(closure(second, parts));
  CHECK(same_bits(parts.detach(), whole.detach()));

  LBFGS other({ones({4}, kDouble).requires_grad_()}, LBFGSOptions(0.25));
  file.clear();
  file.seekg(0);
  CHECK_THROWS_WITH_AS(load(other, file), doctest::Contains("expected [4]"), Error);
  CHECK(other.state().empty());
  CHECK(other.param_groups()[0].lr() == 0.25);
}

TEST_CASE("L-BFGS needs a closure, one group and one dtype") {
  const Tensor a = ones({1}).requires_grad_(), b = ones({1}, kDouble).requires_grad_();
  LBFGS optimizer({a});
  CHECK_THROWS_WITH_AS(optimizer.step(nullptr), doctest::Contains("LBFGS requires a closure function"), Error);
  CHECK_THROWS_WITH_AS(LBFGS({a, b}), doctest::Contains("parameters must share one dtype"), ValueError);
  CHECK_THROWS_WITH_AS(LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup({a}), OptimizerParamGroup({ones({1}).requires_grad_()})}),
                       doctest::Contains("doesn't support per-parameter options"), ValueError);
  CHECK_THROWS_WITH_AS(optimizer.step([] { return Tensor(); }), doctest::Contains("must return the loss"), Error);
}
