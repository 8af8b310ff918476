// Options and states of one optimizer in another, what counts as stated, and steps that throw.
#include <doctest/doctest.h>

#include <stdexcept>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/optim.h>

#include "values.h"
#include "message.h"

using namespace xgrad;
using namespace xgrad::optim;

namespace {

Tensor filled(double value = 1) {
  Tensor p = full({2}, value, kDouble).requires_grad_();
  p.mutable_grad() = ones({2}, kDouble);
  return p;
}

template <class Options> OptimizerParamGroup group_with(const Tensor& p, Options options) {
  return OptimizerParamGroup({p}, std::make_unique<Options>(options));
}

const char* const kRefusal =
    "the options of a parameter group must be of the optimizer's class torch::optim::SGDOptions, got torch::optim::AdamOptions";

template <class F> void check_refused(F f) {
  CHECK_THROWS_AS(f(), TypeError);
  CHECK(contains(message_of(f), kRefusal));
}

struct MyAdamOptions : AdamOptions {
  using AdamOptions::AdamOptions;
  std::unique_ptr<OptimizerOptions> clone() const override { return std::make_unique<MyAdamOptions>(*this); }
};

// Cannot remember anything of a second parameter until it may.
template <class Base> struct Forgetful : Base {
  using Base::Base;
  std::unique_ptr<OptimizerParamState> new_state() const override {
    if (!may && this->state().size() == 1) throw std::runtime_error("no more");
    return Base::new_state();
  }
  bool may = false;
};

}  // namespace

TEST_CASE("options of another optimizer are refused by name, at once") {
  const Tensor p = filled(), q = filled();
  check_refused([&] { SGD(std::vector<OptimizerParamGroup>{group_with(p, AdamOptions(0.1))}, SGDOptions(0.1)); });
  SGD sgd({p}, SGDOptions(0.1));
  check_refused([&] { sgd.add_param_group(group_with(q, AdamOptions(0.1))); });
  CHECK(sgd.param_groups().size() == 1);
  check_refused([&] { sgd.param_groups()[0].set_options(std::make_unique<AdamOptions>(0.1)); });
  CHECK(sgd.param_groups()[0].options().get_lr() == 0.1);
  CHECK_THROWS_AS(sgd.param_groups()[0].set_options(nullptr), ValueError);
  CHECK_THROWS_AS(sgd.param_groups()[0].set_options(std::make_unique<SGDOptions>(-1)), ValueError);
  sgd.param_groups()[0].set_options(std::make_unique<SGDOptions>(0.5));
  sgd.step();
  CHECK(list(p) == Values{0.5, 0.5});
  // Adam's and AdamW's have the same fields.
  CHECK_THROWS_AS(AdamW(std::vector<OptimizerParamGroup>{group_with(p, AdamOptions(0.1))}, AdamWOptions(0.1)), TypeError);
  CHECK_THROWS_AS(Adam(std::vector<OptimizerParamGroup>{group_with(p, AdamWOptions(0.1))}, AdamOptions(0.1)), TypeError);
}

TEST_CASE("a group put into an optimizer by hand is refused by its next step, before anything changes") {
  const Tensor p = filled(), q = filled();
  SGD sgd({p}, SGDOptions(0.1));
  sgd.param_groups().push_back(group_with(q, AdamOptions(0.1)));
  check_refused([&] { sgd.step(); });
  CHECK(list(p) == Values{1, 1});
  sgd.param_groups()[1].set_options(std::make_unique<SGDOptions>(0.5));
  sgd.step();
  CHECK(list(q) == Values{0.5, 0.5});
}

TEST_CASE("a copy of an optimizer's group is free, and derived options are welcome") {
  const Tensor p = filled();
  SGD sgd({p}, SGDOptions(0.1));
  OptimizerParamGroup copy = sgd.param_groups()[0];
  copy.set_options(std::make_unique<MyAdamOptions>(0.25));
  Adam adam(std::vector<OptimizerParamGroup>{copy}, AdamOptions(0.1));
  adam.step();
  CHECK(p.data_ptr<double>()[0] == doctest::Approx(0.75));
}

TEST_CASE("a state of another optimizer is refused by name, before anything changes") {
  const Tensor p = filled(), q = filled();
  Adam adam({p, q}, AdamOptions(0.1));
  adam.state()[q.unsafeGetTensorImpl()] = std::make_unique<SGDParamState>();
  CHECK(contains(message_of([&] { adam.step(); }), "must be torch::optim::AdamParamState, got torch::optim::SGDParamState"));
  CHECK(list(p) == Values{1, 1});
}

