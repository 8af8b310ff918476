#include <cmath>
#include <ostream>

#include <doctest/doctest.h>
#include <message.h>
#include <train/draws.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/nn/nn.h>
#include <xgrad/train/penalty.h>
#include <xgrad/train/stopping.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

// The step, from 1, at which it stops; 0 if it doesn't.
int64_t stops_at(EarlyStopping stopping, const std::vector<double>& values) {
  for (const double v : values)
    if (stopping.step(v)) return stopping.steps();
  return 0;
}

}  // namespace

TEST_CASE("early stopping waits for as many steps as it should") {
  using O = EarlyStoppingOptions;
  CHECK(stops_at(EarlyStopping(O(2)), {3, 2, 2, 2, 2}) == 4);
  CHECK(stops_at(EarlyStopping(O(1)), {3, 2, 1, 0, -1}) == 0);
  CHECK(stops_at(EarlyStopping(O(2)), {3, 4, 2.9, 4, 2.8, 2.8, 2.8}) == 7);
  CHECK(stops_at(EarlyStopping(O(2).min_delta(0.5)), {3, 2.5, 2.5, 2.4}) == 3);
  CHECK(stops_at(EarlyStopping(O(2).min_delta(0.5)), {3, 2.6, 2.4, 2.4}) == 0);
  CHECK(stops_at(EarlyStopping(O(2).mode(Mode::max)), {0.1, 0.2, 0.2, 0.1}) == 4);
  CHECK(stops_at(EarlyStopping(O(2)), {NAN, 1, NAN, NAN, 0}) == 4);
  CHECK(stops_at(EarlyStopping(O(3)), {NAN, NAN, NAN}) == 3);
  CHECK(stops_at(EarlyStopping(O(2)), {INFINITY, INFINITY, 5, 4}) == 0);
  CHECK(stops_at(EarlyStopping(O(2)), {-INFINITY, -INFINITY, -INFINITY}) == 3);
  EarlyStopping s;
  CHECK(s.best() == INFINITY);
  CHECK(!s.improved());
  s.step(2);
  CHECK(s.improved());
  s.step(3);
  CHECK(!s.improved());
  CHECK(s.best() == 2);
  CHECK(s.best_step() == 1);
  s.restore();
  CHECK(contains(message_of([] { EarlyStopping(EarlyStoppingOptions(0)); }), "patience must be at least 1, got 0"));
  CHECK(contains(message_of([] { EarlyStopping(EarlyStoppingOptions().min_delta(NAN)); }), "min_delta must not be negative, got nan"));
}

TEST_CASE("the best weights come back, buffers too, also out of a file") {
  manual_seed(1);
  nn::Sequential net(nn::Linear(3, 2), nn::BatchNorm1d(2)), twin(nn::Linear(3, 2), nn::BatchNorm1d(2));
  EarlyStopping stopping(EarlyStoppingOptions(3), *net), loaded(EarlyStoppingOptions(3), *twin);
  const Tensor probe = rand({4, 3});
  const auto output = [&](nn::Sequential& n) {
    NoGradGuard no_grad;
    n->eval();
    const Tensor y = n->forward(probe);
    n->train();
    return y;
  };
  Tensor best;
  const double losses[] = {3, 1, 2, 1.5};
  for (const double loss : losses) {
    net->forward(rand({8, 3}) * loss);  // moves the running means
    NoGradGuard no_grad;
    for (const Tensor& p : net->parameters()) p.add_(0.125 * loss);
    stopping.step(loss);
    if (stopping.improved()) best = output(net);
  }
  through_archive(stopping, loaded);
  CHECK(!output(net).equal(best));
  stopping.restore();
  CHECK(output(net).equal(best));
  loaded.restore();
  CHECK(output(twin).equal(best));
  CHECK(loaded.best() == 1);
  CHECK(loaded.best_step() == 2);
  CHECK(loaded.step(4) == true);
  for (const Tensor& p : net->parameters()) CHECK(p.requires_grad());

  nn::Linear small(3, 1), same(3, 1);
  EarlyStopping other(EarlyStoppingOptions(3), *small), without, another(EarlyStoppingOptions(), *same);
  CHECK(contains(message_of([&] { through_archive(stopping, without); }), "module with 0 parameters and buffers, got 7"));
  CHECK(contains(message_of([&] { through_archive(stopping, other); }), "module with 2 parameters and buffers, got 7"));
  nn::Linear wide(5, 1);
  EarlyStopping wider(EarlyStoppingOptions(), *wide);
  wider.step(0);
  CHECK(contains(message_of([&] { through_archive(wider, other); }), "must be as the module's"));
  CHECK(other.steps() == 0);
  through_archive(another, other);  // of which there was no step
  other.restore();
}

