// Jobs for worker threads and the results they bring back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace data {

/// Jobs go in numbered from 0 and come out first in, first out; results wait under their job's number. One thread pushes
/// jobs and takes results, any number of threads take jobs and push results.
template <class Job, class Result> class JobQueue {
 public:
  struct Numbered {
    size_t number;
    Job job;
  };

  /// Leaves `job` as it is when it throws.
  void push_job(Job&& job) {
    const std::lock_guard lock(mutex_);
    entries_.try_emplace(pushed_, std::move(job));
    ++pushed_;
    job_came_.notify_one();
  }

  /// Waits for a job; nothing once the queue is closed.
  std::optional<Numbered> take_job() {
    std::unique_lock lock(mutex_);
    job_came_.wait(lock, [this] { return closed_ || begun_ < pushed_; });
    if (closed_) return std::nullopt;
    Numbered job{begun_, std::move(entries_.find(begun_)->second.job)};
    ++begun_;
    ++running_;
    return job;
  }

  /// Its place was made with the job's, so that nothing can fail.
  void push_result(size_t number, Result result) noexcept {
    const std::lock_guard lock(mutex_);
    --running_;
    Entry& entry = entries_.find(number)->second;
    entry.result = std::move(result);
    entry.done = true;
    result_came_.notify_one();
  }

  /// Waits for the result of the oldest job without one taken yet, or with `ordered` false for any, and tells the job's number; nothing
  /// when there is no such job. Throws when it takes longer than `timeout`.
  std::optional<size_t> wait_for_result(bool ordered, std::optional<std::chrono::milliseconds> timeout) {
    std::unique_lock lock(mutex_);
    if (entries_.empty()) return std::nullopt;
    auto found = entries_.begin();
    const auto ready = [&] {
      found = entries_.begin();
      while (!ordered && found != entries_.end() && !found->second.done) ++found;
      return found != entries_.end() && found->second.done;
    };
    if (!timeout) result_came_.wait(lock, ready);
    else
      XGRAD_CHECK(result_came_.wait_for(lock, *timeout, ready), "[DataLoader] Timeout in DataLoader queue while waiting for next batch (timeout was ",
                  static_cast<long long>(timeout->count()), " ms)");
    return found->first;
  }

  /// A result that is there.
  Result take_result(size_t number) {
    const std::lock_guard lock(mutex_);
    return std::move(entries_.extract(number).mapped().result);
  }

  /// Jobs whose results have not been taken.
  size_t in_flight_jobs() {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

  /// Drops all jobs and results, waiting for the jobs that run, and numbers from 0 again.
  void drain() {
    std::unique_lock lock(mutex_);
    begun_ = pushed_;
    result_came_.wait(lock, [this] { return running_ == 0; });
    entries_.clear();
    pushed_ = begun_ = 0;
  }

  /// Lets the threads that take jobs go home.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    job_came_.notify_all();
  }

 private:
  struct Entry {
    explicit Entry(Job&& j) : job(std::move(j)) {}
    Job job;
    Result result{};
    bool done = false;
  };

  std::mutex mutex_;
  std::condition_variable job_came_, result_came_;
  std::map<size_t, Entry> entries_;  // jobs that wait, run or are done, until their results are taken
  size_t pushed_ = 0, begun_ = 0, running_ = 0;
  bool closed_ = false;
};

}}}  // namespace torch::xgrad::data
