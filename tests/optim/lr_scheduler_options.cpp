// Options of learning-rate schedulers: what is refused, and how it is said.
#include <doctest/doctest.h>

#include <cmath>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

SGD two_groups() {
  std::vector<OptimizerParamGroup> groups;
  for (const double lr : {0.5, 0.25}) groups.emplace_back(std::vector<Tensor>{zeros({1}).requires_grad_()}, std::make_unique<SGDOptions>(lr));
  return SGD(groups, SGDOptions(0.1).momentum(0.9));
}

// `make(optimizer)` throws a ValueError with all `parts` in its text, and leaves the optimizer alone.
template <class Make> void check_schedule_refused(const Make& make, std::vector<std::string> parts) {
  SGD optimizer = two_groups();
  const std::string text = message_of([&] { make(optimizer); });
  CHECK_THROWS_AS(make(optimizer), ValueError);
  CAPTURE(text);
  for (const std::string& part : parts) {
    CAPTURE(part);
    CHECK(contains(text, part));
  }
  for (const size_t i : {0, 1}) {
    const auto& group = optimizer.param_groups()[i];
    CHECK_FALSE(group.initial_lr());
    CHECK(static_cast<const SGDOptions&>(group.options()) == SGDOptions(i == 0 ? 0.5 : 0.25).momentum(0.9));
  }
}

const std::function<double(int64_t)> kOne = [](int64_t) { return 1.0; };

void check_one_cycle(const OneCycleLROptions& options, std::vector<std::string> parts) {
  parts.push_back("[OneCycleLR]");
  check_schedule_refused([&](Optimizer& o) { OneCycleLR(o, options); }, parts);
}
void check_cyclic(const CyclicLROptions& options, std::vector<std::string> parts) {
  parts.push_back("[CyclicLR]");
  check_schedule_refused([&](Optimizer& o) { CyclicLR(o, options); }, parts);
}

}  // namespace

TEST_CASE("options of schedulers out of range are refused by name and value") {
  check_schedule_refused([](Optimizer& o) { LambdaLR(o, {kOne, kOne, kOne}); }, {"[LambdaLR]", "expected 2", "lr_lambda", "got 3"});
  check_schedule_refused([](Optimizer& o) { LambdaLR(o, {kOne, nullptr}); }, {"[LambdaLR]", "lr_lambda 1"});
  check_schedule_refused([](Optimizer& o) { MultiplicativeLR(o, std::vector<LRLambda>{kOne}); },
                         {"[MultiplicativeLR]", "expected 2", "lr_lambda", "got 1"});
  check_schedule_refused([](Optimizer& o) { StepLR(o, 0); }, {"[StepLR]", "step_size", "got 0"});
  check_schedule_refused([](Optimizer& o) { MultiStepLR(o, {3, -2}); }, {"[MultiStepLR]", "milestones", "got -2"});
  for (const double factor : {-0.5, 1.5}) {
    const std::string got = factor < 0 ? "= -0.5" : "= 1.5";
    check_schedule_refused([&](Optimizer& o) { ConstantLR(o, factor); },
                           {"Constant multiplicative factor expected to be between 0 and 1", "factor " + got});
    check_schedule_refused([&](Optimizer& o) { LinearLR(o, factor); },
                           {"Starting multiplicative factor expected to be between 0 and 1", "start_factor " + got});
    check_schedule_refused([&](Optimizer& o) { LinearLR(o, 0.5, factor); },
                           {"Ending multiplicative factor expected to be between 0 and 1", "end_factor " + got});
  }
  check_schedule_refused([](Optimizer& o) { LinearLR(o, 0.0); }, {"start_factor = 0"});
  check_schedule_refused([](Optimizer& o) { LinearLR(o, NAN); }, {"start_factor"});
  check_schedule_refused([](Optimizer& o) { LinearLR(o, 0.5, 1.0, 0); }, {"[LinearLR] total_iters", "got 0"});
  check_schedule_refused([](Optimizer& o) { ConstantLR(o, 0.5, -3); }, {"[ConstantLR] total_iters", "got -3"});
  check_schedule_refused([](Optimizer& o) { PolynomialLR(o, 0); }, {"[PolynomialLR] total_iters", "got 0"});
  check_schedule_refused([](Optimizer& o) { PolynomialLR(o, 5, -1.5); }, {"[PolynomialLR] power", "got -1.5"});
  check_schedule_refused([](Optimizer& o) { CosineAnnealingLR(o, 0); }, {"[CosineAnnealingLR] T_max", "got 0"});
  check_schedule_refused([](Optimizer& o) { CosineAnnealingWarmRestarts(o, -4); }, {"Expected positive integer T_0, but got -4"});
  check_schedule_refused([](Optimizer& o) { CosineAnnealingWarmRestarts(o, 4, 0); }, {"Expected integer T_mult >= 1, but got 0"});
  check_schedule_refused([](Optimizer& o) { SWALR(o, 0.1, -1); }, {"[SWALR] anneal_epochs must be equal or greater than 0", "got -1"});
  check_schedule_refused([](Optimizer& o) { SWALR(o, 0.1, 5, "square"); }, {"[SWALR] anneal_strategy must by one of 'cos' or 'linear'", "square"});
  check_schedule_refused([](Optimizer& o) { SWALR(o, {0.1, 0.2, 0.3}); }, {"[SWALR]", "expected 2 values for swa_lr, got 3"});
  check_schedule_refused([](Optimizer& o) { ExponentialLR(o, 0.5, 3); },
                         {"param 'initial_lr' is not specified in param_groups[0]", "last_epoch = 3"});
  check_schedule_refused([](Optimizer& o) { ExponentialLR(o, 0.5, -2); }, {"last_epoch"});
}

