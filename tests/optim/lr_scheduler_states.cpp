// States of learning-rate schedulers, schedulers of one's own, and what happens when something goes wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

Tensor scheduled() { return zeros({1}).requires_grad_(); }

double lr_of(const Optimizer& optimizer, size_t group = 0) { return optimizer.param_groups().at(group).options().get_lr(); }

std::string saved(const SchedulerState& scheduler) {
  std::ostringstream stream;
  save(scheduler, stream);
  return stream.str();
}

serialize::InputArchive archive_of(const std::string& file) {
  serialize::InputArchive archive;
  archive.load_from(file.data(), file.size());
  return archive;
}

const std::function<double(int64_t)> kHalves = [](int64_t) { return 0.5; };

// One of each class.
std::vector<std::shared_ptr<SchedulerState>> all_schedulers(Optimizer& o) {
  const auto part = std::make_shared<ExponentialLR>(o, 0.5), other = std::make_shared<ExponentialLR>(o, 0.25);
  return {std::make_shared<LambdaLR>(o, kHalves),
          std::make_shared<MultiplicativeLR>(o, kHalves),
          std::make_shared<StepLR>(o, 3),
          std::make_shared<MultiStepLR>(o, std::vector<int64_t>{2, 5}),
          std::make_shared<ConstantLR>(o),
          std::make_shared<LinearLR>(o),
          std::make_shared<ExponentialLR>(o, 0.5),
          std::make_shared<PolynomialLR>(o),
          std::make_shared<CosineAnnealingLR>(o, 7),
          std::make_shared<CosineAnnealingWarmRestarts>(o, 7),
          std::make_shared<CyclicLR>(o, CyclicLROptions(0.1, 1.0)),
          std::make_shared<OneCycleLR>(o, OneCycleLROptions(1.0).total_steps(20)),
          std::make_shared<SWALR>(o, 0.05),
          std::make_shared<ChainedScheduler>(CombinedScheduler::Schedulers{part, other}),
          std::make_shared<SequentialLR>(o, CombinedScheduler::Schedulers{part, other}, std::vector<int64_t>{4}),
          std::make_shared<ReduceLROnPlateau>(o)};
}

// `value` of a key replaced, or with a None left out.
serialize::InputArchive changed(const std::string& file, const std::string& key, const IValue& value) {
  const serialize::InputArchive in = archive_of(file);
  serialize::OutputArchive out;
  for (const std::string& name : in.keys()) {
    IValue old;
    serialize::InputArchive nested;
    if (name == key) {
      if (!value.isNone()) out.write(name, value);
    } else if (in.try_read(name, old)) {
      out.write(name, old);
    }
  }
  std::ostringstream stream;
  out.save_to(stream);
  return archive_of(stream.str());
}

}  // namespace

TEST_CASE("the state of another scheduler is refused and changes nothing") {
  SGD optimizer({scheduled()}, SGDOptions(0.5).momentum(0.9));
  const auto all = all_schedulers(optimizer);
  const double lr = lr_of(optimizer);
  size_t refused = 0;
  for (const auto& from : all)
    for (const auto& to : all) {
      const std::string before = saved(*to);
      serialize::InputArchive archive = archive_of(saved(*from));
      if (from == to) {
        to->load(archive);
      } else {
        const std::string text = message_of([&] { to->load(archive); });
        CAPTURE(text);
        CHECK(contains(text, "'scheduler'"));
        ++refused;
      }
      CHECK(saved(*to) == before);
    }
  CHECK(refused == all.size() * (all.size() - 1));
  CHECK(lr_of(optimizer) == lr);
}

TEST_CASE("a state with a key missing or of another kind is refused by the key's name and changes nothing") {
  SGD optimizer({scheduled()}, SGDOptions(0.5).momentum(0.9));
  size_t keys = 0;
  for (const auto& scheduler : all_schedulers(optimizer)) {
    const std::string before = saved(*scheduler);
    for (const std::string& key : archive_of(before).keys()) {
      for (const IValue& value : {IValue(), IValue(std::vector<bool>{true})}) {
        serialize::InputArchive archive = changed(before, key, value);
        if (key == "schedulers" && !value.isNone()) continue;
        const std::string text = message_of([&] { scheduler->load(archive); });
        CAPTURE(text);
        CHECK(contains(text, key));
        CHECK(saved(*scheduler) == before);
      }
      ++keys;
    }
  }
  CHECK(keys > 90);
}

