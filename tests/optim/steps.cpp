// Steps over many tensors: what they remember from one to the next, layouts, dtypes and threads.
#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/optim/optim.h>

#include "values.h"

using namespace xgrad;
using namespace xgrad::optim;

namespace {

Tensor with_gradient(const Tensor& values, const Tensor& gradient) {
  Tensor p = values.clone().requires_grad_();
  p.mutable_grad() = gradient;
  return p;
}

AdamParamState& adam_state(Adam& optimizer, const Tensor& p) { return static_cast<AdamParamState&>(*optimizer.state().at(p.unsafeGetTensorImpl())); }

// Adam as its authors write it, one element, in double precision.
struct Reference {
  double lr, decay = 0, m = 0, v = 0, largest = 0;
  int t = 0;
  double operator()(double p, double g, bool amsgrad = false) {
    ++t;
    g += decay * p;
    m = .9 * m + .1 * g;
    v = .999 * v + .001 * g * g;
    largest = std::max(largest, v);
    return p - lr * (m / (1 - std::pow(.9, t))) / (std::sqrt((amsgrad ? largest : v) / (1 - std::pow(.999, t))) + 1e-8);
  }
};

}  // namespace

TEST_CASE("every length is updated to its last element and no further") {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    for (int64_t n = 0; n <= 40; ++n) {
      const Tensor room = full({n + 2}, 7.0, dtype);
      Tensor p = room.slice(0, 1, n + 1).requires_grad_();
      p.mutable_grad() = full({n}, -2.0, dtype);
      Adam({p}, AdamOptions(0.5)).step();
      SGD({p}, SGDOptions(0.25).momentum(0.5)).step();
      SGD({p}, SGDOptions(0.25)).step();
      CHECK(room[0].item<double>() == 7);
      CHECK(room[n + 1].item<double>() == 7);
      for (int64_t i = 0; i < n; ++i) CHECK(p[i].item<double>() == doctest::Approx(8.5));
    }
  }
}

