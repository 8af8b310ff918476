// Batches cut from chunks that threads read ahead.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include <xgrad/autograd/core/error.h>
#include <xgrad/data/worker_exception.h>

namespace torch { inline namespace xgrad { namespace data::datasets::detail {

/// Any number of threads add chunks, any number take batches. The examples of a chunk come in the order of `sampler`; a batch that a chunk
/// leaves unfilled is filled from the next.
template <class Chunk, class ExampleSampler> class ChunkBuffer {
 public:
  /// `capacity`: no chunk is taken in while there are as many examples.
  ChunkBuffer(size_t batch_size, ExampleSampler& sampler, size_t capacity) : batch_size_(batch_size), capacity_(capacity), sampler_(sampler) {}

  /// Waits until there is room. After stop() nothing is added.
  void add(Chunk chunk) {
    std::unique_lock lock(mutex_);
    if (!wait_for_room(lock)) return;
    sampler_.reset(chunk.size());
    for (size_t left = chunk.size(); left > 0;) {
      if (!partial_) {
        partial_.emplace();
        partial_->reserve(batch_size_);
      }
      const size_t wanted = std::min(left, batch_size_ - partial_->size());
      const auto indices = sampler_.next(wanted);
      XGRAD_CHECK(indices && indices->size() == wanted, "[ChunkDataset] the example sampler must give ", wanted, " indices, got ",
                  indices ? indices->size() : 0);
      for (const size_t i : *indices) {
        XGRAD_CHECK_AS(IndexError, i < chunk.size(), "[ChunkDataset] Index out of range: the example sampler gave ", i, " for a chunk of ",
                       chunk.size(), " examples");
        partial_->emplace_back(std::move(chunk[i]));
        ++held_;
      }
      left -= wanted;
      if (partial_->size() == batch_size_) {
        ready_.push_back({std::move(*partial_), nullptr});
        partial_.reset();
      }
    }
    lock.unlock();
    filled_.notify_all();
  }

  /// Adds what reading a chunk threw.
  void add(std::exception_ptr exception) {
    std::unique_lock lock(mutex_);
    if (!wait_for_room(lock)) return;
    ready_.push_back({Chunk(), std::move(exception)});
    ++held_;
    lock.unlock();
    filled_.notify_all();
  }

  /// Waits for a batch; nothing when all were taken after stop(). Throws what was added as an exception, as a WorkerException.
  std::optional<Chunk> take() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !ready_.empty() || stopped_; });
    std::optional<Chunk> batch;
    std::exception_ptr exception;
    if (!ready_.empty()) {
      batch = std::move(ready_.front().batch);
      exception = std::move(ready_.front().exception);
      ready_.pop_front();
    } else {
      batch.swap(partial_);
    }
    held_ -= exception ? 1 : batch ? batch->size() : 0;
    lock.unlock();
    emptied_.notify_all();
    if (exception) throw WorkerException(exception);
    return batch;
  }

  /// No chunk comes any more: nobody waits longer.
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    filled_.notify_all();
    emptied_.notify_all();
  }

 private:
  struct Ready {
    Chunk batch;
    std::exception_ptr exception;  // instead of a batch
  };

  // False when it has been stopped.
  bool wait_for_room(std::unique_lock<std::mutex>& lock) {
    emptied_.wait(lock, [this] { return held_ < capacity_ || stopped_; });
    return !stopped_;
  }

  const size_t batch_size_, capacity_;
  ExampleSampler& sampler_;
  std::mutex mutex_;
  std::condition_variable filled_, emptied_;
  std::deque<Ready> ready_;
  std::optional<Chunk> partial_;  // the batch that is being filled
  size_t held_ = 0;               // examples, and exceptions
  bool stopped_ = false;
};

}}}  // namespace torch::xgrad::data::datasets::detail