TEST_CASE("a state with options out of range or for other groups is refused and changes nothing") {
  SGD optimizer({scheduled()}, SGDOptions(0.5).momentum(0.9));
  StepLR step(optimizer, 3);
  LinearLR linear(optimizer);
  CyclicLR cyclic(optimizer, CyclicLROptions(0.1, 1.0));
  const auto refuse = [](SchedulerState& scheduler, const char* key, const IValue& value, const char* part) {
    const std::string before = saved(scheduler);
    serialize::InputArchive archive = changed(before, key, value);
    const std::string text = message_of([&] { scheduler.load(archive); });
    CAPTURE(text);
    CHECK(contains(text, key));
    CHECK(contains(text, part));
    CHECK(saved(scheduler) == before);
  };
  refuse(step, "step_size", IValue(0), "got 0");
  refuse(step, "last_epoch", IValue(-1), "got -1");
  refuse(step, "base_lrs", IValue(std::vector<double>{1, 2}), "expected 1 values, one per parameter group, got 2");
  refuse(linear, "start_factor", IValue(2.0), "= 2");
  refuse(cyclic, "own_scale", IValue(true), "own_scale");
}

TEST_CASE("options are part of the state, functions are not") {
  SGD optimizer({scheduled()}, SGDOptions(1.0));
  LambdaLR saves(optimizer, [](int64_t e) { return 1.0 / static_cast<double>(1 + e); });
  for (int i = 0; i < 3; ++i) saves.step();
  SGD fresh({scheduled()}, SGDOptions(1.0));
  LambdaLR loads(fresh, kHalves);
  serialize::InputArchive archive = archive_of(saved(saves));
  loads.load(archive);
  CHECK(loads.get_last_lr() == std::vector<double>{0.25});
  loads.step();
  CHECK(lr_of(fresh) == 0.5);

  StepLR slow(fresh, 100, 0.5), quick(fresh, 1, 0.25);
  archive = archive_of(saved(quick));
  slow.load(archive);
  slow.step();
  CHECK(lr_of(fresh) == 0.125);
}

TEST_CASE("initial rates are the groups', shared by their schedulers and saved with the optimizer") {
  SGD optimizer({scheduled()}, SGDOptions(0.8));
  CHECK_FALSE(optimizer.param_groups()[0].initial_lr());
  LinearLR warm_up(optimizer, 0.5, 1.0, 4);
  CHECK(lr_of(optimizer) == 0.4);
  CosineAnnealingWarmRestarts cosine(optimizer, 4);
  CHECK(lr_of(optimizer) == 0.8);
  CHECK(optimizer.param_groups()[0].initial_lr() == 0.8);
  for (int i = 0; i < 3; ++i) cosine.step();

  std::stringstream file;
  save(optimizer, file);
  SGD resumed({scheduled()}, SGDOptions(0.1));
  load(resumed, file);
  CosineAnnealingLR goes_on(resumed, 10, 0, 4);
  CHECK(lr_of(resumed) == doctest::Approx(0.4));
  CHECK(resumed.param_groups()[0].initial_lr() == 0.8);
}

TEST_CASE("a momentum is cycled by its name, alone or as the first of two") {
  SGD sgd({scheduled()}, SGDOptions(0.1).momentum(0.9));
  Adam adam({scheduled()}, AdamOptions(0.1).betas({0.5, 0.75}));
  const CyclicLROptions options = CyclicLROptions(0.1, 1.0).step_size_up(3).mode("triangular2");
  CyclicLR one(sgd, options), two(adam, options);
  std::set<double> seen;
  for (int i = 0; i < 20; ++i) {
    const double momentum = static_cast<SGDOptions&>(sgd.param_groups()[0].options()).momentum();
    CHECK(static_cast<AdamOptions&>(adam.param_groups()[0].options()).betas() == std::make_tuple(momentum, 0.75));
    CHECK(lr_of(sgd) == lr_of(adam));
    seen.insert(momentum);
    one.step();
    two.step();
  }
  CHECK(*seen.begin() == doctest::Approx(0.8));
  CHECK(*seen.rbegin() == doctest::Approx(0.9));
}

TEST_CASE("a step of several schedulers in which one throws changes nothing") {
  SGD optimizer({scheduled()}, SGDOptions(1.0).momentum(0.9));
  bool broken = false;
  const auto cycle = std::make_shared<CyclicLR>(optimizer, CyclicLROptions(0.1, 1.0).step_size_up(5));
  const auto restarts = std::make_shared<CosineAnnealingWarmRestarts>(optimizer, 3);
  const auto breaks = std::make_shared<MultiplicativeLR>(optimizer, [&](int64_t) {
    if (broken) throw std::runtime_error("broken");
    return 0.5;
  });
  const auto sequence = std::make_shared<SequentialLR>(optimizer, CombinedScheduler::Schedulers{restarts, breaks}, std::vector<int64_t>{2});
  ChainedScheduler all({cycle, sequence});
  const auto state = [&] { return saved(all) + std::to_string(lr_of(optimizer)); };
  const auto momentum = [&] { return static_cast<SGDOptions&>(optimizer.param_groups()[0].options()).momentum(); };
  for (int i = 0; i < 8; ++i) {
    const std::string before = state();
    const double momentum_before = momentum();
    broken = true;
    if (i >= 2) {  // the lambda's turn began, and it is asked from then on
      CHECK_THROWS_AS(all.step(), std::runtime_error);
      CHECK(state() == before);
      CHECK(momentum() == momentum_before);
    }
    broken = false;
    all.step();
    CHECK(state() != before);
  }
}

