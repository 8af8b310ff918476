// Whether it pays to have batches made by worker threads.
#pragma once

#include <chrono>
#include <cstddef>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace data {

/// Handing a job to a worker and its result back costs some microseconds, on a busy machine tens of them, which can be more than making
/// the batch. This tells the thread that asks for batches which costs it less: waiting for those of workers, or making them itself. Both
/// are tried from time to time, alone only where batches are cheap and it does wait for them: a training step that takes its time finds
/// batches ready.
class XGRAD_API Pace {
 public:
  using Duration = std::chrono::steady_clock::duration;

  /// `jobs`: how many batches are in preparation at one time.
  explicit Pace(size_t jobs);

  /// True iff the next batch should be made by the thread that asks.
  bool alone() const noexcept { return alone_; }
  /// True iff made_alone() wants to know the time.
  bool measures() const noexcept { return alone_ && trying_; }
  /// Of the processor for this thread: unlike time by the clock, it doesn't depend on who else wants the processor.
  static Duration processor_time() noexcept;
  /// A batch has been made, in this processor time.
  void made_alone(Duration spent) noexcept;
  /// Getting a worker's batch took that long by the clock, and making it took the worker that long.
  void handed_over(Duration spent, Duration worked) noexcept;

 private:
  void judge() noexcept;

  bool alone_ = false, trying_ = false;  // trying_: what was worse the last time
  const size_t first_;
  size_t needed_, judged_ = 0;  // batches before the next judgement, and of these so far
  size_t stretch_;              // how long to work alone before the workers are tried
  Duration spent_{0}, worked_{0};
  double cost_[2] = {0, 0};  // of a batch in time units, with workers and alone
};

}}}  // namespace torch::xgrad::data
