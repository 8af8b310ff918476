#include <xgrad/data/dataloader/pace.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace data {

namespace {

// The first judgement is of more batches, because what takes long may begin later; a trial of what is worse should cost little beside
// the stretches before and after it, which grow while nothing changes.
constexpr size_t kFirst = 12, kTrial = 8, kShortest = 512, kLongest = 32768;

constexpr Pace::Duration kCheap = std::chrono::microseconds(500);

}  // namespace

Pace::Pace(size_t jobs) : trial_(std::max(kTrial, 2 * jobs)), needed_(std::max(kFirst, 2 * jobs)), stretch_(kShortest) {}

void Pace::made_alone(Duration spent) noexcept {
  spent_ += spent;
  if (++judged_ == needed_) judge();
}

void Pace::handed_over(Duration waited, Duration worked) noexcept {
  if (alone_) return;  // what was under way when that was decided
  spent_ += waited;
  worked_ += worked;
  if (++judged_ == needed_) judge();
}

void Pace::judge() noexcept {
  const auto count = static_cast<Duration::rep>(judged_);
  cost_[alone_] = static_cast<double>(spent_.count()) / static_cast<double>(judged_);
  if (trying_) {
    const bool better = cost_[alone_] < cost_[!alone_];
    stretch_ = better ? 2 * kShortest : std::min(2 * stretch_, kLongest);
    if (!better) alone_ = !alone_;
    trying_ = false;
    needed_ = stretch_;
  } else if (alone_ || (worked_ / count < kCheap && spent_ > worked_ / 8)) {
    alone_ = !alone_;
    trying_ = true;
    needed_ = trial_;
  } else {
    needed_ = kShortest;
  }
  judged_ = 0;
  spent_ = worked_ = Duration(0);
}

}}}  // namespace torch::xgrad::data
