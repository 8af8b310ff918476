#include <xgrad/data/samplers/random.h>

#include <utility>

#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operations/random.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

namespace {

void check_size(const char* sampler, std::optional<size_t> new_size, size_t size) {
  XGRAD_CHECK_AS(ValueError, !new_size || *new_size == size, "[", sampler, "] reset: the size can't change, which is ", size, ", got ",
                 new_size.value_or(size));
}

}  // namespace

RandomSampler::RandomSampler(int64_t size, Dtype index_dtype) : DrawnSampler(randperm(size, index_dtype)) {}
RandomSampler::~RandomSampler() = default;

Tensor RandomSampler::draw(std::optional<size_t> new_size) {
  return randperm(new_size ? static_cast<int64_t>(*new_size) : order().numel(), order().options());
}

WeightedRandomSampler::WeightedRandomSampler(const Tensor& weights, int64_t num_samples, bool replacement, Generator generator)
    : weights_(contiguous_as(weights.detach(), kFloat64).clone()),
      num_samples_(num_samples),
      replacement_(replacement),
      generator_(std::move(generator)) {
  XGRAD_CHECK_AS(ValueError, weights_.dim() == 1, "[WeightedRandomSampler] weights should be a 1d sequence but given weights have shape ",
                 weights_.sizes());
  XGRAD_CHECK_AS(ValueError, num_samples > 0,
                 "[WeightedRandomSampler] num_samples should be a positive integer value, but got num_samples=", num_samples);
}

namespace {
Tensor as_tensor(ArrayRef<double> values) {
  Tensor t = allocate_tensor({static_cast<int64_t>(values.size())}, kFloat64);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}
}  // namespace

WeightedRandomSampler::WeightedRandomSampler(ArrayRef<double> weights, int64_t num_samples, bool replacement, Generator generator)
    : WeightedRandomSampler(as_tensor(weights), num_samples, replacement, std::move(generator)) {}
WeightedRandomSampler::~WeightedRandomSampler() = default;

Tensor WeightedRandomSampler::draw(std::optional<size_t> new_size) {
  check_size("WeightedRandomSampler", new_size, static_cast<size_t>(weights_.numel()));
  return multinomial(weights_, num_samples_, replacement_, generator_);
}

SubsetRandomSampler::SubsetRandomSampler(std::vector<size_t> indices, Generator generator)
    : indices_(std::move(indices)), generator_(std::move(generator)) {}
SubsetRandomSampler::~SubsetRandomSampler() = default;

Tensor SubsetRandomSampler::draw(std::optional<size_t> new_size) {
  check_size("SubsetRandomSampler", new_size, indices_.size());
  Tensor order = randperm(static_cast<int64_t>(indices_.size()), generator_);
  auto* const place = order.data_ptr<int64_t>();
  for (size_t i = 0; i < indices_.size(); ++i) place[i] = static_cast<int64_t>(indices_[static_cast<size_t>(place[i])]);
  return order;
}

}}}  // namespace torch::xgrad::data::samplers
