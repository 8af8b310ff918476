// The share of one process among several that train together.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <xgrad/data/samplers/base.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

namespace detail {
/// Throws unless rank < num_replicas.
XGRAD_API void check_rank(size_t num_replicas, size_t rank);
}  // namespace detail

/// Of `size` examples in some order, those that replica `rank` of `num_replicas` gets: all get the same number, for which the first
/// come up a second time at the end when `allow_duplicates`, and otherwise some of the last not at all. Throws unless rank <
/// num_replicas.
template <class BatchRequest = std::vector<size_t>> class DistributedSampler : public Sampler<BatchRequest> {
 public:
  DistributedSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true)
      : size_(size), num_replicas_(num_replicas), rank_(rank), epoch_(0), allow_duplicates_(allow_duplicates) {
    detail::check_rank(num_replicas, rank);
  }

  /// The epoch that the next reset() begins; all replicas must say the same.
  void set_epoch(size_t epoch) { epoch_ = epoch; }
  size_t epoch() const { return epoch_; }

 protected:
  size_t local_sample_count() const { return (allow_duplicates_ ? size_ + num_replicas_ - 1 : size_) / num_replicas_; }

  size_t size_;
  size_t num_replicas_;
  size_t rank_;
  size_t epoch_;
  bool allow_duplicates_;
};

/// One stretch of the order after the other, of equal length, for each rank. Derive and define arrange() and example().
class XGRAD_API DistributedStretch : public DistributedSampler<> {
 public:
  using DistributedSampler<>::DistributedSampler;
  ~DistributedStretch() override;
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  /// The size, the epochs and the place.
  void save(serialize::OutputArchive& archive) const override;
  /// Throws, naming it, when num_replicas, rank or allow_duplicates was another.
  void load(serialize::InputArchive& archive) override;
  /// How many indices an epoch gives.
  size_t size() const noexcept { return local_sample_count(); }
  /// The place in the order of all replicas.
  size_t index() const noexcept { return place_; }

 protected:
  /// Prepares the order of `count` examples, drawn for `epoch`.
  virtual void arrange(size_t count, size_t epoch) = 0;
  /// The example at a place of the order.
  virtual size_t example(size_t place) const = 0;
  void start(size_t epoch);

 private:
  size_t place_ = 0, end_ = 0;
  size_t drawn_epoch_ = 0;  // set_epoch may have been called since
};

/// In random order, another for each epoch (see set_epoch) but the same for all replicas: std::shuffle with a std::mt19937 seeded by
/// the epoch, which with one standard library is libtorch's order.
class XGRAD_API DistributedRandomSampler : public DistributedStretch {
 public:
  DistributedRandomSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  ~DistributedRandomSampler() override;

 protected:
  void arrange(size_t count, size_t epoch) override;
  size_t example(size_t place) const override { return order_[place]; }

 private:
  std::vector<size_t> order_;
};

/// In their order.
class XGRAD_API DistributedSequentialSampler : public DistributedStretch {
 public:
  DistributedSequentialSampler(size_t size, size_t num_replicas = 1, size_t rank = 0, bool allow_duplicates = true);
  ~DistributedSequentialSampler() override;

 protected:
  void arrange(size_t, size_t) override {}
  size_t example(size_t place) const override { return place % size_; }
};

}}}  // namespace torch::xgrad::data::samplers
