#include <xgrad/data/samplers/sequential.h>

#include <algorithm>
#include <numeric>

#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

void SequentialSampler::reset(std::optional<size_t> new_size) {
  size_ = new_size.value_or(size_);
  index_ = 0;
}

std::optional<std::vector<size_t>> SequentialSampler::next(size_t batch_size) {
  const size_t left = size_ - index_;
  if (left == 0) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, left));
  std::iota(batch.begin(), batch.end(), index_);
  index_ += batch.size();
  return batch;
}

void SequentialSampler::save(serialize::OutputArchive& archive) const { save_place(archive, index_, size_); }
void SequentialSampler::load(serialize::InputArchive& archive) { load_place(archive, index_, size_); }

}}}  // namespace torch::xgrad::data::samplers
