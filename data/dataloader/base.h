// What all loaders do: jobs, workers, and the batches of an epoch one after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/data/batch_number.h>
#include <xgrad/data/dataloader/pace.h>
#include <xgrad/data/dataloader_options.h>
#include <xgrad/data/iterator.h>
#include <xgrad/data/job_queue.h>
#include <xgrad/data/worker_exception.h>

namespace torch { inline namespace xgrad { namespace data {

/// `for (auto& batch : *loader) ...` is one epoch. Batches are the same, in the same order, for every number of workers (unless
/// enforce_ordering is off), provided the dataset's own randomness comes from transforms that follow
/// current_batch_number(), as those of transforms/image.h do.
///
/// A loader belongs to one thread, which calls its members. Where batches are so cheap that workers slow it down, that thread makes
/// some of them itself (see Pace; not when there is a timeout). With workers, what the dataset throws arrives as a WorkerException, and
/// the batches after it can still be asked for.
///
/// Derive and define get_batch_request() and, calling the one here, reset().
template <class Dataset, class Batch, class BatchRequest> class DataLoaderBase {
 public:
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;

  /// `main_thread_dataset` is the one that the calling thread makes batches with. Throws when batch_size, or with workers max_jobs, is 0.
  DataLoaderBase(DataLoaderOptions options, std::unique_ptr<Dataset> main_thread_dataset = nullptr)
      : options_(options), main_thread_dataset_(std::move(main_thread_dataset)), pace_(options_.max_jobs) {
    XGRAD_CHECK_AS(ValueError, options_.batch_size > 0, "[DataLoader] batch_size must be at least 1");
    XGRAD_CHECK_AS(ValueError, options_.workers == 0 || options_.max_jobs > 0, "[DataLoader] max_jobs must be at least 1");
  }
  DataLoaderBase(const DataLoaderBase&) = delete;
  DataLoaderBase& operator=(const DataLoaderBase&) = delete;
  virtual ~DataLoaderBase() { join(); }

  /// Starts an epoch, or goes on with the one that was loaded. Throws while batches of another are still in preparation.
  Iterator<Batch> begin() {
    XGRAD_CHECK(!joined_, "[DataLoader] this loader's workers have been joined");
    XGRAD_CHECK(queue_.in_flight_jobs() == 0, "[DataLoader] Attempted to get a new DataLoader iterator while another iterator is not yet exhausted");
    if (!continued_ || !stage()) start_epoch();
    continued_ = false;
    running_ = true;
    if (with_workers()) prefetch(options_.max_jobs);
    return Iterator<Batch>([this] { return next(); });
  }
  Iterator<Batch> end() { return Iterator<Batch>(); }

  /// Drops what is in preparation and ends the workers, waiting for the batches that they are at; afterwards the loader can only be
  /// destroyed.
  void join() {
    queue_.close();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    joined_ = true;
  }

  const FullDataLoaderOptions& options() const noexcept { return options_; }

 protected:
  /// A request and the place of its batch in the epoch.
  struct Job {
    BatchRequest request;
    size_t place;
  };

  // The dataset's get_batch is given the request as it stands in its job, unless it insists on its own.
  static constexpr bool keeps_requests = std::is_convertible_v<const BatchRequest&, typename Dataset::BatchRequestType>;

  /// The next request, or nothing when the epoch is over.
  virtual std::optional<BatchRequest> get_batch_request() = 0;

  /// Called before each epoch.
  virtual void reset() {
    queue_.drain();
    in_flight_ = place_ = 0;
    staged_.reset();
    exhausted_ = false;
  }

  /// Starts a worker with a dataset of its own, or, given a pointer, with one that lives as long as this.
  template <class Held> void start_worker(Held dataset) {
    workers_.emplace_back([this, held = std::move(dataset)]() mutable {
      if constexpr (std::is_pointer_v<Held>) work(*held);
      else work(held);
    });
  }

  /// visit(place, request) for each batch that has been asked for and not been handed out.
  template <class Visit> void each_pending(Visit&& visit) const {
    const auto job = [&](const Job& j) { visit(j.place, j.request); };
    queue_.each_job(job);
    if (staged_) job(*staged_);
    for (const Job& j : replayed_) job(j);
  }

  /// Where the loader stands.
  uint64_t epoch() const noexcept { return epoch_; }
  size_t place() const noexcept { return place_; }
  bool running() const noexcept { return running_ || continued_; }

  /// Stands there from now on: the next begin() goes on with the requests `pending` and then with get_batch_request().
  void go_on(uint64_t epoch, size_t place, bool running, std::deque<Job> pending) noexcept {
    DataLoaderBase::reset();
    epoch_ = epoch;
    place_ = place;
    replayed_.swap(pending);
    running_ = false;  // iterators of before have come to their end
    continued_ = running;
  }

  const FullDataLoaderOptions options_;
  std::unique_ptr<Dataset> main_thread_dataset_;

 private:
  // One of the two, or neither when the dataset is exhausted.
  struct Result {
    std::unique_ptr<Batch> batch;
    std::exception_ptr exception;
    Pace::Duration worked{0};
  };
  using Clock = std::chrono::steady_clock;

  bool with_workers() const { return options_.workers > 0 && !pace_.alone(); }

  void start_epoch() {
    running_ = false;
    reset();
    replayed_.clear();
    ++epoch_;
  }

  // Has the next job in staged_, unless there is none.
  bool stage() {
    if (staged_) return true;
    if (!replayed_.empty()) {
      staged_.emplace(std::move(replayed_.front()));
      replayed_.pop_front();
    } else if (!exhausted_) {
      if (std::optional<BatchRequest> request = get_batch_request()) staged_.emplace(Job{std::move(*request), place_++});
    }
    return staged_.has_value();
  }

  void prefetch(size_t jobs) {
    for (; jobs > 0 && stage(); --jobs) {
      queue_.push_job(std::move(*staged_));
      ++in_flight_;
      staged_.reset();
    }
  }

  std::optional<Batch> make(Dataset& dataset, Job& job) const {
    const BatchNumberGuard guard(epoch_ << 32 | job.place);  // another for every batch of every epoch
    if constexpr (keeps_requests) return dataset.get_batch(std::as_const(job.request));
    else return dataset.get_batch(std::move(job.request));
  }

  // The next batch, made by this thread.
  std::optional<Batch> make_here() {
    const bool measured = pace_.measures();
    const Pace::Duration begun = measured ? Pace::processor_time() : Pace::Duration(0);
    if (!stage()) return std::nullopt;
    Job job = std::move(*staged_);
    staged_.reset();
    if (options_.workers == 0) return make(*main_thread_dataset_, job);
    try {
      std::optional<Batch> batch = make(*main_thread_dataset_, job);
      pace_.made_alone(measured ? Pace::processor_time() - begun : Pace::Duration(0));
      return batch;
    } catch (...) {
      throw WorkerException(std::current_exception());
    }
  }

  std::optional<Batch> next() {
    while (running_) {
      if (in_flight_ == 0 && !with_workers()) return make_here();
      const auto asked = Clock::now();
      if (in_flight_ == 0) prefetch(options_.max_jobs);
      const auto ready = queue_.wait_for_result(options_.enforce_ordering, options_.timeout);
      if (!ready) return std::nullopt;
      if (!ready->result->batch && !ready->result->exception) exhausted_ = true;
      if (with_workers()) prefetch(1);
      const Result result = queue_.take_result(ready->number);
      --in_flight_;
      if (!options_.timeout) pace_.handed_over(Clock::now() - asked, result.worked);
      if (result.exception) throw WorkerException(result.exception);
      if (result.batch) return std::move(*result.batch);
    }
    return std::nullopt;
  }

  void work(Dataset& dataset) {
    while (const auto job = queue_.take_job()) {
      Result result;
      const auto begun = Clock::now();
      try {
        if (std::optional<Batch> batch = make(dataset, *job->job)) result.batch = std::make_unique<Batch>(std::move(*batch));
      } catch (...) {
        result.exception = std::current_exception();
      }
      result.worked = Clock::now() - begun;
      queue_.push_result(job->number, std::move(result));
    }
  }

  Pace pace_;
  uint64_t epoch_ = 0;  // counted from 1; changes only while no job runs
  size_t place_ = 0;    // of the next request
  bool running_ = false, continued_ = false, exhausted_ = false, joined_ = false;
  std::deque<Job> replayed_;   // jobs that come before those of get_batch_request
  std::optional<Job> staged_;  // one that could not be pushed yet
  size_t in_flight_ = 0;       // in the queue
  mutable JobQueue<Job, Result> queue_;
  std::vector<std::thread> workers_;
};

}}}  // namespace torch::xgrad::data
