// Datasets that are read a file or a part of one at a time.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <xgrad/data/datasets/chunk_buffer.h>
#include <xgrad/data/datasets/stateful.h>
#include <xgrad/data/samplers/random.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

/// Reads chunks: files, or parts of one. A reader also names its `BatchType`, a vector of examples. With several preloaders read_chunk is
/// called from several threads at once.
template <class SingleExample, class Chunk = std::vector<SingleExample>> class ChunkDataReader {
 public:
  using ChunkType = Chunk;
  using ExampleType = SingleExample;

  virtual ~ChunkDataReader() = default;
  virtual ChunkType read_chunk(size_t chunk_index) = 0;
  virtual size_t chunk_count() = 0;
  /// Called before each epoch.
  virtual void reset() = 0;
};

namespace detail {
/// Throws, naming it, when one of them is 0 or cache_size is below batch_size.
XGRAD_API void check_chunk_options(size_t preloader_count, size_t batch_size, size_t cache_size, size_t cross_chunk_shuffle_count);
}  // namespace detail

struct ChunkDatasetOptions {
  ChunkDatasetOptions() = delete;
  /// Throws, naming it, when one is 0 or cache_size is below batch_size.
  ChunkDatasetOptions(size_t preloader_count, size_t batch_size, size_t cache_size = 2048, size_t cross_chunk_shuffle_count = 1)
      : preloader_count_(preloader_count), batch_size_(batch_size), cache_size_(cache_size), cross_chunk_shuffle_count_(cross_chunk_shuffle_count) {
    detail::check_chunk_options(preloader_count, batch_size, cache_size, cross_chunk_shuffle_count);
  }

  /// Threads that read chunks ahead. With one, the order of batches is the samplers'.
  XGRAD_ARG(size_t, preloader_count);
  /// Examples in a batch; the loader must say the same.
  XGRAD_ARG(size_t, batch_size);
  /// No further chunk is taken in while as many examples wait.
  XGRAD_ARG(size_t, cache_size) = 2048;
  /// How many chunks are read and shuffled together.
  XGRAD_ARG(size_t, cross_chunk_shuffle_count) = 1;
};

/// A stateful dataset of the examples in a reader's chunks. `chunk_sampler` says which chunks come next, `example_sampler` in which order
/// their examples do; it is reset for every chunk, in the preloader's thread. `preprocessing_policy` is applied to what was read before
/// that. The last batch may be smaller. What a preloader throws, get_batch throws as a WorkerException; the chunks after it go on.
///
/// Neither copied nor moved: a loader is given make_shared_dataset<ChunkDataset<...>>(...).
template <class ChunkReader, class ChunkSampler = samplers::RandomSampler, class ExampleSampler = samplers::RandomSampler>
class ChunkDataset final : public StatefulDataset<ChunkDataset<ChunkReader, ChunkSampler, ExampleSampler>, typename ChunkReader::BatchType, size_t> {
 public:
  using BatchType = std::optional<typename ChunkReader::BatchType>;
  using UnwrappedBatchType = typename ChunkReader::BatchType;
  using BatchRequestType = size_t;
  using ChunkSamplerType = ChunkSampler;
  using ExampleSamplerType = ExampleSampler;

  ChunkDataset(ChunkReader chunk_reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler, ChunkDatasetOptions options,
               std::function<void(UnwrappedBatchType&)> preprocessing_policy = std::function<void(UnwrappedBatchType&)>())
      : chunk_reader_(std::move(chunk_reader)),
        chunk_sampler_(std::move(chunk_sampler)),
        example_sampler_(std::move(example_sampler)),
        options_(std::move(options)),
        preprocessing_policy_(std::move(preprocessing_policy)) {
    detail::check_chunk_options(options_.preloader_count(), options_.batch_size(), options_.cache_size(), options_.cross_chunk_shuffle_count());
  }
  ~ChunkDataset() override { stop(); }

