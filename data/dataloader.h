// Batches of a dataset, prepared ahead by worker threads.
#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/data/batch_number.h>
#include <xgrad/data/dataloader_options.h>
#include <xgrad/data/iterator.h>
#include <xgrad/data/job_queue.h>
#include <xgrad/data/samplers/random.h>
#include <xgrad/data/worker_exception.h>

namespace torch { inline namespace xgrad { namespace data {

/// `for (auto& batch : *loader)` is one epoch. Batches are the same, in the same order, for every number of workers (unless
/// enforce_ordering is off), provided the dataset's own randomness comes from transforms that follow
/// current_batch_number(), as those of transforms/image.h do.
template <class Dataset, class Sampler> class StatelessDataLoader {
 public:
  using BatchType = typename Dataset::BatchType;
  using BatchRequestType = typename Sampler::BatchRequestType;

  /// Starts the workers. Throws when batch_size, or with workers max_jobs, is 0.
  StatelessDataLoader(Dataset dataset, Sampler sampler, DataLoaderOptions options) : options_(options), sampler_(std::move(sampler)) {
    XGRAD_CHECK_AS(ValueError, options_.batch_size > 0, "[DataLoader] batch_size must be at least 1");
    XGRAD_CHECK_AS(ValueError, options_.workers == 0 || options_.max_jobs > 0, "[DataLoader] max_jobs must be at least 1");
    try {
      for (size_t w = 0; w < options_.workers; ++w) workers_.emplace_back([this, copy = Dataset(dataset)]() mutable { work(copy); });
    } catch (...) {
      join();
      throw;
    }
    if (options_.workers == 0) dataset_ = std::make_unique<Dataset>(std::move(dataset));
  }
  StatelessDataLoader(const StatelessDataLoader&) = delete;
  StatelessDataLoader& operator=(const StatelessDataLoader&) = delete;
  ~StatelessDataLoader() { join(); }

  /// Starts an epoch. Throws while batches of another are still in preparation.
  Iterator<BatchType> begin() {
    XGRAD_CHECK(!joined_, "[DataLoader] this loader's workers have been joined");
    XGRAD_CHECK(queue_.in_flight_jobs() == 0, "[DataLoader] Attempted to get a new DataLoader iterator while another iterator is not yet exhausted");
    sampler_.reset(std::nullopt);
    queue_.drain();
    ++epoch_;
    prepared_ = 0;
    request_.reset();
    if (options_.workers > 0) prefetch(options_.max_jobs);
    return Iterator<BatchType>([this] { return next(); });
  }
  Iterator<BatchType> end() { return Iterator<BatchType>(); }

  /// Drops what is in preparation and ends the workers; afterwards the loader can only be destroyed.
  void join() {
    queue_.close();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    joined_ = true;
  }

  const FullDataLoaderOptions& options() const noexcept { return options_; }

 private:
  // One of the two, or neither when there is no batch.
  struct Result {
    std::unique_ptr<BatchType> batch;
    std::exception_ptr exception;
  };

  std::optional<BatchRequestType> next_request() {
    std::optional<BatchRequestType> request = sampler_.next(options_.batch_size);
    if (request && options_.drop_last && request->size() < options_.batch_size) return std::nullopt;
    return request;
  }

  void prefetch(size_t jobs) {
    for (; jobs > 0; --jobs) {
      if (!request_) request_ = next_request();
      if (!request_) return;
      queue_.push_job(std::move(*request_));
      request_.reset();
    }
  }

  // Different for every batch of every epoch.
  uint64_t batch_number(size_t place) const { return epoch_ << 32 | place; }

  std::optional<BatchType> next() {
    if (options_.workers > 0) {
      const std::optional<size_t> number = queue_.wait_for_result(options_.enforce_ordering, options_.timeout);
      if (!number) return std::nullopt;
      prefetch(1);
      const Result result = queue_.take_result(*number);
      if (result.exception) throw WorkerException(result.exception);
      return std::move(*result.batch);
    }
    std::optional<BatchRequestType> request = next_request();
    if (!request) return std::nullopt;
    const BatchNumberGuard guard(batch_number(prepared_++));
    return dataset_->get_batch(std::move(*request));
  }

  void work(Dataset& dataset) {
    while (auto job = queue_.take_job()) {
      Result result;
      try {
        const BatchNumberGuard guard(batch_number(job->number));
        result.batch = std::make_unique<BatchType>(dataset.get_batch(std::move(job->job)));
      } catch (...) {
        result.exception = std::current_exception();
      }
      queue_.push_result(job->number, std::move(result));
    }
  }

  const FullDataLoaderOptions options_;
  Sampler sampler_;
  std::unique_ptr<Dataset> dataset_;  // used on the calling thread; none with workers, who have copies
  uint64_t epoch_ = 0;                // changes only while no job runs
  size_t prepared_ = 0;
  std::optional<BatchRequestType> request_;  // one that could not become a job yet
  JobQueue<BatchRequestType, Result> queue_;
  std::vector<std::thread> workers_;
  bool joined_ = false;
};

/// A loader of `dataset` in the order of `sampler`.
template <class Dataset, class Sampler>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset, Sampler sampler, DataLoaderOptions options) {
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler), options);
}

/// A loader with a `Sampler` for the dataset's size; throws when the dataset has none.
template <class Sampler = samplers::RandomSampler, class Dataset>
std::enable_if_t<std::is_constructible_v<Sampler, size_t>, std::unique_ptr<StatelessDataLoader<Dataset, Sampler>>> make_data_loader(
    Dataset dataset, DataLoaderOptions options = DataLoaderOptions()) {
  const std::optional<size_t> size = dataset.size();
  XGRAD_CHECK(size.has_value(), "[make_data_loader] Expected the dataset to be sized in order to construct the Sampler");
  return make_data_loader(std::move(dataset), Sampler(*size), options);
}

}}}  // namespace torch::xgrad::data
