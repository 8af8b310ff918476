// What holds for every optimizer.
#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/io/serialize.h>

#include "autograd/instruction_sets.h"
#include "values.h"
#include "optim/each_optimizer.h"

using namespace xgrad;
using namespace xgrad::optim;

namespace {

// Matrices, which Muon asks for, of sizes that vectors don't divide, one without elements, one large enough for threads.
std::vector<Tensor> matrices(ScalarType dtype) {
  std::vector<Tensor> list;
  int k = 0;
  for (const auto& [rows, columns] : {std::pair{3, 5}, {1, 1}, {0, 4}, {17, 2}, {300, 401}})
    list.push_back(sin(arange(rows * columns, kDouble) * 1.3 + ++k).reshape({rows, columns}).to(dtype).requires_grad_());
  return list;
}

// The gradient of a parameter at a step: it turns round as it goes.
Tensor gradient_at(const Tensor& p, int step) {
  return (cos(arange(p.numel(), kDouble) * 0.7 + 2 * step).reshape(p.sizes()) * (step % 3 == 2 ? -0.01 : 0.5)).to(p.scalar_type());
}

void take_steps(Optimizer& optimizer, const std::vector<Tensor>& parameters, int first, int last, double sign = 1) {
  for (int step = first; step < last; ++step) {
    for (const Tensor& p : parameters) p.mutable_grad() = gradient_at(p, step) * sign;
    optimizer.step();
  }
}

void check_same(const std::vector<Tensor>& got, const std::vector<Tensor>& expected) {
  REQUIRE(got.size() == expected.size());
  for (size_t i = 0; i < got.size(); ++i) CHECK(same_bits(got[i].detach(), expected[i].detach()));
}

}  // namespace

TEST_CASE("climbing a gradient is descending its negative") {
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    CAPTURE(each.name);
    for (const ScalarType dtype : {kFloat, kDouble}) {
      const std::vector<Tensor> up = matrices(dtype), down = matrices(dtype);
      take_steps(*each.make(up, true), up, 0, 4, -1);
      take_steps(*each.make(down, false), down, 0, 4);
      check_same(up, down);
      CHECK_FALSE(same_bits(down[0].detach(), matrices(dtype)[0].detach()));
    }
  }
}

TEST_CASE("bits depend neither on threads nor on the instruction set") {
  const int before = get_num_threads();
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    if (each.name == "Muon") continue;  // whose products have the bits of the BLAS
    CAPTURE(each.name);
    std::vector<Tensor> expected;
    for (const auto set : test::instruction_sets()) {
      const test::InSet in_set(set);
      for (const int threads : {1, 2, 3}) {
        set_num_threads(threads);
        const std::vector<Tensor> parameters = matrices(kFloat);
        take_steps(*each.make(parameters, false), parameters, 0, 3);
        if (expected.empty()) expected = parameters;
        check_same(parameters, expected);
      }
    }
  }
  set_num_threads(before);
}

TEST_CASE("layouts of parameter and gradient don't matter") {
  const Tensor values = sin(arange(12, kFloat)).view({3, 4}), gradient = cos(arange(12, kFloat)).view({3, 4});
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    CAPTURE(each.name);
    const Tensor plain = values.clone().requires_grad_(), turned = values.t().contiguous().t().requires_grad_();
    const Tensor strided = zeros({3, 8}).slice(1, 0, 8, 2).detach();
    strided.copy_(values);
    strided.requires_grad_();
    plain.mutable_grad() = gradient;
    turned.mutable_grad() = gradient.clone();
    strided.mutable_grad() = gradient.t().contiguous().t();
    for (const Tensor& p : {plain, turned, strided}) {
      const auto optimizer = each.make({p}, false);
      const auto version = p._version();
      for (int i = 0; i < 3; ++i) optimizer->step();
      CHECK(p._version() > version);
      CHECK((p.detach() - plain.detach()).abs().max().item<float>() < 2e-6);
    }
  }
}

TEST_CASE("saved and loaded after five steps, the next five have the same bits") {
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    CAPTURE(each.name);
    const std::vector<Tensor> whole = matrices(kFloat), parts = matrices(kFloat);
    take_steps(*each.make(whole, false), whole, 0, 10);
    std::stringstream file;
    {
      const auto first = each.make(parts, false);
      take_steps(*first, parts, 0, 5);
      save(*first, file);
    }
    const auto second = each.make(parts, false);
    load(*second, file);
    take_steps(*second, parts, 5, 10);
    check_same(parts, whole);
  }
}

TEST_CASE("the state of parameters of other shapes is refused, with both shapes, and changes nothing") {
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    if (each.name == "SGD") continue;  // keeps nothing
    CAPTURE(each.name);
    const Tensor small = ones({2, 3}).requires_grad_(), large = ones({4, 3}).requires_grad_();
    small.mutable_grad() = ones({2, 3});
    large.mutable_grad() = ones({4, 3});
    const auto from = each.make({small}, false), to = each.make({large}, false);
    from->step();
    std::stringstream file;
    save(*from, file);
    CHECK_THROWS_WITH_AS(load(*to, file), doctest::Contains("[4, 3]"), Error);
    CHECK(to->state().empty());
  }
}

