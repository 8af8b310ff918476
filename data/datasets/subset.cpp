#include <xgrad/data/datasets/subset.h>

#include <cmath>
#include <numeric>

#include <xgrad/autograd/ops/random/random.h>

namespace torch { inline namespace xgrad { namespace data::datasets::detail {

std::vector<std::vector<size_t>> split_indices(size_t size, ArrayRef<size_t> lengths, const Generator& generator) {
  const size_t sum = std::accumulate(lengths.begin(), lengths.end(), size_t{0});
  XGRAD_CHECK_AS(ValueError, sum == size, "[random_split] Sum of input lengths does not equal the length of the input dataset: ", sum, " against ",
                 size);
  const Tensor order = randperm(static_cast<int64_t>(size), generator);
  const auto* next = order.data_ptr<int64_t>();
  std::vector<std::vector<size_t>> parts;
  for (const size_t length : lengths) {
    parts.emplace_back(next, next + length);
    next += length;
  }
  return parts;
}

std::vector<size_t> lengths_of_fractions(size_t size, ArrayRef<double> fractions) {
  double sum = 0;
  for (size_t i = 0; i < fractions.size(); ++i) {
    XGRAD_CHECK_AS(ValueError, fractions[i] >= 0 && fractions[i] <= 1, "[random_split] Fraction at index ", i, " is not between 0 and 1, got ",
                   fractions[i]);
    sum += fractions[i];
  }
  // What Python's math.isclose allows, and no more than 1.
  XGRAD_CHECK_AS(ValueError, sum <= 1 && 1 - sum <= 1e-9, "[random_split] fractions must sum to 1, got ", sum);
  std::vector<size_t> lengths;
  size_t left = size;
  for (const double fraction : fractions) {
    lengths.push_back(static_cast<size_t>(std::floor(static_cast<double>(size) * fraction)));
    left -= lengths.back();
  }
  for (size_t i = 0; i < left; ++i) ++lengths[i % lengths.size()];
  return lengths;
}

}}}  // namespace torch::xgrad::data::datasets::detail
