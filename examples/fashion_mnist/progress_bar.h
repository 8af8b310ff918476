// How far training is: a bar on a terminal, one plain line per epoch elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

class ProgressBar {
 public:
  /// `samples` are those of one epoch.
  ProgressBar(int epochs, int64_t samples);
  /// `done` samples of `epoch` (from 1) are processed, with mean loss `loss` so far.
  void update(int epoch, int64_t done, double loss);
  /// Ends the epoch's line with `summary`.
  void finish_epoch(int epoch, const std::string& summary);

 private:
  using Clock = std::chrono::steady_clock;
  double seconds_since(Clock::time_point start) const;

  int epochs_;
  int64_t samples_;
  bool terminal_;
  Clock::time_point start_, epoch_start_, drawn_;
  int epoch_ = 0;
  double epoch_seconds_ = 0;
};
