#include <xgrad/data/dataloader/pace.h>

#include <algorithm>

#include <time.h>

namespace torch { inline namespace xgrad { namespace data {

namespace {

// Workers are judged by some batches per job, because some of them are ready when the first is. Trying them where they don't pay costs
// something, so the stretches between trials grow; working alone where batches are cheap costs little more than the batches.
constexpr size_t kFirst = 12, kTrialAlone = 8, kWithWorkers = 128, kShortest = 512, kLongest = 32768;

constexpr Pace::Duration kCheap = std::chrono::microseconds(500);

}  // namespace

Pace::Pace(size_t jobs) : first_(std::max(kFirst, 3 * jobs)), needed_(first_), stretch_(kShortest) {}

Pace::Duration Pace::processor_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::duration_cast<Duration>(std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec));
}

void Pace::made_alone(Duration spent) noexcept {
  spent_ += spent;
  if (++judged_ == needed_) judge();
}

void Pace::handed_over(Duration spent, Duration worked) noexcept {
  if (alone_) return;  // what was under way when that was decided
  spent_ += spent;
  worked_ += worked;
  if (++judged_ == needed_) judge();
}

void Pace::judge() noexcept {
  const auto count = static_cast<Duration::rep>(judged_);
  if (!alone_ || trying_) cost_[alone_] = static_cast<double>(spent_.count()) / static_cast<double>(judged_);
  if (trying_) {
    const bool alone_is_better = cost_[true] < cost_[false];
    if (alone_is_better) {
      needed_ = stretch_;
      stretch_ = std::min(2 * stretch_, kLongest);
    } else {
      needed_ = kWithWorkers;
      stretch_ = kShortest;
    }
    alone_ = alone_is_better;
    trying_ = false;
  } else if (alone_) {
    alone_ = false;
    trying_ = true;
    needed_ = first_;
  } else if (worked_ / count < kCheap && spent_ > worked_ / 8) {
    alone_ = trying_ = true;
    needed_ = kTrialAlone;
  } else {
    needed_ = kWithWorkers;
  }
  judged_ = 0;
  spent_ = worked_ = Duration(0);
}

}}}  // namespace torch::xgrad::data
