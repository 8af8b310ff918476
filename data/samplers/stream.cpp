#include <xgrad/data/samplers/stream.h>

#include <algorithm>

#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

CustomBatchRequest::~CustomBatchRequest() = default;

BatchSize::BatchSize(size_t size) : size_(size) {}
BatchSize::~BatchSize() = default;
size_t BatchSize::size() const noexcept { return size_; }

StreamSampler::StreamSampler(size_t epoch_size) : epoch_size_(epoch_size) {}
StreamSampler::~StreamSampler() = default;

void StreamSampler::reset(std::optional<size_t> new_size) {
  epoch_size_ = new_size.value_or(epoch_size_);
  examples_retrieved_so_far_ = 0;
}

std::optional<BatchSize> StreamSampler::next(size_t batch_size) {
  const size_t left = epoch_size_ - examples_retrieved_so_far_;
  if (left == 0) return std::nullopt;
  const BatchSize batch(std::min(batch_size, left));
  examples_retrieved_so_far_ += batch.size_;
  return batch;
}

void StreamSampler::save(serialize::OutputArchive& archive) const { save_place(archive, examples_retrieved_so_far_, epoch_size_); }
void StreamSampler::load(serialize::InputArchive& archive) { load_place(archive, examples_retrieved_so_far_, epoch_size_); }

}}}  // namespace torch::xgrad::data::samplers
