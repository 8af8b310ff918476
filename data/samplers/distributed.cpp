#include <xgrad/data/samplers/distributed.h>

#include <algorithm>
#include <random>
#include <utility>

#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

void detail::check_rank(size_t num_replicas, size_t rank) {
  XGRAD_CHECK_AS(ValueError, rank < num_replicas, "[DistributedSampler] rank must be below num_replicas, got rank ", rank, " of ", num_replicas,
                 " replicas");
}

DistributedStretch::~DistributedStretch() = default;

void DistributedStretch::start(size_t epoch) {
  const size_t count = local_sample_count();
  arrange(count * num_replicas_, epoch);
  drawn_epoch_ = epoch;
  place_ = rank_ * count;
  end_ = place_ + count;
}

void DistributedStretch::reset(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  start(epoch_);
}

std::optional<std::vector<size_t>> DistributedStretch::next(size_t batch_size) {
  const size_t left = end_ - place_;
  if (left == 0) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, left));
  for (size_t& index : batch) index = example(place_++);
  return batch;
}

void DistributedStretch::save(serialize::OutputArchive& archive) const {
  save_place(archive, place_, size_);
  archive.write("epoch", IValue(epoch_));
  archive.write("drawn_epoch", IValue(drawn_epoch_));
  archive.write("num_replicas", IValue(num_replicas_));
  archive.write("rank", IValue(rank_));
  archive.write("allow_duplicates", IValue(allow_duplicates_));
}

void DistributedStretch::load(serialize::InputArchive& archive) {
  const size_t replicas = read_count(archive, "num_replicas"), rank = read_count(archive, "rank");
  IValue duplicates;
  archive.read("allow_duplicates", duplicates);
  XGRAD_CHECK(replicas == num_replicas_, "[DistributedSampler] load: the saved sampler has num_replicas ", replicas, ", this one ", num_replicas_);
  XGRAD_CHECK(rank == rank_, "[DistributedSampler] load: the saved sampler has rank ", rank, ", this one ", rank_);
  XGRAD_CHECK(duplicates.toBool() == allow_duplicates_, "[DistributedSampler] load: the saved sampler has allow_duplicates ", duplicates.toBool(),
              ", this one ", allow_duplicates_);
  const size_t place = read_count(archive, "index"), size = read_count(archive, "size"), epoch = read_count(archive, "epoch"),
               drawn = read_count(archive, "drawn_epoch");
  const size_t before = std::exchange(size_, size);
  try {
    const size_t count = local_sample_count();
    XGRAD_CHECK(place >= rank_ * count && place - rank_ * count <= count, "[DistributedSampler] load: position ", place,
                " is outside the share of rank ", rank_);
    start(drawn);
  } catch (...) {
    size_ = before;
    throw;
  }
  epoch_ = epoch;
  place_ = place;
}

DistributedRandomSampler::DistributedRandomSampler(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates)
    : DistributedStretch(size, num_replicas, rank, allow_duplicates) {
  start(0);
}
DistributedRandomSampler::~DistributedRandomSampler() = default;

void DistributedRandomSampler::arrange(size_t count, size_t epoch) {
  std::vector<size_t> order(count);
  for (size_t i = 0; i < count; ++i) order[i] = i % size_;
  std::mt19937 generator(static_cast<std::mt19937::result_type>(epoch));
  std::shuffle(order.begin(), order.end(), generator);
  order_ = std::move(order);
}

DistributedSequentialSampler::DistributedSequentialSampler(size_t size, size_t num_replicas, size_t rank, bool allow_duplicates)
    : DistributedStretch(size, num_replicas, rank, allow_duplicates) {
  start(0);
}
DistributedSequentialSampler::~DistributedSequentialSampler() = default;

}}}  // namespace torch::xgrad::data::samplers