TEST_CASE("options of CyclicLR and OneCycleLR out of range are refused by name and value") {
  const CyclicLROptions cyclic(0.1, 1.0);
  check_cyclic(CyclicLROptions(cyclic).mode("square"), {"mode is invalid and scale_fn is None", "square"});
  check_cyclic(CyclicLROptions(cyclic).scale_mode("epoch"), {"scale_mode", "epoch"});
  check_cyclic(CyclicLROptions(cyclic).step_size_up(0), {"step_size_up", "got 0"});
  check_cyclic(CyclicLROptions(cyclic).step_size_down(-1), {"step_size_down", "got -1"});
  check_cyclic(CyclicLROptions({0.1, 0.2, 0.3}, 1.0), {"expected 2 values for base_lr, got 3"});
  check_cyclic(CyclicLROptions(0.1, std::vector<float>{1}), {"expected 2 values for max_lr, got 1"});
  check_cyclic(CyclicLROptions(cyclic).base_momentum({0.1, 0.2, 0.3}), {"expected 2 values for base_momentum, got 3"});
  check_cyclic(CyclicLROptions(cyclic).max_momentum(std::vector<double>{0.9}), {"expected 2 values for max_momentum, got 1"});
  check_schedule_refused([&](Optimizer& o) { CyclicLR(o, CyclicLROptions(cyclic).base_momentum(-0.5)); }, {"momentum", "-0.5"});

  const OneCycleLROptions one = OneCycleLROptions(1.0).total_steps(100);
  check_one_cycle(OneCycleLROptions(1.0), {"You must define either total_steps OR (epochs AND steps_per_epoch)"});
  check_one_cycle(OneCycleLROptions(1.0).epochs(5), {"epochs alone"});
  check_one_cycle(OneCycleLROptions(one).total_steps(-7), {"Expected positive integer total_steps, but got -7"});
  check_one_cycle(OneCycleLROptions(1.0).epochs(0).steps_per_epoch(3), {"Expected positive integer epochs, but got 0"});
  check_one_cycle(OneCycleLROptions(1.0).epochs(3).steps_per_epoch(-1), {"Expected positive integer steps_per_epoch, but got -1"});
  check_one_cycle(OneCycleLROptions(1.0).epochs(int64_t{1} << 40).steps_per_epoch(int64_t{1} << 40), {"too large", "1099511627776"});
  check_one_cycle(OneCycleLROptions(one).pct_start(1.5), {"Expected float between 0 and 1 pct_start, but got 1.5"});
  check_one_cycle(OneCycleLROptions(one).pct_start(NAN), {"pct_start"});
  check_one_cycle(OneCycleLROptions(one).pct_start(0.01), {"a phase of the cycle has no steps", "pct_start = 0.01", "total_steps = 100"});
  check_one_cycle(OneCycleLROptions(one).anneal_strategy("square"), {"anneal_strategy must by one of 'cos' or 'linear'", "square"});
  check_one_cycle(OneCycleLROptions(one).div_factor(0), {"div_factor", "got 0"});
  check_one_cycle(OneCycleLROptions(one).final_div_factor(-1), {"final_div_factor", "got -1"});
  check_one_cycle(OneCycleLROptions({1.0, 2.0, 3.0}).total_steps(5), {"expected 2 values for max_lr, got 3"});

  Adagrad none({zeros({1}).requires_grad_()});
  for (const std::string& text : {message_of([&] { CyclicLR(none, cyclic); }), message_of([&] { OneCycleLR(none, one); })})
    CHECK(contains(text, "optimizer must support momentum with `cycle_momentum` option enabled"));
  CyclicLR(none, CyclicLROptions(cyclic).cycle_momentum(false));
}

