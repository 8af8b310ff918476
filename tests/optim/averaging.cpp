#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/optim.h>

#include "values.h"

using namespace xgrad;
using namespace xgrad::optim;

TEST_CASE("averages of parameters are the mean of their values, or the running mean") {
  const Tensor p = zeros({3}, kDouble).requires_grad_(), q = ones({2}).requires_grad_();
  AveragedParameters mean({p, q}), running({p, q}, 0.75);
  CHECK_THROWS_WITH_AS(mean.swap(), doctest::Contains("before the first update"), Error);
  double sum = 0, expected = 0;
  for (int i = 1; i <= 5; ++i) {
    const double value = std::sin(i);
    {
      NoGradGuard guard;
      p.fill_(value);
    }
    mean.update();
    running.update();
    sum += value;
    expected = i == 1 ? value : 0.75 * expected + 0.25 * value;
    CHECK(mean.averages()[0][2].item<double>() == doctest::Approx(sum / i));
    CHECK(running.averages()[0][0].item<double>() == doctest::Approx(expected));
  }
  CHECK(same_bits(running.averages()[1], ones({2})));
  CHECK(mean.updates() == 5);
  const Tensor last = p.detach().clone();
  mean.swap();
  CHECK(p[1].item<double>() == doctest::Approx(sum / 5));
  CHECK(p.requires_grad());
  CHECK_THROWS_WITH_AS(mean.update(), doctest::Contains("call swap() first"), Error);
  std::stringstream file;
  CHECK_THROWS_AS(save(mean, file), Error);
  mean.swap();
  CHECK(same_bits(p.detach(), last));
}

TEST_CASE("averages are saved and loaded, but not into others") {
  const Tensor p = ones({2}).requires_grad_(), q = zeros({2}).requires_grad_(), other = zeros({3}).requires_grad_();
  AveragedParameters from({p}), to({q}), wrong({other});
  from.update();
  from.update();
  std::stringstream file;
  save(from, file);
  load(to, file);
  CHECK(to.updates() == 2);
  CHECK(same_bits(to.averages()[0], ones({2})));
  file.clear();
  file.seekg(0);
  CHECK_THROWS_WITH_AS(load(wrong, file), doctest::Contains("averages.0"), Error);
  CHECK(wrong.updates() == 0);
  CHECK_THROWS_AS(AveragedParameters({p}, 1.0), ValueError);
  CHECK_THROWS_AS(AveragedParameters({}), ValueError);
}

TEST_CASE("Lookahead pulls parameters back after every k steps, and resumes") {
  const auto run = [](bool stop) {
    const Tensor p = ones({2}, kDouble).requires_grad_();
    SGD fast({p}, SGDOptions(0.1));
    auto optimizer = std::make_unique<Lookahead>(fast, 3, 0.4);
    double slow = 1, value = 1;
    for (int i = 1; i <= 10; ++i) {
      p.mutable_grad() = full({2}, std::cos(i), kDouble);
      optimizer->step();
      value -= 0.1 * std::cos(i);
      if (i % 3 == 0) value = slow += 0.4 * (value - slow);
      CHECK(p[0].item<double>() == doctest::Approx(value).epsilon(1e-13));
      if (!stop || i != 4) continue;
      std::stringstream file;
      save(*optimizer, file);
      optimizer = std::make_unique<Lookahead>(fast, 3, 0.4);
      load(*optimizer, file);
    }
  };
  run(false);
  run(true);
  const Tensor p = ones({2}).requires_grad_();
  SGD fast({p}, SGDOptions(0.1));
  CHECK_THROWS_WITH_AS(Lookahead(fast, 0), "[Lookahead] k must be at least 1, got 0", ValueError);
  CHECK_THROWS_AS(Lookahead(fast, 1, 1.5), ValueError);
}
