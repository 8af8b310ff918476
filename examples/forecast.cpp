// A GRU that forecasts: the load of a power grid, hour by hour, made up here of days, weeks, weather that comes and goes, and noise. It reads a
// fortnight and writes down the next two days; the plot shows it beside what came, and what "the same as a week before" would have said.
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/inspect/picture/diagram.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;

constexpr int64_t kHours = 24 * 7 * 60, kSeen = 24 * 14, kForecast = 48;
constexpr int64_t kTest = 24 * 7 * 8;  // hours at the end that nothing is learned from

/// About 0, with a deviation of about 1.
static Tensor load_of_hours() {
  const Tensor hour = xgrad::arange(kHours, xgrad::kFloat), day = hour * (2 * M_PI / 24), week = hour * (2 * M_PI / (24 * 7));
  Tensor weather = xgrad::zeros({kHours});
  const Tensor noise = xgrad::randn({kHours});
  for (int64_t t = 1; t < kHours; ++t) weather[t] = 0.98 * weather[t - 1] + 0.12 * noise[t];
  // Days have less of a swing when the week ends.
  return day.sin() * (1 + 0.5 * week.cos()) + 0.4 * (2 * day + 1).sin() + 0.5 * week.cos() + weather + 0.1 * xgrad::randn({kHours});
}

struct ForecasterImpl : nn::Module {
  ForecasterImpl() {
    reader = register_module("reader", nn::GRU(nn::GRUOptions(1, 48).batch_first(true)));
    head = register_module("head", nn::Sequential(nn::Linear(48 + kForecast, 128), nn::ReLU(), nn::Linear(128, kForecast)));
  }
  /// What follows on seen [n, hours]: [n, kForecast]. From what the reader remembers, and what was a week before.
  Tensor forward(const Tensor& seen) {
    const Tensor last = std::get<1>(reader(seen.unsqueeze(2)))[0];
    return head->forward(xgrad::cat({last, seen.narrow(1, kSeen - 24 * 7, kForecast)}, 1));
  }
  nn::GRU reader{nullptr};
  nn::Sequential head{nullptr};
};
TORCH_MODULE(Forecaster);

/// The hours from each of these on: [n, count].
static Tensor windows(const Tensor& load, const Tensor& from, int64_t count) { return load.unfold(0, count, 1).index_select(0, from); }

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: forecast [--steps N] [--seed N] [--plot FILE] [--quick]");
  const bool quick = line.has("--quick");
  const uint64_t steps = line.number("--steps", quick ? 60 : 600);
  const std::string plot = line.text("--plot", "forecast.svg");
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  const Tensor load = load_of_hours();
  const auto pick = [&](const Tensor& from) { return std::pair(windows(load, from, kSeen), windows(load, from + kSeen, kForecast)); };
  const auto error_of = [](const Tensor& y, const Tensor& truth) { return (y - truth).abs().mean().item<double>(); };

  Forecaster net;
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(4e-3));
  for (uint64_t step = 1; step <= steps; ++step) {
    const auto [seen, next] = pick(xgrad::randint(kHours - kTest - kSeen - kForecast, {32}));
    optimizer.zero_grad();
    const Tensor loss = F::smooth_l1_loss(net->forward(seen), next);
    loss.backward();
    nn::utils::clip_grad_norm_(net->parameters(), 1);
    optimizer.step();
    if (step % (steps / 6) == 0) std::printf("step %4d  loss %.4f\n", static_cast<int>(step), loss.item<double>());
  }

  xgrad::NoGradGuard no_grad;
  const auto [seen, truth] = pick(xgrad::arange(kHours - kTest, kHours - kSeen - kForecast, 7));
  const Tensor forecast = net->forward(seen), week_before = seen.narrow(1, kSeen - 24 * 7, kForecast);
  const double error = error_of(forecast, truth), naive = error_of(week_before, truth);
  std::printf("mean error over %d forecasts of two days: %.3f; the same as a week before: %.3f\n", static_cast<int>(truth.size(0)), error, naive);

  const auto values = [](const Tensor& t) {
    const Tensor x = t.to(xgrad::kDouble).contiguous();
    return std::vector<double>(x.data_ptr<double>(), x.data_ptr<double>() + x.numel());
  };
  const int64_t shown = truth.size(0) / 2, past = 72;
  xgrad::inspect::draw_diagrams(
      plot, {{"The load of two days, forecast at hour 0",
              "hours",
              {{"what came", "#333333", -static_cast<double>(past), values(xgrad::cat({seen[shown].narrow(0, kSeen - past, past), truth[shown]}))},
               {"forecast", "#2166ac", 0, values(forecast[shown])},
               {"a week before", "#e08214", 0, values(week_before[shown])}},
              0,
              "now"}});
  std::printf("the forecast as a plot: %s\n", plot.c_str());
  return error < (quick ? 1.1 : 0.75) * naive ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
