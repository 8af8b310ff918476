// How a data loader works.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad { namespace data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}

  /// Examples in a batch, at least 1.
  XGRAD_ARG(size_t, batch_size) = 1;
  /// Threads that prepare batches ahead, each with a copy of the dataset; 0: batches are prepared when asked for.
  XGRAD_ARG(size_t, workers) = 0;
  /// Batches in preparation or waiting at one time; 2 * workers unless given.
  XGRAD_ARG(std::optional<size_t>, max_jobs);
  /// How long to wait for a batch before the loader throws; for ever unless given.
  XGRAD_ARG(std::optional<std::chrono::milliseconds>, timeout);
  /// Whether batches come in the sampler's order, whichever worker is done first.
  XGRAD_ARG(bool, enforce_ordering) = true;
  /// Whether a last batch of fewer examples is left out.
  XGRAD_ARG(bool, drop_last) = false;
};

/// The same with nothing left open.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options)
      : batch_size(options.batch_size()),
        workers(options.workers()),
        max_jobs(options.max_jobs().value_or(2 * options.workers())),
        timeout(options.timeout()),
        enforce_ordering(options.enforce_ordering()),
        drop_last(options.drop_last()) {}

  size_t batch_size;
  size_t workers;
  size_t max_jobs;
  std::optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering;
  bool drop_last;
};

}}}  // namespace torch::xgrad::data
