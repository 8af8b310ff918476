#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

// The parameter after each step from 1 with the given gradients.
template <class Make> std::vector<double> trajectory(Make make, std::vector<double> gradients) {
  Tensor p = ones({1}, kDouble).requires_grad_();
  auto optimizer = make(std::vector<Tensor>{p});
  std::vector<double> values;
  for (const double g : gradients) {
    p.mutable_grad() = full({1}, g, kDouble);
    optimizer.step();
    values.push_back(p.item<double>());
  }
  return values;
}

void check_numbers(const std::vector<double>& got, const std::vector<double>& expected, double tolerance = 1e-12) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(expected[i]).epsilon(tolerance));
}

const std::vector<double> kGradients{1, .5, -.25};

}  // namespace

// The expected values are what libtorch 1.13.1 prints for the same parameter and gradients.

TEST_CASE("SGD follows PyTorch step for step") {
  const auto run = [](SGDOptions o) { return trajectory([&](auto p) { return SGD(p, o); }, kGradients); };
  check_numbers(run(SGDOptions(0.1)), {.9, .85, .875});
  check_numbers(run(SGDOptions(0.1).momentum(0.9)), {.9, .76, .659});
  check_numbers(run(SGDOptions(0.1).momentum(0.9).dampening(0.5)), {.9, .785, .694});
  check_numbers(run(SGDOptions(0.1).momentum(0.9).nesterov(true)), {.81, .634, .5681});
}

TEST_CASE("Adam and AdamW follow PyTorch step for step") {
  const auto adam = [](AdamOptions o) { return trajectory([&](auto p) { return Adam(p, o); }, kGradients); };
  check_numbers(adam(AdamOptions(0.1)), {.900000001, .806782038298, .750415901496}, 1e-11);
  check_numbers(adam(AdamOptions(0.1).eps(1)), {.95, .908846000061, .886410808713}, 1e-11);
  check_numbers(adam(AdamOptions(0.1).weight_decay(0.1)), {.9000000009, .8057717969, .7421953938}, 1e-9);
  check_numbers(trajectory([](auto p) { return AdamW(p, AdamWOptions(0.1).weight_decay(0.1)); }, kGradients),
                {.890000001, .787882038288, .723637081103}, 1e-11);
  const auto amsgrad = trajectory([](auto p) { return Adam(p, AdamOptions(0.1).amsgrad(true)); }, {1, .1, .01, .001});
  CHECK(amsgrad[2] == doctest::Approx(.768046742761).epsilon(1e-11));
  CHECK(amsgrad[3] == doctest::Approx(.720607217696).epsilon(1e-11));
}

TEST_CASE("a parameter without a gradient is left alone and starts counting later") {
  Tensor a = ones({2}, kDouble).requires_grad_(), b = ones({2}, kDouble).requires_grad_();
  Adam optimizer({a, b}, AdamOptions(0.1));
  a.mutable_grad() = ones({2}, kDouble);
  optimizer.step();
  CHECK(b[0].item<double>() == 1);
  CHECK(optimizer.state().size() == 1);
  b.mutable_grad() = ones({2}, kDouble);
  optimizer.step();
  CHECK(b[0].item<double>() == doctest::Approx(.900000001));
}

TEST_CASE("an optimizer has no state of a parameter before its first step") {
  Tensor a = ones({2}).requires_grad_(), b = ones({2}).requires_grad_();
  Adagrad optimizer({a, b}, AdagradOptions(0.1).initial_accumulator_value(0.5));
  CHECK(optimizer.state().empty());
  a.mutable_grad() = ones({2});
  optimizer.step();
  CHECK(optimizer.state().size() == 1);
  CHECK(static_cast<AdagradParamState&>(*optimizer.state().at(a.unsafeGetTensorImpl())).sum()[0].item<float>() == 1.5f);
}

TEST_CASE("a group inherits the options it leaves open") {
  Tensor a = ones({1}).requires_grad_(), b = ones({1}).requires_grad_();
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{a});
  groups.emplace_back(std::vector<Tensor>{b}, std::make_unique<SGDOptions>(SGDOptions(0.5)));
  SGD optimizer(groups, SGDOptions(0.1).momentum(0.9).weight_decay(0.01));
  const auto& first = static_cast<const SGDOptions&>(optimizer.param_groups()[0].options());
  const auto& second = static_cast<const SGDOptions&>(optimizer.param_groups()[1].options());
  CHECK(first.lr() == 0.1);
  CHECK(first.momentum() == 0.9);
  CHECK(second.lr() == 0.5);
  CHECK(second.momentum() == 0.9);
  CHECK(second.weight_decay() == 0.01);
  // The group's rate is the one that counts.
  a.mutable_grad() = ones({1});
  b.mutable_grad() = ones({1});
  static_cast<SGDOptions&>(optimizer.param_groups()[1].options()).weight_decay(0);
  optimizer.step();
  CHECK(b.item<float>() == doctest::Approx(0.5));
}

