#include <xgrad/data/samplers/sequential.h>

#include <algorithm>
#include <numeric>

#include <xgrad/io/archive.h>

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

void SequentialSampler::save(serialize::OutputArchive& archive) const { archive.write("index", IValue(index_)); }

void SequentialSampler::load(serialize::InputArchive& archive) {
  IValue index;
  archive.read("index", index);
  XGRAD_CHECK(index.toInt() >= 0 && static_cast<size_t>(index.toInt()) <= size_, "[SequentialSampler] position ", index.toInt(), " is outside the ",
              size_, " examples");
  index_ = static_cast<size_t>(index.toInt());
}

}}}  // namespace torch::xgrad::data::samplers