TEST_CASE("descent ends where the gradient vanishes") {
  GradientNormStopping stopping(0.5);
  const Tensor a = tensor({3., 0.}, kDouble).requires_grad_(), b = tensor({4.}, kFloat).requires_grad_(), unused = ones({2}).requires_grad_();
  CHECK(std::isnan(stopping.norm()));
  CHECK(contains(message_of([&] { stopping.step({a, b}); }), "must have a gradient, got none among 2"));
  (a.square().sum() / 2 + b.square().sum() / 2).backward();
  CHECK(!stopping.step({a, b, unused}));
  CHECK(stopping.norm() == 5);
  GradientNormStopping largest(4.5, INFINITY), at(5);
  CHECK(largest.step({a, b}));
  CHECK(largest.norm() == 4);
  CHECK(!at.step({a, b}));  // under, not at
  CHECK(nn::utils::get_total_norm({a.grad(), b.grad()}, 1) == 7);
  CHECK(nn::utils::get_total_norm({}) == 0);
  a.mutable_grad().fill_(NAN);
  CHECK(!stopping.step({a, b}));
  CHECK(contains(message_of([] { GradientNormStopping(0); }), "eps must be positive, got 0"));

  // x^2 / 2 by steps of 1/2: the gradient halves.
  const Tensor x = full({}, 1.0).requires_grad_();
  GradientNormStopping small(1e-3);
  int steps = 0;
  for (;; ++steps) {
    x.mutable_grad() = Tensor();
    (x.square() / 2).backward();
    if (small.step({x})) break;
    NoGradGuard no_grad;
    x.sub_(x.grad() / 2);
  }
  CHECK(steps == 10);
}

TEST_CASE("penalties and their derivatives of both orders") {
  const Tensor a = tensor({1.5, -2., 0.}, kDouble).requires_grad_(), b = tensor({-0.5, 3.}, kDouble).requires_grad_();
  const std::vector<Tensor> parameters{a, b};
  CHECK(l1_penalty(parameters).item<double>() == 7);
  CHECK(l2_penalty(parameters).item<double>() == 15.5);
  CHECK(autograd::grad({l1_penalty(parameters)}, {a})[0].equal(tensor({1., -1., 0.}, kDouble)));
  const Tensor g = autograd::grad({l2_penalty(parameters)}, {a}, {}, true, true)[0];
  CHECK(g.equal(2 * a));
  CHECK(autograd::grad({g.sum()}, {a})[0].equal(full({3}, 2., kDouble)));

  // Views and matrices, against the definition.
  const Tensor m = rand({3, 4}, kDouble).sub(0.5).t().requires_grad_();
  CHECK(l1_penalty({m}).item<double>() == doctest::Approx(m.abs().sum().item<double>()).epsilon(1e-14));
  CHECK(l2_penalty({m}).item<double>() == doctest::Approx(m.square().sum().item<double>()).epsilon(1e-14));
  CHECK(l2_penalty({m}).dim() == 0);
  CHECK(autograd::grad({l2_penalty({m})}, {m})[0].equal(2 * m));
  CHECK(l2_penalty({zeros({0})}).item<double>() == 0);
  CHECK(contains(message_of([] { l1_penalty({}); }), "[l1_penalty] there must be parameters"));
  CHECK(contains(message_of([] { l2_penalty({ones({2}, kLong)}); }), "[l2_penalty] parameters must be floating tensors, got"));
}