TEST_CASE("a parameter without a gradient is left alone, and a wrong gradient or state is refused before anything changes") {
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    CAPTURE(each.name);
    const Tensor a = ones({2, 2}).requires_grad_(), b = ones({2, 2}).requires_grad_();
    const auto optimizer = each.make({a, b}, false);
    a.mutable_grad() = ones({2, 2});
    optimizer->step();
    CHECK(same_bits(b.detach(), ones({2, 2})));
    CHECK_FALSE(same_bits(a.detach(), ones({2, 2})));
    if (each.name == "SGD") continue;
    const Tensor before = a.detach().clone();
    b.mutable_grad() = ones({2, 2});
    optimizer->state().at(a.unsafeGetTensorImpl()).swap(optimizer->state()[b.unsafeGetTensorImpl()]);
    for (const StateField& field : optimizer->state().at(b.unsafeGetTensorImpl())->fields())
      if (auto* const* tensor = std::get_if<Tensor*>(&field.value); tensor && (**tensor).defined()) **tensor = zeros({5});
    optimizer->state().erase(a.unsafeGetTensorImpl());
    CHECK_THROWS_AS(optimizer->step(), Error);
    CHECK(same_bits(a.detach(), before));
  }
}

TEST_CASE("no state is denormal after gradients have vanished") {
  for (const test::EachOptimizer& each : test::every_optimizer()) {
    if (each.name == "Rprop" || each.name == "Adafactor" || each.name == "Muon") continue;  // whose state is the last gradient, or isn't flushed
    CAPTURE(each.name);
    const Tensor p = sin(arange(45, kFloat)).reshape({5, 9}).requires_grad_();
    const auto optimizer = each.make({p}, false);
    p.mutable_grad() = pow(10, arange(45, kFloat) * -0.3).reshape({5, 9});
    optimizer->step();
    optimizer->zero_grad();
    for (int i = 0; i < 20000; ++i) optimizer->step();
    int64_t denormals = 0;
    for (const StateField& field : optimizer->state().empty() ? std::vector<StateField>() : optimizer->state().begin()->second->fields()) {
      auto* const* const tensor = std::get_if<Tensor*>(&field.value);
      if (!tensor || !(**tensor).defined()) continue;
      for (int64_t i = 0; i < 45; ++i) denormals += std::fpclassify((**tensor).data_ptr<float>()[i]) == FP_SUBNORMAL;
    }
    CHECK(denormals == 0);
  }
}

TEST_CASE("a learning rate is set for all groups or one, and a bad one changes nothing") {
  const Tensor a = ones({1}).requires_grad_(), b = ones({1}).requires_grad_();
  std::vector<OptimizerParamGroup> groups{OptimizerParamGroup({a}), OptimizerParamGroup({b})};
  RMSprop optimizer(groups, RMSpropOptions(0.5));
  optimizer.set_lr(0.25);
  optimizer.param_groups()[1].set_lr(0.125);
  CHECK(optimizer.param_groups()[0].lr() == 0.25);
  CHECK(optimizer.param_groups()[1].lr() == 0.125);
  CHECK_THROWS_WITH_AS(optimizer.set_lr(-1), "[RMSprop] Invalid learning rate: -1", ValueError);
  CHECK_THROWS_WITH_AS(optimizer.param_groups()[0].set_lr(NAN), "[RMSprop] Invalid learning rate: nan", ValueError);
  CHECK(optimizer.param_groups()[0].lr() == 0.25);
  CHECK(optimizer.param_groups()[1].lr() == 0.125);
}

TEST_CASE("options out of range are refused by name and value") {
  const std::vector<Tensor> p{ones({1}).requires_grad_()};
  CHECK_THROWS_WITH_AS(RMSprop(p, RMSpropOptions().alpha(-1)), "[RMSprop] Invalid alpha value: -1", ValueError);
  CHECK_THROWS_WITH_AS(Adadelta(p, AdadeltaOptions().rho(1.5)), "[Adadelta] Invalid rho value: 1.5", ValueError);
  CHECK_THROWS_WITH_AS(Adamax(p, AdamaxOptions().betas({0.5, 1})), "[Adamax] Invalid beta parameter at index 1: 1", ValueError);
  CHECK_THROWS_WITH_AS(NAdam(p, NAdamOptions().momentum_decay(-1)), "[NAdam] Invalid momentum_decay value: -1", ValueError);
  CHECK_THROWS_WITH_AS(RAdam(p, RAdamOptions().eps(-1)), "[RAdam] Invalid epsilon value: -1", ValueError);
  CHECK_THROWS_WITH_AS(ASGD(p, ASGDOptions().weight_decay(-1)), "[ASGD] Invalid weight_decay value: -1", ValueError);
  CHECK_THROWS_WITH_AS(Rprop(p, RpropOptions().etas({1.5, 2})), "[Rprop] Invalid eta values: 1.5, 2", ValueError);
  CHECK_THROWS_WITH_AS(Rprop(p, RpropOptions().step_sizes({2, 1})), "[Rprop] Invalid step_sizes: 2, 1", ValueError);
  CHECK_THROWS_WITH_AS(Lion(p, LionOptions(NAN)), "[Lion] Invalid learning rate: nan", ValueError);
  CHECK_THROWS_WITH_AS(LAMB(p, LAMBOptions().eps(-1)), "[LAMB] Invalid epsilon value: -1", ValueError);
  CHECK_THROWS_WITH_AS(Adafactor(p, AdafactorOptions().beta2_decay(1)), "[Adafactor] Invalid beta2_decay value: 1", ValueError);
  CHECK_THROWS_WITH_AS(Muon(p, MuonOptions().adjust_lr_fn("sqrt")), "[Muon] Invalid adjust_lr_fn: 'sqrt'", ValueError);
  CHECK_THROWS_WITH_AS(LBFGS(p, LBFGSOptions().line_search_fn("armijo")), "[LBFGS] only 'strong_wolfe' is supported, got 'armijo'", ValueError);
  CHECK_THROWS_WITH_AS(LBFGS(p, LBFGSOptions().history_size(0)), "[LBFGS] Invalid history_size value: 0", ValueError);
}