TEST_CASE("StepLR decays at every step_size-th call") {
  Tensor p = ones({1}).requires_grad_();
  SGD optimizer({p}, SGDOptions(1.0));
  StepLR scheduler(optimizer, 2, 0.1);
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i) {
    rates.push_back(optimizer.param_groups()[0].options().get_lr());
    scheduler.step();
  }
  check_numbers(rates, {1, 1, .1, .1, .01});
  CHECK_THROWS_AS(StepLR(optimizer, 0), ValueError);
}

TEST_CASE("a closure computes the loss with gradients recorded") {
  Tensor p = full({1}, 3.0).requires_grad_();
  SGD optimizer({p}, SGDOptions(0.1));
  NoGradGuard outside;
  const Tensor loss = optimizer.step([&] {
    optimizer.zero_grad();
    Tensor l = (p * p).sum();
    l.backward();
    return l;
  });
  CHECK(loss.item<float>() == doctest::Approx(9));
  CHECK(p.item<float>() == doctest::Approx(2.4));
}

TEST_CASE("zero_grad zeroes, or drops") {
  Tensor p = ones({2}).requires_grad_();
  SGD optimizer({p}, SGDOptions(0.1));
  (p * 2).sum().backward();
  const Tensor alias = p.grad();
  optimizer.zero_grad();
  CHECK(alias[0].item<float>() == 0);
  optimizer.zero_grad(true);
  CHECK(!p.grad().defined());
}

TEST_CASE("a parameter that is not row-major is updated all the same") {
  Tensor p = arange(6, kDouble).view({2, 3}).t().requires_grad_();
  REQUIRE(!p.is_contiguous());
  Adam optimizer({p}, AdamOptions(0.1));
  p.mutable_grad() = ones({3, 2}, kDouble);
  optimizer.step();
  CHECK(p[2][1].item<double>() == doctest::Approx(4.9));
  CHECK(p[0][1].item<double>() == doctest::Approx(2.9));
}

TEST_CASE("weight decay of zero leaves infinities to themselves") {
  Tensor p = full({1}, INFINITY).requires_grad_();
  SGD optimizer({p}, SGDOptions(0.1));
  p.mutable_grad() = ones({1});
  optimizer.step();
  CHECK(std::isinf(p.item<float>()));
}

TEST_CASE("bad hyper-parameters and parameters are refused") {
  Tensor p = ones({1}).requires_grad_(), q = ones({1}).requires_grad_();
  CHECK_THROWS_WITH_AS(SGD({p}, SGDOptions(-1)), "[SGD] Invalid learning rate: -1", ValueError);
  CHECK_THROWS_AS(SGD({p}, SGDOptions(0.1).momentum(-1)), ValueError);
  CHECK_THROWS_AS(SGD({p}, SGDOptions(0.1).nesterov(true)), ValueError);
  CHECK_THROWS_AS(Adam({p}, AdamOptions(0.1).betas({1.0, 0.9})), ValueError);
  CHECK_THROWS_AS(Adam({p}, AdamOptions(0.1).eps(-1)), ValueError);
  CHECK_THROWS_AS(AdamW({p}, AdamWOptions(0.1).weight_decay(-1)), ValueError);
  CHECK_THROWS_AS(SGD(std::vector<Tensor>{}, SGDOptions(0.1)), ValueError);
  CHECK_THROWS_AS(SGD({p, p}, SGDOptions(0.1)), ValueError);
  CHECK_THROWS_AS(SGD({p * 2}, SGDOptions(0.1)), ValueError);
  SGD optimizer({p}, SGDOptions(0.1));
  CHECK_THROWS_AS(optimizer.add_param_group(OptimizerParamGroup({q, p})), ValueError);
  CHECK(optimizer.param_groups().size() == 1);
  p.mutable_grad() = ones({2});
  CHECK_THROWS_AS(optimizer.step(), Error);
  CHECK(p.item<float>() == 1);
}
