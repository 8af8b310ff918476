// Loss and accuracy per epoch, drawn as an SVG picture.
#pragma once

#include <string>
#include <vector>

struct Measured {
  double loss = 0;
  double accuracy = 0;
};

struct EpochResult {
  Measured train;
  Measured validation;
};

/// Writes the curves to `path`; `best` is the epoch (from 1) whose weights were kept. Throws when it cannot be written.
void draw_learning_curves(const std::string& path, const std::vector<EpochResult>& epochs, int best);
