#include "training.h"

#include <cstdio>
#include <string>

#include <xgrad/train/train.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;
using xgrad::train::Accuracy;
using xgrad::train::EarlyStopping;
using xgrad::train::EarlyStoppingOptions;
using xgrad::train::MeanStd;
using xgrad::train::ProgressBar;
using xgrad::train::ProgressOptions;

nn::Sequential make_network(double dropout) {
  return nn::Sequential(nn::Linear(784, 256), nn::ReLU(), nn::Dropout(dropout),  //
                        nn::Linear(256, 128), nn::ReLU(), nn::Dropout(dropout),  //
                        nn::Linear(128, 10));
}

Tensor scores(nn::Sequential& net, const Tensor& x) {
  xgrad::NoGradGuard no_grad;
  net->eval();
  return net->forward(x);
}

static Measured measure(const Tensor& scores, const Tensor& label) {
  Accuracy accuracy;
  accuracy.update(scores, label);
  return {nn::functional::cross_entropy(scores, label).item<double>(), accuracy.compute()};
}

/// One pass over the training images in random order; the loss and accuracy met on the way.
static Measured train_epoch(nn::Sequential& net, xgrad::optim::Optimizer& optimizer, const Images& images, int64_t batch, const std::string& name) {
  net->train();
  const int64_t n = images.x.size(0);
  const Tensor order = xgrad::randperm(n);
  MeanStd losses;
  Accuracy accuracy;
  ProgressBar bar(ProgressOptions(name).total(n).unit("image").leave(false));
  for (int64_t first = 0; first < n; first += batch) {
    const Tensor rows = order.slice(0, first, std::min(n, first + batch));
    const Tensor label = images.label.index_select(0, rows);
    optimizer.zero_grad();
    const Tensor output = net->forward(images.x.index_select(0, rows));
    const Tensor loss = nn::functional::cross_entropy(output, label);
    loss.backward();
    optimizer.step();

    losses.update(loss.item<double>(), static_cast<double>(rows.size(0)));
    accuracy.update(output.detach(), label);
    bar.update(rows.size(0), {{"loss", losses.mean()}});
  }
  return {losses.mean(), accuracy.compute()};
}

static std::string summary(const EpochResult& result) {
  char text[128];
  std::snprintf(text, sizeof text, "train loss %.4f accuracy %.4f  validation loss %.4f accuracy %.4f", result.train.loss, result.train.accuracy,
                result.validation.loss, result.validation.accuracy);
  return text;
}

History train(nn::Sequential& net, const Images& training, const Images& validation, const Settings& settings) {
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(settings.rate));
  xgrad::optim::StepLR schedule(optimizer, /*step_size=*/5, /*gamma=*/0.5);
  EarlyStopping stopping(EarlyStoppingOptions(settings.patience), *net);
  History history;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    char name[32];
    std::snprintf(name, sizeof name, "epoch %2d/%d", epoch, settings.epochs);
    EpochResult result;
    result.train = train_epoch(net, optimizer, training, settings.batch, name);
    result.validation = measure(scores(net, validation.x), validation.label);
    schedule.step();
    std::printf("%s  %s\n", name, summary(result).c_str());
    std::fflush(stdout);
    history.epochs.push_back(result);
    if (stopping.step(result.validation.loss)) {
      std::printf("the validation loss has not fallen for %d epochs: stopping\n", settings.patience);
      break;
    }
  }
  stopping.restore();
  history.best = static_cast<int>(stopping.best_step());
  return history;
}
