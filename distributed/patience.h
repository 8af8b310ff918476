// Waiting for another process without keeping a processor from those that compute.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>

#include <sched.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// Looks again at once at first, then lets others run in between, then sleeps for longer and longer.
class Patience {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Patience(bool background) : yields_(background ? 2 : 400) {}

  void pause() {
    ++turns_;
    if (turns_ <= kLooks) return;
    if (turns_ <= kLooks + yields_) {
      sched_yield();
      return;
    }
    std::this_thread::sleep_for(nap_);
    nap_ = std::min(nap_ + nap_ / 2, std::chrono::nanoseconds(kLongestNap));
  }
  /// True iff so much time has passed that it is worth asking what keeps the other one.
  bool is_long() const { return nap_ == kLongestNap; }
  Clock::duration waited() const { return Clock::now() - start_; }
  /// From mark() on, or from the beginning.
  Clock::duration waited_since_mark() const { return Clock::now() - mark_; }
  void mark() { mark_ = Clock::now(); }

 private:
  static constexpr int kLooks = 16;
  static constexpr std::chrono::nanoseconds kLongestNap{100'000};

  int yields_;
  int turns_ = 0;
  std::chrono::nanoseconds nap_{10'000};
  Clock::time_point start_ = Clock::now(), mark_ = start_;
};

}}}  // namespace torch::xgrad::distributed
