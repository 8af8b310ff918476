#include "training.h"

#include <cstdio>
#include <string>

#include <xgrad/train/stopping.h>

#include "progress_bar.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;

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
  xgrad::NoGradGuard no_grad;
  return {nn::functional::cross_entropy(scores, label).item<double>(), scores.argmax(1).eq(label).to(xgrad::kDouble).mean().item<double>()};
}

/// One pass over the training images in random order; the loss and accuracy met on the way.
static Measured train_epoch(nn::Sequential& net, xgrad::optim::Optimizer& optimizer, const Images& images, int64_t batch, ProgressBar& bar,
                            int epoch) {
  net->train();
  const int64_t n = images.x.size(0);
  const Tensor order = xgrad::randperm(n);
  Measured sum;
  for (int64_t first = 0; first < n; first += batch) {
    const Tensor rows = order.slice(0, first, std::min(n, first + batch));
    const Tensor label = images.label.index_select(0, rows);
    optimizer.zero_grad();
    const Tensor output = net->forward(images.x.index_select(0, rows));
    nn::functional::cross_entropy(output, label).backward();
    optimizer.step();

    const Measured here = measure(output, label);
    const auto size = static_cast<double>(rows.size(0)), done = static_cast<double>(first) + size;
    sum.loss += here.loss * size;
    sum.accuracy += here.accuracy * size;
    bar.update(epoch, static_cast<int64_t>(done), sum.loss / done);
  }
  return {sum.loss / static_cast<double>(n), sum.accuracy / static_cast<double>(n)};
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
  ProgressBar bar(settings.epochs, training.x.size(0));
  xgrad::train::EarlyStopping stopping(xgrad::train::EarlyStoppingOptions(settings.patience), *net);
  History history;
  for (int epoch = 1; epoch <= settings.epochs; ++epoch) {
    EpochResult result;
    result.train = train_epoch(net, optimizer, training, settings.batch, bar, epoch);
    result.validation = measure(scores(net, validation.x), validation.label);
    schedule.step();
    bar.finish_epoch(epoch, summary(result));
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
