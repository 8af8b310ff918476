// How a data loader works.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace data {

/// Declares an option with its initial value: a setter that chains and a getter.
#define XGRAD_LOADER_OPTION(Type, name, initial)        \
 public:                                                \
  DataLoaderOptions& name(Type value) {                 \
    name##_ = value;                                    \
    return *this;                                       \
  }                                                     \
  const Type& name() const noexcept { return name##_; } \
  Type& name() noexcept { return name##_; }             \
                                                        \
 private:                                               \
  Type name##_ = initial

class DataLoaderOptions {
 public:
  DataLoaderOptions() = default;
  DataLoaderOptions(size_t batch_size) : batch_size_(batch_size) {}

  /// Examples in a batch, at least 1.
  XGRAD_LOADER_OPTION(size_t, batch_size, 1);
  /// Threads that prepare batches ahead, each with a copy of the dataset; 0: batches are prepared when asked for.
  XGRAD_LOADER_OPTION(size_t, workers, 0);
  /// Batches in preparation or waiting at one time; 2 * workers unless given.
  XGRAD_LOADER_OPTION(std::optional<size_t>, max_jobs, std::nullopt);
  /// How long to wait for a batch before the loader throws; for ever unless given.
  XGRAD_LOADER_OPTION(std::optional<std::chrono::milliseconds>, timeout, std::nullopt);
  /// Whether batches come in the sampler's order, whichever worker is done first.
  XGRAD_LOADER_OPTION(bool, enforce_ordering, true);
  /// Whether a last batch of fewer examples is left out.
  XGRAD_LOADER_OPTION(bool, drop_last, false);
};
#undef XGRAD_LOADER_OPTION

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