TEST_CASE("Adam with AMSGrad and weight decay follows its formula") {
  Tensor p = with_gradient(full({3}, 2.0, kDouble), zeros({3}, kDouble));
  Adam optimizer({p}, AdamOptions(0.1).amsgrad(true).weight_decay(0.05));
  Reference reference{0.1, 0.05};
  double expected = 2;
  for (const double g : {1.0, .1, -.3, .01, 2.0}) {
    p.mutable_grad().fill_(g);
    optimizer.step();
    expected = reference(expected, g, true);
    CHECK(p[1].item<double>() == doctest::Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("a parameter whose gradient appears later counts its own steps") {
  Tensor a = with_gradient(ones({2}, kDouble), ones({2}, kDouble)), b = ones({2}, kDouble).requires_grad_();
  Adam optimizer({b, a}, AdamOptions(0.1));
  Reference of_a{0.1}, of_b{0.1};
  double expected_a = 1, expected_b = 1;
  for (int i = 0; i < 5; ++i) {
    if (i == 2) b.mutable_grad() = full({2}, -3.0, kDouble);
    optimizer.step();
    expected_a = of_a(expected_a, 1);
    if (i >= 2) expected_b = of_b(expected_b, -3);
  }
  CHECK(a[0].item<double>() == doctest::Approx(expected_a).epsilon(1e-12));
  CHECK(b[0].item<double>() == doctest::Approx(expected_b).epsilon(1e-12));
  CHECK(adam_state(optimizer, a).step() == 5);
  CHECK(adam_state(optimizer, b).step() == 3);
}

TEST_CASE("edits of options, groups and parameters count from the next step") {
  Tensor a = with_gradient(zeros({1}), ones({1})), b = with_gradient(zeros({1}), ones({1})), c = with_gradient(zeros({1}), ones({1}));
  SGD optimizer({a, b}, SGDOptions(1));
  optimizer.step();
  optimizer.param_groups()[0].options().set_lr(0.5);
  optimizer.step();
  CHECK(a.item<float>() == -1.5);
  optimizer.add_param_group(OptimizerParamGroup({c}, std::make_unique<SGDOptions>(SGDOptions(2))));
  optimizer.step();
  CHECK(c.item<float>() == -2);
  CHECK(a.item<float>() == -2);
  std::vector<Tensor>& first = optimizer.param_groups()[0].params();
  std::swap(first[0], first[1]);
  first.pop_back();  // a
  optimizer.step();
  CHECK(a.item<float>() == -2);
  CHECK(b.item<float>() == -2.5);
  optimizer.param_groups().erase(optimizer.param_groups().begin());
  optimizer.step();
  CHECK(b.item<float>() == -2.5);
  CHECK(c.item<float>() == -6);
}

TEST_CASE("a group added after steps begins at its own first step") {
  Tensor a = with_gradient(zeros({1}, kDouble), ones({1}, kDouble)), b = with_gradient(zeros({1}, kDouble), ones({1}, kDouble));
  Adam optimizer({a}, AdamOptions(0.1));
  for (int i = 0; i < 3; ++i) optimizer.step();
  optimizer.add_param_group(OptimizerParamGroup({b}));
  optimizer.step();
  CHECK(adam_state(optimizer, a).step() == 4);
  CHECK(adam_state(optimizer, b).step() == 1);
  CHECK(b.item<double>() == doctest::Approx(-0.1));
}

TEST_CASE("edits of the state count from the next step") {
  Tensor p = with_gradient(zeros({2}, kDouble), ones({2}, kDouble));
  const void* const key = p.unsafeGetTensorImpl();
  Adam optimizer({p}, AdamOptions(0.1));
  StateMap& states = optimizer.state();
  for (int i = 0; i < 3; ++i) optimizer.step();
  SUBCASE("erased") { CHECK(states.erase(key) == 1); }
  SUBCASE("erased by position") { states.erase(states.find(key)); }
  SUBCASE("cleared") { states.clear(); }
  SUBCASE("reset in its place") { states.at(key).reset(); }
  SUBCASE("replaced in its place") { states[key] = std::make_unique<AdamParamState>(); }
  SUBCASE("moved away") { const StateMap other = std::move(states); }
  SUBCASE("another map") { states = StateMap(); }
  const double before = p[0].item<double>();
  p.mutable_grad().fill_(-5);
  optimizer.step();
  CHECK(adam_state(optimizer, p).step() == 1);
  CHECK(p[0].item<double>() == doctest::Approx(before + 0.1));
}

TEST_CASE("a parameter put in the place of another starts without its state, wherever it lies in memory") {
  const Tensor values = zeros({2}, kDouble), gradient = ones({2}, kDouble);
  Adam optimizer({with_gradient(values, gradient)}, AdamOptions(0.1));
  for (int i = 0; i < 3; ++i) optimizer.step();
  std::vector<Tensor>& parameters = optimizer.param_groups()[0].params();
  const void* const address = parameters[0].unsafeGetTensorImpl();
  parameters.clear();
  std::vector<Tensor> made;  // until one gets the address of the old parameter, if that is free
  do made.push_back(with_gradient(values, gradient));
  while (made.size() < 100 && made.back().unsafeGetTensorImpl() != address);
  parameters.push_back(made.back());
  optimizer.step();
  CHECK(adam_state(optimizer, parameters[0]).step() == 1);
}

TEST_CASE("edits of one remembered value are used, and one that doesn't fit is refused before anything changes") {
  Tensor a = with_gradient(zeros({2}), ones({2})), p = with_gradient(zeros({2}), ones({2}));
  Adam optimizer({a, p}, AdamOptions(0.1));
  optimizer.step();
  AdamParamState& state = adam_state(optimizer, p);
  state.exp_avg(zeros({2, 2}).slice(1, 0, 1).squeeze(1));
  REQUIRE(!state.exp_avg().is_contiguous());
  optimizer.step();
  CHECK(state.exp_avg()[1].item<float>() == doctest::Approx(0.1));
  const Tensor before = a.detach().clone();
  for (const Tensor& wrong : {zeros({3}), zeros({1}), zeros({2}, kDouble)}) {
    state.exp_avg_sq(wrong);
    CHECK_THROWS_AS(optimizer.step(), Error);
    CHECK(same_bits(a, before));
    CHECK(adam_state(optimizer, a).step() == 2);
  }
}

TEST_CASE("parameters of two dtypes and many sizes share a step") {
  std::vector<Tensor> all, alone;
  for (int i = 0; i < 12; ++i) {
    const Tensor values = arange(i * 7, i % 3 ? kFloat : kDouble), gradient = values * 0.5 - 3;
    all.push_back(with_gradient(values, gradient));
    alone.push_back(with_gradient(values, gradient));
  }
  Adam together(all, AdamOptions(0.1).weight_decay(0.1));
  for (int i = 0; i < 3; ++i) together.step();
  for (size_t k = 0; k < all.size(); ++k) {
    Adam optimizer({alone[k]}, AdamOptions(0.1).weight_decay(0.1));
    for (int i = 0; i < 3; ++i) optimizer.step();
    CHECK(same_bits(all[k], alone[k]));
  }
}

TEST_CASE("layouts of parameter and gradient don't matter") {
  const Tensor values = arange(12, kFloat).view({3, 4}), gradient = (arange(12, kFloat) - 5).view({3, 4});
  Tensor plain = with_gradient(values, gradient);
  Tensor turned = values.t().contiguous().t().requires_grad_();
  Tensor strided = zeros({3, 8}).slice(1, 0, 8, 2).detach();
  strided.copy_(values);
  strided.requires_grad_();
  REQUIRE((!turned.is_contiguous() && !strided.is_contiguous()));
  turned.mutable_grad() = gradient.clone();
  strided.mutable_grad() = gradient.t().contiguous().t();
  Tensor crossed = with_gradient(values, gradient.t().contiguous().t());
  const auto run = [](auto&& optimizer) {
    for (int i = 0; i < 3; ++i) optimizer.step();
  };
  for (Tensor* p : {&plain, &turned, &strided, &crossed}) {
    const auto version = p->_version();
    run(Adam({*p}, AdamOptions(0.1).amsgrad(true)));
    CHECK(p->_version() > version);
    run(AdamW({*p}, AdamWOptions(0.1)));
    run(SGD({*p}, SGDOptions(0.1).momentum(0.9).nesterov(true)));
    CHECK(same_bits(*p, plain));
  }
}

TEST_CASE("state that lies in another order than its parameter is used and updated where it lies") {
  const Tensor values = arange(12, kFloat).view({3, 4}), gradient = values - 5;
  Tensor plain = with_gradient(values, gradient), turned = values.t().contiguous().t().requires_grad_();
  turned.mutable_grad() = gradient.t().contiguous().t();
  Adam expected({plain}, AdamOptions(0.1)), optimizer({turned}, AdamOptions(0.1));
  for (int i = 0; i < 3; ++i) {
    expected.step();
    optimizer.step();
    AdamParamState& state = adam_state(optimizer, turned);
    state.exp_avg(i == 0 ? state.exp_avg().contiguous() : state.exp_avg().t().contiguous().t());
    const Tensor room = zeros({3, 8});
    state.exp_avg_sq(room.slice(1, 0, 8, 2).copy_(state.exp_avg_sq()));
  }
  CHECK(same_bits(plain, turned));
  CHECK(same_bits(adam_state(expected, plain).exp_avg(), adam_state(optimizer, turned).exp_avg()));
  CHECK(same_bits(adam_state(expected, plain).exp_avg_sq(), adam_state(optimizer, turned).exp_avg_sq()));
}

TEST_CASE("an expanded gradient counts for every element, and one that is the parameter itself is read before it is written") {
  Tensor p = with_gradient(ones({2, 3}), ones({1}).expand({2, 3}));
  SGD({p}, SGDOptions(0.5)).step();
  CHECK(same_bits(p, full({2, 3}, 0.5)));
  Tensor q = arange(40, kFloat).requires_grad_();
  q.mutable_grad() = q.detach();
  SGD({q}, SGDOptions(0.5).momentum(0.9)).step();
  CHECK(same_bits(q, arange(40, kFloat) * 0.5));
}

TEST_CASE("the bits don't depend on the number of threads") {
  const int before = get_num_threads();
  const auto train = [](int threads) {
    set_num_threads(threads);
    std::vector<Tensor> parameters;
    for (const int64_t n : {100000, 3, 250001, 17, 0, 70000}) {
      const Tensor x = arange(n, kFloat);
      parameters.push_back(with_gradient(sin(x), cos(x * 3) * 1e-2));
    }
    for (int i = 0; i < 2; ++i) {
      Adam(parameters, AdamOptions(0.1)).step();
      AdamW(parameters, AdamWOptions(0.1).amsgrad(true)).step();
      SGD(parameters, SGDOptions(0.1).momentum(0.9)).step();
    }
    return parameters;
  };
  const std::vector<Tensor> expected = train(1);
  for (const int threads : {2, 3}) {
    const std::vector<Tensor> got = train(threads);
    for (size_t i = 0; i < got.size(); ++i) CHECK(same_bits(got[i], expected[i]));
  }
  set_num_threads(before);
}

TEST_CASE("zeroing gradients counts as an edit and keeps views and aliases in step") {
  Tensor arena = ones({10});
  Tensor p = with_gradient(zeros({4}), arena.slice(0, 2, 6)), q = with_gradient(zeros({2, 2}), ones({2, 2}).t());
  const auto version = q.grad()._version(), whole = arena._version();
  SGD optimizer({p, q}, SGDOptions(0.1));
  optimizer.zero_grad();
  CHECK(q.grad()._version() > version);
  CHECK(arena._version() > whole);
  CHECK(arena.sum().item<float>() == 6);
  CHECK(q.grad().sum().item<float>() == 0);
}

TEST_CASE("an optimizer that has run can be moved") {
  Tensor p = with_gradient(zeros({1}, kDouble), ones({1}, kDouble));
  Adam first({p}, AdamOptions(0.1));
  first.step();
  Adam second(std::move(first));
  second.step();
  CHECK(adam_state(second, p).step() == 2);
  CHECK(p.item<double>() == doctest::Approx(-0.2));
}
