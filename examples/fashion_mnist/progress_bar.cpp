#include "progress_bar.h"

#include <unistd.h>

#include <cstdio>

ProgressBar::ProgressBar(int epochs, int64_t samples)
    : epochs_(epochs), samples_(samples), terminal_(isatty(STDOUT_FILENO)), start_(Clock::now()), epoch_start_(start_), drawn_(start_) {}

double ProgressBar::seconds_since(Clock::time_point start) const { return std::chrono::duration<double>(Clock::now() - start).count(); }

void ProgressBar::update(int epoch, int64_t done, double loss) {
  if (epoch != epoch_) {
    epoch_ = epoch;
    epoch_start_ = Clock::now();
  }
  epoch_seconds_ = seconds_since(epoch_start_);
  if (!terminal_ || (seconds_since(drawn_) < 0.1 && done < samples_)) return;
  drawn_ = Clock::now();

  constexpr int kWidth = 28;
  const double part = static_cast<double>(done) / static_cast<double>(samples_);
  const double all = (epoch - 1 + part) / epochs_;
  const auto left = static_cast<long>(seconds_since(start_) * (1 - all) / all + 0.5);
  const int filled = static_cast<int>(part * kWidth);
  const std::string bar = std::string(static_cast<size_t>(filled), '=') + (filled < kWidth ? ">" : "") +
                          std::string(static_cast<size_t>(filled < kWidth ? kWidth - filled - 1 : 0), ' ');
  std::printf("\repoch %2d/%d [%s] %6.0f samples/s  loss %.4f  %ld:%02ld left ", epoch, epochs_, bar.c_str(),
              static_cast<double>(done) / epoch_seconds_, loss, left / 60, left % 60);
  std::fflush(stdout);
}

void ProgressBar::finish_epoch(int epoch, const std::string& summary) {
  std::printf("%sepoch %2d/%d  %s  %6.0f samples/s\n", terminal_ ? "\r\033[K" : "", epoch, epochs_, summary.c_str(),
              static_cast<double>(samples_) / epoch_seconds_);
  std::fflush(stdout);
}
