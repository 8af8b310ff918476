// Regression on a table, with what <xgrad/train/train.h> has for it: five folds, features standardised on what is trained on, training until the
// validation error stalls, and scores of predictions for rows that no net had seen. Compared with least squares.
#include <cmath>
#include <cstdio>
#include <exception>

#include <xgrad/train/train.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
namespace train = xgrad::train;
using xgrad::Tensor;

struct Table {
  Tensor x;  // [n, 10]
  Tensor y;  // [n, 1]
  Table rows(const Tensor& which) const { return {x.index_select(0, which), y.index_select(0, which)}; }
};

/// Friedman's first problem (1991): five of ten features matter, the noise has deviation 1. In units of very different size, as tables are.
static Table friedman(int64_t n) {
  const Tensor u = xgrad::rand({n, 10});
  const auto feature = [&](int64_t i) { return u.select(1, i); };
  const Tensor y = 10 * (M_PI * feature(0) * feature(1)).sin() + 20 * (feature(2) - 0.5).square() + 10 * feature(3) + 5 * feature(4);
  return {u * xgrad::logspace(-2, 4, 10) + 100, (y + xgrad::randn({n})).unsqueeze(1)};
}

static double error_of(nn::Sequential& net, const Table& table) {
  xgrad::NoGradGuard no_grad;
  return xgrad::mse_loss(net->forward(table.x), table.y).item<double>();
}

/// A net for standardised rows, as good on `validation` as it was at its best.
static nn::Sequential fit(const Table& training, const Table& validation, int64_t epochs, const std::string& name) {
  nn::Sequential net(nn::Linear(10, 64), nn::SiLU(), nn::Linear(64, 64), nn::SiLU(), nn::Linear(64, 1));
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(3e-3));
  train::EarlyStopping stopping(train::EarlyStoppingOptions(12).min_delta(1e-4), *net);
  const int64_t n = training.x.size(0), batch = 64;

  train::ProgressBar bar(train::ProgressOptions(name).total(epochs).unit("epoch"));  // nothing is seen of it unless stderr is a terminal
  for (int64_t epoch = 0; epoch < epochs; ++epoch) {
    const Tensor order = xgrad::randperm(n);
    train::MeanStd loss_met;
    for (int64_t first = 0; first < n; first += batch) {
      const Table rows = training.rows(order.slice(0, first, first + batch));
      optimizer.zero_grad();
      const Tensor loss = xgrad::mse_loss(net->forward(rows.x), rows.y);
      (loss + 1e-4 * train::l2_penalty(net->parameters())).backward();
      optimizer.step();
      loss_met.update(loss, static_cast<double>(rows.x.size(0)));
    }
    const double error = error_of(net, validation);
    const bool stop = stopping.step(error);
    bar.update(1, {{"training", loss_met.mean()}, {"validation", error}, {"best", stopping.best()}});
    if (stop) break;
  }
  stopping.restore();
  return net;
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: tabular [--rows N] [--seed N] [--quick]");
  const bool quick = line.has("--quick");
  const auto rows = static_cast<int64_t>(line.number("--rows", quick ? 600 : 2000));
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  const Table all = friedman(rows);
  train::Regression net_scores, line_scores;
  int fold = 0;
  for (const train::Split& split : train::k_fold(rows, quick ? 3 : 5)) {
    const Table seen = all.rows(split.train), test = all.rows(split.test);
    const train::Split inner = train::train_test_split(seen.x.size(0), 0.15);
    const train::Standardize features(seen.rows(inner.train).x), target(seen.rows(inner.train).y);
    const auto standardised = [&](const Table& table) { return Table{features.transform(table.x), target.transform(table.y)}; };

    const std::string name = "fold " + std::to_string(++fold);
    nn::Sequential net = fit(standardised(seen.rows(inner.train)), standardised(seen.rows(inner.test)), quick ? 100 : 300, name);
    xgrad::NoGradGuard no_grad;
    net_scores.update(target.inverse_transform(net->forward(features.transform(test.x))), test.y);

    const auto with_ones = [&](const Table& table) { return xgrad::cat({features.transform(table.x), xgrad::ones_like(table.y)}, 1); };
    const Tensor w = std::get<0>(xgrad::linalg::lstsq(with_ones(seen), seen.y, std::nullopt, std::nullopt));
    line_scores.update(with_ones(test).mm(w), test.y);
  }

  const train::RegressionScores net = net_scores.compute(), least_squares = line_scores.compute();
  for (const auto& [name, s] : {std::pair("net", net), std::pair("least squares", least_squares)})
    std::printf("%-13s  R2 %.4f  RMSE %.3f  MAE %.3f  largest error %.2f  over %d rows\n", name, s.r2, s.rmse, s.mae, s.max_error,
                static_cast<int>(s.count));
  return net.count == rows && net.r2 > (quick ? 0.8 : 0.9) && net.rmse < least_squares.rmse ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