TEST_CASE("a group that comes later takes part") {
  SGD optimizer({scheduled()}, SGDOptions(1.0));
  ExponentialLR decay(optimizer, 0.5);
  LambdaLR factor(optimizer, kHalves);
  LambdaLR each(optimizer, {kHalves});
  optimizer.add_param_group(OptimizerParamGroup({scheduled()}, std::make_unique<SGDOptions>(8.0)));
  decay.step();
  CHECK(lr_of(optimizer, 1) == 4);
  factor.step();
  CHECK(lr_of(optimizer, 0) == 0.5);
  CHECK(lr_of(optimizer, 1) == 2);
  CHECK(contains(message_of([&] { each.step(); }), "expected 2 values for lr_lambda, got 1"));
  CHECK(lr_of(optimizer, 0) == 0.5);
}

namespace {

// As written for libtorch.
class Harmonic : public LRScheduler {
 public:
  Harmonic(Optimizer& optimizer, double scale) : LRScheduler(optimizer), scale_(scale) {}

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> lrs = get_current_lrs();
    for (double& lr : lrs) lr *= scale_ / (scale_ + step_count_);
    return lrs;
  }
  double scale_;
};

class Saved : public LRScheduler {
 public:
  explicit Saved(Optimizer& optimizer) : LRScheduler(optimizer) { begin(); }

 private:
  std::vector<double> get_lrs() override { return {base_lrs_[0] + static_cast<double>(++calls_)}; }
  std::vector<SchedulerField> fields() override { return {{"calls", &calls_}}; }
  int64_t calls_ = 0;
};

}  // namespace

TEST_CASE("a scheduler of one's own is stepped, combined and saved as the others") {
  SGD optimizer({scheduled()}, SGDOptions(1.0));
  Harmonic own(optimizer, 1);
  CHECK(lr_of(optimizer) == 1);
  own.step();
  CHECK(lr_of(optimizer) == 0.5);
  own.step();
  CHECK(lr_of(optimizer) == 0.5 / 3);
  CHECK(own.get_last_lr() == std::vector<double>{0.5 / 3});

  SGD second({scheduled()}, SGDOptions(1.0));
  SequentialLR schedule(second, {std::make_shared<Harmonic>(second, 1.0), std::make_shared<ExponentialLR>(second, 0.5)}, {2});
  schedule.step();
  CHECK(lr_of(second) == 0.5);
  schedule.step();
  CHECK(lr_of(second) == 1);
  schedule.step();
  CHECK(lr_of(second) == 0.5);

  SGD third({scheduled()}, SGDOptions(1.0)), fourth({scheduled()}, SGDOptions(1.0));
  Saved a(third), b(fourth);
  CHECK(lr_of(third) == 2);
  a.step();
  serialize::InputArchive archive = archive_of(saved(a));
  b.load(archive);
  b.step();
  CHECK(lr_of(fourth) == 4);
}

TEST_CASE("schedules within schedules start anew when their turn comes") {
  SGD optimizer({scheduled()}, SGDOptions(1.0));
  const auto exponential = [&](double gamma) { return std::make_shared<ExponentialLR>(optimizer, gamma); };
  const auto chained =
      std::make_shared<ChainedScheduler>(CombinedScheduler::Schedulers{exponential(0.5), std::make_shared<ConstantLR>(optimizer, 0.5, 2)});
  const auto inner =
      std::make_shared<SequentialLR>(optimizer, CombinedScheduler::Schedulers{exponential(0.25), exponential(0.5)}, std::vector<int64_t>{1});
  SequentialLR outer(optimizer, {chained, inner}, {3});
  std::vector<double> rates{lr_of(optimizer)};
  for (int i = 0; i < 6; ++i) {
    outer.step();
    rates.push_back(lr_of(optimizer));
  }
  CHECK(rates == std::vector<double>{0.5, 0.25, 0.25, 1, 1, 0.5, 0.25});
}

