#include <xgrad/distributed/progress_thread.h>

#include <utility>

namespace torch { inline namespace xgrad { namespace distributed {

ProgressThread::ProgressThread() : thread_([this] { work(); }) {}

ProgressThread::~ProgressThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  given_.notify_one();
  thread_.join();
}

void ProgressThread::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    jobs_.push_back(std::move(job));
  }
  given_.notify_one();
}

void ProgressThread::wait() {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return jobs_.empty() && !running_; });
  if (failure_) std::rethrow_exception(failure_);
}

std::chrono::duration<double> ProgressThread::busy() const {
  const std::lock_guard lock(mutex_);
  return busy_;
}

void ProgressThread::work() {
  using Clock = std::chrono::steady_clock;
  std::unique_lock lock(mutex_);
  for (;;) {
    given_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    std::function<void()> job = std::move(jobs_.front());
    jobs_.pop_front();
    running_ = true;
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
    running_ = false;
    if (failure) {
      failure_ = failure;
      jobs_.clear();
    }
    if (jobs_.empty()) done_.notify_all();
  }
}

}}}  // namespace torch::xgrad::distributed