  /// The next batch; nothing when the epoch is over. Throws unless reset() has been called and batch_size is that of the options.
  BatchType get_batch(size_t batch_size) override {
    XGRAD_CHECK(buffer_ != nullptr, "[ChunkDataset] Dataset needs to call reset() before calling get_batch().");
    XGRAD_CHECK(batch_size == options_.batch_size(),
                "[ChunkDataset] The requested batch size does not match with the initialized batch size: ", batch_size,
                " is requested, the options say ", options_.batch_size());
    return buffer_->take();
  }
  BatchType get_batch() { return get_batch(options_.batch_size()); }

  /// Starts an epoch: the one that load() restored, or a new one. What is left of the one before is dropped.
  void reset() override {
    stop();
    if (!std::exchange(loaded_, false)) {
      chunk_reader_.reset();
      chunk_sampler_.reset(chunk_reader_.chunk_count());
    }
    buffer_ = std::make_unique<Buffer>(options_.batch_size(), example_sampler_, options_.cache_size());
    stopping_ = false;
    preloading_ = options_.preloader_count();
    try {
      for (size_t i = 0; i < options_.preloader_count(); ++i) preloaders_.emplace_back([this] { preload(); });
    } catch (...) {
      stop();
      throw;
    }
  }

  /// Unknown.
  std::optional<size_t> size() const override { return std::nullopt; }

  /// For what is not reset(): set_epoch() of a distributed sampler.
  ChunkSamplerType& chunk_sampler() { return chunk_sampler_; }

  /// Saves which chunks are still to be read. Those that have been, also those whose examples were not asked for yet, count as used.
  void save(serialize::OutputArchive& archive) const override {
    const std::lock_guard lock(chunk_sampler_mutex_);
    chunk_sampler_.save(archive);
  }
  /// The epoch that the next reset() begins is what was left of the saved one.
  void load(serialize::InputArchive& archive) override {
    const std::lock_guard lock(chunk_sampler_mutex_);
    chunk_sampler_.load(archive);
    loaded_ = true;
  }

 private:
  using Buffer = detail::ChunkBuffer<UnwrappedBatchType, ExampleSampler>;

  UnwrappedBatchType read(const typename ChunkSampler::BatchRequestType& chunks) {
    UnwrappedBatchType data;
    bool first = true;
    for (const size_t i : chunks) {
      auto chunk = chunk_reader_.read_chunk(i);
      if (std::exchange(first, false)) data = std::move(chunk);
      else std::move(chunk.begin(), chunk.end(), std::back_inserter(data));
    }
    if (preprocessing_policy_) preprocessing_policy_(data);
    return data;
  }

  void preload() {
    while (!stopping_) {
      std::exception_ptr thrown;
      try {
        std::optional<typename ChunkSampler::BatchRequestType> chunks;
        {
          const std::lock_guard lock(chunk_sampler_mutex_);
          chunks = chunk_sampler_.next(options_.cross_chunk_shuffle_count());
        }
        if (!chunks) break;
        UnwrappedBatchType data = read(*chunks);
        if (!data.empty()) buffer_->add(std::move(data));
      } catch (...) {
        thrown = std::current_exception();
      }
      if (thrown) buffer_->add(std::move(thrown));  // nothing of it stays with this thread, which would destroy it while it is read
    }
    if (--preloading_ == 0) buffer_->stop();
  }

  void stop() {
    stopping_ = true;
    if (buffer_) buffer_->stop();
    for (std::thread& preloader : preloaders_) preloader.join();
    preloaders_.clear();
  }

  ChunkReader chunk_reader_;
  ChunkSampler chunk_sampler_;
  ExampleSampler example_sampler_;
  const ChunkDatasetOptions options_;
  const std::function<void(UnwrappedBatchType&)> preprocessing_policy_;
  mutable std::mutex chunk_sampler_mutex_;
  bool loaded_ = false;
  std::unique_ptr<Buffer> buffer_;
  std::atomic<bool> stopping_{false};
  std::atomic<size_t> preloading_{0};
  std::vector<std::thread> preloaders_;
};

}}}  // namespace torch::xgrad::data::datasets