TEST_CASE("a rate is annealed from where another schedule left it, and held for the mean of the weights") {
  for (const std::string strategy : {"linear", "cos"}) {
    SGD optimizer({scheduled()}, SGDOptions(1.0));
    ExponentialLR decay(optimizer, 0.5);
    SWALR swa(optimizer, 0.125, 4, strategy);
    for (int i = 0; i < 2; ++i) decay.step();
    const double begin = lr_of(optimizer);
    CHECK(begin == 0.25);
    for (int k = 1; k <= 8; ++k) {
      swa.step();
      const double part = std::min(1.0, k / 4.0), way = strategy == "linear" ? part : (1 - std::cos(part * 3.14159265358979323846)) / 2;
      CHECK(lr_of(optimizer) == doctest::Approx(begin + way * (0.125 - begin)).epsilon(1e-12));
    }
    CHECK(lr_of(optimizer) == 0.125);
  }
  SGD at_once({scheduled()}, SGDOptions(1.0));
  SWALR swa(at_once, 0.125, 0);
  CHECK(lr_of(at_once) == 0.125);
  // In a sequence its turn begins with its first step, from the rate that was left.
  SGD second({scheduled()}, SGDOptions(1.0));
  SequentialLR schedule(second, {std::make_shared<ExponentialLR>(second, 0.5), std::make_shared<SWALR>(second, 0.125, 2, "linear")}, {3});
  std::vector<double> rates{lr_of(second)};
  for (int i = 0; i < 5; ++i) {
    schedule.step();
    rates.push_back(lr_of(second));
  }
  CHECK(rates == std::vector<double>{1, 0.5, 0.25, 0.1875, 0.125, 0.125});
}

TEST_CASE("warm restarts find their place from any epoch") {
  for (const int64_t T_mult : {1, 2, 3, 5}) {
    SGD counted({scheduled()}, SGDOptions(1.0)), jumped({scheduled()}, SGDOptions(1.0));
    CosineAnnealingWarmRestarts counts(counted, 3, T_mult), jumps(jumped, 3, T_mult);
    size_t wrong = 0;
    for (int epoch = 1; epoch < 2000; ++epoch) {
      counts.step();
      jumps.step(static_cast<double>(epoch));
      wrong += lr_of(counted) != lr_of(jumped);
      SGD resumed({scheduled()}, SGDOptions(0.125));
      resumed.param_groups()[0].set_initial_lr(1.0);
      CosineAnnealingWarmRestarts(resumed, 3, T_mult, 0, epoch - 1);
      wrong += lr_of(counted) != lr_of(resumed);
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a cycle made with last_epoch goes on with its momenta") {
  const auto momentum = [](const SGD& o) { return static_cast<const SGDOptions&>(o.param_groups()[0].options()).momentum(); };
  const CyclicLROptions cyclic = CyclicLROptions(0.1, 1.0).step_size_up(4).step_size_down(7);
  const OneCycleLROptions one = OneCycleLROptions(1.0).total_steps(30).three_phase(true);
  SGD a({scheduled()}, SGDOptions(0.5)), b({scheduled()}, SGDOptions(0.5));
  CyclicLR first(a, cyclic);
  OneCycleLR second(b, one);
  for (int64_t epoch = 0; epoch < 20; ++epoch) {
    const std::optional<double> begin = a.param_groups()[0].initial_lr(), begin_one = b.param_groups()[0].initial_lr();
    first.step();
    second.step();
    SGD other({scheduled()}, SGDOptions(0.75).momentum(0.25)), another({scheduled()}, SGDOptions(0.75).momentum(0.25));
    other.param_groups()[0].set_initial_lr(*begin);
    another.param_groups()[0].set_initial_lr(*begin_one);
    CyclicLR(other, cyclic, epoch);
    OneCycleLR(another, one, epoch);
    CHECK(lr_of(other) == lr_of(a));
    CHECK(momentum(other) == momentum(a));
    CHECK(lr_of(another) == lr_of(b));
    CHECK(momentum(another) == momentum(b));
  }
}

TEST_CASE("the doc's warm-up") {
  SGD optimizer({scheduled()}, SGDOptions(1.0));
  SequentialLR schedule(optimizer, {std::make_shared<LinearLR>(optimizer, 0.2, 1.0, 4), std::make_shared<CosineAnnealingLR>(optimizer, 2)}, {4});
  std::vector<double> rates{lr_of(optimizer)};
  for (int i = 0; i < 6; ++i) {
    schedule.step();
    rates.push_back(lr_of(optimizer));
  }
  const std::vector<double> expected{0.2, 0.4, 0.6, 0.8, 1, 0.5, 0};
  for (size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(rates[i] - expected[i]) < 1e-12);
}
