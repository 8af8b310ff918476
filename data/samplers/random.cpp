#include <xgrad/data/samplers/random.h>

#include <algorithm>

#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

RandomSampler::RandomSampler(int64_t size, Dtype index_dtype) : indices_(randperm(size, index_dtype)) {}
RandomSampler::~RandomSampler() = default;

void RandomSampler::reset(std::optional<size_t> new_size) {
  const int64_t size = new_size ? static_cast<int64_t>(*new_size) : indices_.numel();
  indices_ = randperm(size, indices_.options());
  index_ = 0;
}

std::optional<std::vector<size_t>> RandomSampler::next(size_t batch_size) {
  const size_t left = static_cast<size_t>(indices_.numel()) - index_;
  if (left == 0) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, left));
  dispatch_all(indices_.dtype(), "RandomSampler", [&](auto zero) {
    const auto* from = static_cast<const decltype(zero)*>(indices_.data_ptr()) + index_;
    for (size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<size_t>(from[i]);
  });
  index_ += batch.size();
  return batch;
}

void RandomSampler::save(serialize::OutputArchive& archive) const {
  archive.write("index", IValue(index_));
  archive.write("indices", indices_, /*is_buffer=*/true);
}

void RandomSampler::load(serialize::InputArchive& archive) {
  IValue index;
  Tensor indices;
  archive.read("index", index);
  archive.read("indices", indices, /*is_buffer=*/true);
  XGRAD_CHECK(indices.dim() == 1 && index.toInt() >= 0 && index.toInt() <= indices.numel(), "[RandomSampler] position ", index.toInt(),
              " is outside the saved order, whose shape is ", indices.sizes());
  indices_ = contiguous_as(indices, indices.dtype());
  index_ = static_cast<size_t>(index.toInt());
}

}}}  // namespace torch::xgrad::data::samplers
