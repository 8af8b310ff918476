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
/// jobs and takes results, any number of threads take jobs and push results. A job stays where it is until its result is taken, so
/// that the first thread can tell what is outstanding.
template <class Job, class Result> class JobQueue {
 public:
  struct Begun {
    size_t number;
    Job* job;
  };
  struct Ready {
    size_t number;
    Result* result;
  };

  /// Leaves `job` as it is when it throws.
  void push_job(Job&& job) {
    {
      const std::lock_guard lock(mutex_);
      entries_.try_emplace(pushed_, std::move(job));
      ++pushed_;
    }
    job_came_.notify_one();
  }

  /// Waits for a job; nothing once the queue is closed.
  std::optional<Begun> take_job() {
    std::unique_lock lock(mutex_);
    job_came_.wait(lock, [this] { return closed_ || begun_ < pushed_; });
    if (closed_) return std::nullopt;
    const Begun job{begun_, &entries_.find(begun_)->second.job};
    ++begun_;
    ++running_;
    return job;
  }

  /// Its place was made with the job's, so that nothing can fail.
  void push_result(size_t number, Result result) noexcept {
    bool awaited = false;
    {
      const std::lock_guard lock(mutex_);
      --running_;
      const auto entry = entries_.find(number);
      entry->second.result = std::move(result);
      entry->second.done = true;
      awaited =
          awaited_ == Awaited::any || (awaited_ == Awaited::oldest && entry == entries_.begin()) || (awaited_ == Awaited::rest && running_ == 0);
    }
    if (awaited) result_came_.notify_one();
  }

  /// Waits for the result of the oldest job without one taken yet, or with `ordered` false for any; nothing when there is no such
  /// job. The result stays until take_result. Throws when it takes longer than `timeout`.
  std::optional<Ready> wait_for_result(bool ordered, std::optional<std::chrono::milliseconds> timeout) {
    std::unique_lock lock(mutex_);
    if (entries_.empty()) return std::nullopt;
    auto found = entries_.begin();
    const auto ready = [&] {
      found = entries_.begin();
      while (!ordered && found != entries_.end() && !found->second.done) ++found;
      return found != entries_.end() && found->second.done;
    };
    awaited_ = ordered ? Awaited::oldest : Awaited::any;
    bool came = true;
    if (!timeout) result_came_.wait(lock, ready);
    else came = result_came_.wait_for(lock, *timeout, ready);
    awaited_ = Awaited::nothing;
    XGRAD_CHECK(came, "[DataLoader] Timeout in DataLoader queue while waiting for next batch (timeout was ",
                static_cast<long long>(timeout ? timeout->count() : 0), " ms)");
    return Ready{found->first, &found->second.result};
  }

  /// A result that is there.
  Result take_result(size_t number) {
    typename Entries::node_type entry;  // freed without the lock
    const std::lock_guard lock(mutex_);
    entry = entries_.extract(number);
    return std::move(entry.mapped().result);
  }

  /// Jobs whose results have not been taken.
  size_t in_flight_jobs() {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

  /// visit(job) for each of them, oldest first. Workers may be reading these jobs.
  template <class Visit> void each_job(Visit&& visit) {
    const std::lock_guard lock(mutex_);
    for (const auto& [number, entry] : entries_) visit(std::as_const(entry.job));
  }

  /// Drops all jobs and results, waiting for the jobs that run, and numbers from 0 again.
  void drain() {
    std::unique_lock lock(mutex_);
    begun_ = pushed_;
    awaited_ = Awaited::rest;
    result_came_.wait(lock, [this] { return running_ == 0; });
    awaited_ = Awaited::nothing;
    entries_.clear();
    pushed_ = begun_ = 0;
  }

  /// Lets the threads that take jobs go home.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    job_came_.notify_all();
  }

 private:
  struct Entry {
    explicit Entry(Job&& j) : job(std::move(j)) {}
    Job job;
    Result result{};
    bool done = false;
  };
  using Entries = std::map<size_t, Entry>;
  // What the first thread sleeps for: waking it for other results would cost it and the worker more than a cheap job.
  enum class Awaited { nothing, oldest, any, rest };

  std::mutex mutex_;
  std::condition_variable job_came_, result_came_;
  Entries entries_;  // jobs that wait, run or are done, until their results are taken
  size_t pushed_ = 0, begun_ = 0, running_ = 0;
  Awaited awaited_ = Awaited::nothing;
  bool closed_ = false;
};

}}}  // namespace torch::xgrad::data
