#include <xgrad/distributed/progress_thread.h>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

// The thread sleeps most of the time, and every microsecond that it wakes up late is one in which nothing is sent. Sleeps shall end on time,
// and a short slice (Linux 6.12) lets it go before a computing thread on the same processor, without more time in all.
void ask_to_be_woken_promptly() {
  // The first version of the kernel's struct sched_attr, whose header cannot stand beside the C library's <sched.h>.
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes{};
  prctl(PR_SET_TIMERSLACK, 1000);
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  attributes.size = sizeof attributes;
  attributes.runtime = 100'000;  // nanoseconds
  // Where it is refused, or means nothing, the thread runs as any other.
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) return;
}

}  // namespace

ProgressThread::ProgressThread() : thread_([this] { work(); }) {}

ProgressThread::~ProgressThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  given_.notify_one();
  thread_.join();
}

ProgressThread::Ticket ProgressThread::submit(std::function<void()> job) {
  Ticket ticket = 0;
  {
    const std::lock_guard lock(mutex_);
    ticket = ++submitted_;
    if (!failure_) jobs_.push_back(std::move(job));
  }
  given_.notify_one();
  return ticket;
}

void ProgressThread::wait(Ticket ticket) {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return failure_ || completed_ >= ticket; });
  if (failure_) std::rethrow_exception(failure_);
}

std::chrono::duration<double> ProgressThread::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void ProgressThread::work() {
  using Clock = std::chrono::steady_clock;
  ask_to_be_woken_promptly();
  std::unique_lock lock(mutex_);
  for (;;) {
    given_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    const Clock::time_point start = Clock::now();
    std::exception_ptr failure;
    try {
      job();
    } catch (...) {
      failure = std::current_exception();
    }
    job = nullptr;
    lock.lock();
    busy_ += Clock::now() - start;
    ++completed_;
    if (failure) {
      failure_ = failure;
      jobs_.clear();
    }
    done_.notify_all();
  }
}

}}}  // namespace torch::xgrad::distributed
