// Jobs for worker threads and the results they bring back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include <xgrad/autograd/error.h>

namespace torch::data {

/// Jobs go in numbered from 0 and come out first in, first out; results wait under their job's number. One thread pushes
/// jobs and takes results, any number of threads take jobs and push results.
template <class Job, class Result>
class JobQueue {
 public:
  struct Numbered {
    size_t number;
    Job job;
  };

  void push_job(Job job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({pushed_++, std::move(job)});
    job_came_.notify_one();
  }

  /// Waits for a job; nothing once the queue is closed.
  std::optional<Numbered> take_job() {
    std::unique_lock lock(mutex_);
    job_came_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (closed_) return std::nullopt;
    Numbered job = std::move(jobs_.front());
    jobs_.pop_front();
    ++running_;
    return job;
  }

  void push_result(size_t number, Result result) {
    const std::lock_guard lock(mutex_);
    --running_;
    results_.emplace(number, std::move(result));
    result_came_.notify_one();
  }

  /// Waits for the result of the oldest job without one taken yet, or with `ordered` false for any; an empty Result when there
  /// is no such job. Throws when it takes longer than `timeout`.
  Result take_result(bool ordered, std::optional<std::chrono::milliseconds> timeout) {
    std::unique_lock lock(mutex_);
    if (in_flight() == 0) return Result();
    const auto ready = [&] { return !results_.empty() && (!ordered || results_.begin()->first == taken_); };
    if (!timeout) result_came_.wait(lock, ready);
    else
      XGRAD_CHECK(result_came_.wait_for(lock, *timeout, ready), "[DataLoader] Timeout in DataLoader queue while waiting for next batch (timeout was ",
                  static_cast<long long>(timeout->count()), " ms)");
    Result result = std::move(results_.begin()->second);
    results_.erase(results_.begin());
    ++taken_;
    return result;
  }

  /// Jobs whose results have not been taken.
  size_t in_flight_jobs() {
    const std::lock_guard lock(mutex_);
    return in_flight();
  }

  /// Drops all jobs and results, waiting for the jobs that run, and numbers from 0 again.
  void drain() {
    std::unique_lock lock(mutex_);
    jobs_.clear();
    result_came_.wait(lock, [this] { return running_ == 0; });
    results_.clear();
    pushed_ = taken_ = 0;
  }

  /// Lets the threads that take jobs go home.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    job_came_.notify_all();
  }

 private:
  size_t in_flight() const { return jobs_.size() + running_ + results_.size(); }

  std::mutex mutex_;
  std::condition_variable job_came_, result_came_;
  std::deque<Numbered> jobs_;
  std::map<size_t, Result> results_;
  size_t pushed_ = 0, taken_ = 0, running_ = 0;
  bool closed_ = false;
};

}  // namespace torch::data