TEST_CASE("reading an option states nothing, writing does, by name, by reference or by set_lr") {
  const auto momentum_and_lr = [](auto edit) {
    OptimizerParamGroup group = group_with(filled(), SGDOptions(0.5));
    auto& options = static_cast<SGDOptions&>(group.options());
    edit(options);
    SGD optimizer(std::vector<OptimizerParamGroup>{group}, SGDOptions(0.1).momentum(0.9));
    const auto& got = static_cast<const SGDOptions&>(std::as_const(optimizer).param_groups()[0].options());
    return std::pair(got.momentum(), got.lr());
  };
  CHECK(momentum_and_lr([](SGDOptions&) {}) == std::pair(0.9, 0.5));
  double read = -1;
  CHECK(momentum_and_lr([&](SGDOptions& o) { read = o.momentum(); }) == std::pair(0.9, 0.5));
  CHECK(read == 0);
  CHECK(momentum_and_lr([](SGDOptions& o) { o.momentum(0.25); }) == std::pair(0.25, 0.5));
  CHECK(momentum_and_lr([](SGDOptions& o) { o.momentum(0); }) == std::pair(0.0, 0.5));
  CHECK(momentum_and_lr([](SGDOptions& o) { o.momentum() = 0.25; }) == std::pair(0.25, 0.5));
  CHECK(momentum_and_lr([](SGDOptions& o) { o.lr() *= 2; }) == std::pair(0.9, 1.0));

  AdamOptions open;
  open.set_lr(1e-3);  // the class's own rate, but stated
  CHECK(std::get<0>(open.betas()) == 0.9);
  std::get<1>(open.betas()) = 0.5;
  Adam adam(std::vector<OptimizerParamGroup>{group_with(filled(), open)}, AdamOptions(0.1).betas({0.8, 0.9}).eps(1e-6));
  const auto& got = static_cast<const AdamOptions&>(adam.param_groups()[0].options());
  CHECK(got.lr() == 1e-3);
  CHECK(got.betas() == AdamOptions::betas_t(0.9, 0.5));
  CHECK(got.eps() == 1e-6);
}

TEST_CASE("a step that throws leaves counts, buffers and parameters as they were") {
  const Tensor p = filled(), q = filled(), p2 = filled(), q2 = filled();
  Forgetful<Adam> adam({p, q}, AdamOptions(0.1));
  CHECK_THROWS_AS(adam.step(), std::runtime_error);
  CHECK(list(p) == Values{1, 1});
  adam.may = true;
  adam.step();
  CHECK(static_cast<AdamParamState&>(*adam.state().at(p.unsafeGetTensorImpl())).step() == 1);
  CHECK(p.data_ptr<double>()[0] == doctest::Approx(0.9));

  Forgetful<SGD> sgd({p2, q2}, SGDOptions(0.1).momentum(0.9).dampening(0.5));
  CHECK_THROWS_AS(sgd.step(), std::runtime_error);
  sgd.may = true;
  sgd.step();
  CHECK(p2.data_ptr<double>()[0] == doctest::Approx(0.9));  // a first step is not dampened
}

TEST_CASE("a scheduler's step that throws does not count") {
  struct Picky : LRScheduler {
    using LRScheduler::LRScheduler;
    std::vector<double> get_lrs() override {
      if (fail) throw std::runtime_error("not now");
      return {static_cast<double>(step_count_)};
    }
    bool fail = true;
  };
  SGD sgd({filled()}, SGDOptions(0.1));
  Picky scheduler(sgd);
  CHECK_THROWS_AS(scheduler.step(), std::runtime_error);
  scheduler.fail = false;
  scheduler.step();
  CHECK(sgd.param_groups()[0].options().get_lr() == 1);
}

TEST_CASE("an optimizer without options or groups says so") {
  struct Bare : Optimizer {
    using Optimizer::Optimizer;
    Tensor step(LossClosure) override { return {}; }
  };
  CHECK_THROWS_AS(Bare(std::vector<Tensor>{filled()}, nullptr), ValueError);
  SGD sgd({filled()}, SGDOptions(0.1));
  sgd.param_groups().clear();
  CHECK_THROWS_AS(sgd.parameters(), IndexError);
  CHECK_THROWS_AS(sgd.add_parameters({filled()}), IndexError);
}
