// The network, and its training with early stopping.
#pragma once

#include <vector>

#include <xgrad/xgrad.h>

#include "learning_curves.h"

/// Pictures and their classes.
struct Images {
  xgrad::Tensor x;      // [n, 784], standardised
  xgrad::Tensor label;  // [n]
};

struct Settings {
  int epochs = 20;
  int patience = 4;  // epochs without a better validation loss before training ends
  int64_t batch = 128;
  double rate = 1e-3;
  double dropout = 0.2;
};

/// 784-256-128-10 with ReLU and dropout.
xgrad::nn::Sequential make_network(double dropout);

/// Scores of every class for every picture, in evaluation mode.
xgrad::Tensor scores(xgrad::nn::Sequential& net, const xgrad::Tensor& x);

struct History {
  std::vector<EpochResult> epochs;
  int best = 0;  // the epoch (from 1) with the lowest validation loss
};

/// Trains with Adam until the validation loss stalls, and leaves the best weights in `net`.
History train(xgrad::nn::Sequential& net, const Images& training, const Images& validation, const Settings& settings);
