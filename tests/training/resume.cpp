// A run that is saved, forgotten and resumed ends with the bits of one that was never interrupted.
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <io/folder.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using serialize::Checkpoint;

namespace {

struct Examples : data::datasets::Dataset<Examples> {
  data::Example<> get(size_t i) override { return {x[static_cast<int64_t>(i)], y[static_cast<int64_t>(i)]}; }
  std::optional<size_t> size() const override { return 40; }
  Tensor x = arange(160).to(kFloat).view({40, 4}).sin(), y = x.sum(1, true).tanh();
};

auto make_loader(size_t workers) {
  return data::make_data_loader<data::samplers::RandomSampler>(Examples().map(data::transforms::Stack<>()),
                                                               data::DataLoaderOptions().batch_size(8).workers(workers));
}

constexpr int64_t kSaved = 48;  // within an epoch

using MakeOptimizer = std::function<std::unique_ptr<optim::Optimizer>(const std::vector<Tensor>&)>;

// A model with everything that has a state: buffers, dropout, shuffles, workers, moments, a schedule.
struct Run {
  Run(const MakeOptimizer& make_optimizer, size_t workers)
      : model(nn::Linear(4, 16), nn::BatchNorm1d(16), nn::ReLU(), nn::Dropout(0.3), nn::Linear(16, 1)),
        optimizer(make_optimizer(model->parameters())),
        schedule(*optimizer, 3, 0.7),
        loader(make_loader(workers)) {}

  Checkpoint checkpoint() {
    Checkpoint c;
    c.add("model", model).add("optimizer", *optimizer).add("schedule", schedule).add("loader", *loader);
    c.add("step", step).add("losses", losses).add("average", average);
    return c;
  }

  /// Goes on to a step, and calls `at_saved` where the run is to be saved, without a stop.
  void train(
      int64_t last, const std::function<void()>& at_saved = [] {}) {
    while (step < last) {
      for (auto& batch : *loader) {
        optimizer->zero_grad();
        const Tensor loss = nn::functional::mse_loss(model->forward(batch.data), batch.target);
        loss.backward();
        optimizer->step();
        average = 0.9 * average + 0.1 * loss.detach() + 1e-3 * rand({});
        losses.push_back(loss.item<double>());
        if (++step == kSaved) at_saved();
        if (step == last) return;
      }
      schedule.step();
    }
  }

  /// Every bit of it.
  std::string bytes() {
    std::ostringstream stream;
    save(checkpoint(), stream);
    return stream.str();
  }

  nn::Sequential model;
  std::unique_ptr<optim::Optimizer> optimizer;
  optim::StepLR schedule;
  decltype(make_loader(0)) loader;
  int64_t step = 0;
  std::vector<double> losses;
  Tensor average = zeros({});
};

void check_resumes(const MakeOptimizer& make_optimizer, size_t workers) {
  const Folder folder;
  manual_seed(11);
  Run whole(make_optimizer, workers);
  whole.train(100, [&] { whole.checkpoint().save(folder / "half"); });
  const std::string expected = whole.bytes();

  manual_seed(12);
  randn({7});
  Run resumed(make_optimizer, workers);
  resumed.train(10);
  REQUIRE(resumed.checkpoint().load(folder / "half"));
  REQUIRE(resumed.step == kSaved);
  resumed.train(100);
  CHECK(resumed.step == 100);
  CHECK(resumed.losses == whole.losses);
  CHECK((resumed.bytes() == expected));

  // Numbers that a resume forgot would show: another state of the generator gives other losses.
  Run forgetful(make_optimizer, workers);
  REQUIRE(forgetful.checkpoint().load(folder / "half"));
  manual_seed(13);
  forgetful.train(100);
  CHECK(forgetful.losses != whole.losses);
}

}  // namespace

TEST_CASE("100 steps are 48, a checkpoint within an epoch, and 52 more by new objects: with Adam") {
  const MakeOptimizer adam = [](const std::vector<Tensor>& parameters) {
    return std::make_unique<optim::Adam>(parameters, optim::AdamOptions(0.01).amsgrad(true).weight_decay(1e-3));
  };
  for (const size_t workers : {0, 2}) check_resumes(adam, workers);
}

TEST_CASE("100 steps are 48, a checkpoint within an epoch, and 52 more by new objects: with the other optimizers") {
  check_resumes([](const auto& p) { return std::make_unique<optim::SGD>(p, optim::SGDOptions(0.05).momentum(0.9).nesterov(true)); }, 2);
  check_resumes([](const auto& p) { return std::make_unique<optim::AdamW>(p, optim::AdamWOptions(0.01)); }, 1);
  check_resumes([](const auto& p) { return std::make_unique<optim::Adagrad>(p, optim::AdagradOptions(0.05).lr_decay(0.01)); }, 0);
  check_resumes([](const auto& p) { return std::make_unique<optim::NAdam>(p, optim::NAdamOptions(0.01)); }, 3);
  check_resumes([](const auto& p) { return std::make_unique<optim::RMSprop>(p, optim::RMSpropOptions(0.01).momentum(0.5).centered(true)); }, 2);
}