TEST_CASE("schedulers that don't belong together are refused") {
  SGD other = two_groups();
  const auto elsewhere = std::make_shared<ExponentialLR>(other, 0.5);
  SGD optimizer = two_groups();
  const auto first = std::make_shared<ExponentialLR>(optimizer, 0.5), second = std::make_shared<ExponentialLR>(optimizer, 0.5);
  const auto text = [](auto make) {
    CHECK_THROWS_AS(make(), ValueError);
    return message_of(make);
  };
  CHECK(contains(text([&] { ChainedScheduler({first, elsewhere}); }), "to belong to the same optimizer, but got schedulers at index 1"));
  CHECK(contains(text([&] { ChainedScheduler({first, nullptr}); }), "null at index 1"));
  CHECK(contains(text([&] { ChainedScheduler({}); }), "got none"));
  CHECK(contains(text([&] { SequentialLR(optimizer, {elsewhere, first}, {3}); }), "at index 0 to be different from the optimizer passed in"));
  CHECK(contains(text([&] {
                   SequentialLR(optimizer, {first, second}, {3, 4});
                 }),
                 "number of schedulers 2 and the number of milestones to be equal to 2"));
  CHECK(contains(text([&] { SequentialLR(optimizer, {first, second}, {0}); }), "milestones must be positive"));
  CHECK(contains(text([&] { SequentialLR(optimizer, {first, second, first}, {5, 4}); }), "[5, 4]"));
  CHECK(optimizer.param_groups()[0].options().get_lr() == 0.5);
}

TEST_CASE("options of ReduceLROnPlateau out of range are refused by name and value") {
  using Plateau = ReduceLROnPlateauScheduler;
  check_schedule_refused([](Optimizer& o) { Plateau(o, Plateau::min, 1.5); }, {"Factor should be < 1.0", "factor = 1.5"});
  check_schedule_refused([](Optimizer& o) { Plateau(o, static_cast<Plateau::SchedulerMode>(7)); }, {"mode 7 is unknown"});
  check_schedule_refused([](Optimizer& o) { Plateau(o, Plateau::min, 0.1, 10, 1e-4, static_cast<Plateau::ThresholdMode>(9)); },
                         {"threshold mode 9 is unknown"});
  check_schedule_refused(
      [](Optimizer& o) {
        Plateau(o, Plateau::min, 0.1, 10, 1e-4, Plateau::rel, 0, {0.1, 0.2, 0.3});
      },
      {"expected 2 values for min_lr, got 3"});
  SGD optimizer = two_groups();
  Plateau(optimizer, Plateau::min, 0.1f, 10, 1e-4, Plateau::rel, 0, std::vector<float>());  // as for libtorch: an empty list stands for zeros
  CHECK(contains(message_of([&] { Plateau(optimizer).step(ones({2})); }), "2"));
}

TEST_CASE("a cycle is not stepped beyond its end") {
  SGD optimizer = two_groups();
  OneCycleLR schedule(optimizer, OneCycleLROptions(1.0).total_steps(10));
  for (int i = 0; i < 10; ++i) schedule.step();
  const std::vector<double> last = schedule.get_last_lr();
  CHECK_THROWS_AS(schedule.step(), ValueError);
  CHECK(contains(message_of([&] { schedule.step(); }), "Tried to step 12 times. The specified number of total steps is 10"));
  CHECK(schedule.get_last_lr() == last);
  CHECK(optimizer.param_groups()[1].options().get_lr() == last[1]);

  CosineAnnealingWarmRestarts restarts(optimizer, 5);
  CHECK(contains(message_of([&] { restarts.step(-0.5); }), "Expected non-negative epoch, but got -0.5"));
  CHECK(contains(message_of([&] { restarts.step(INFINITY); }), "got inf"));

  SGD zero = two_groups();
  ConstantLR frozen(zero, 0.0, 2);
  frozen.step();
  CHECK(contains(message_of([&] { frozen.step(); }), "factor = 0 at epoch total_iters = 2"));
}
