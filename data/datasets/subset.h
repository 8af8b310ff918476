// Parts of a dataset.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

/// The examples of `dataset` at `indices`, in that order; an index may come up twice.
template <class WholeDataset>
class Subset : public BatchDataset<Subset<WholeDataset>, typename WholeDataset::BatchType, typename WholeDataset::BatchRequestType> {
 public:
  static_assert(!WholeDataset::is_stateful, "a stateful dataset has no indices");
  using BatchType = typename WholeDataset::BatchType;
  using BatchRequestType = typename WholeDataset::BatchRequestType;

  Subset(WholeDataset dataset, std::vector<size_t> indices)
      : dataset_(std::move(dataset)), indices_(std::make_shared<const std::vector<size_t>>(std::move(indices))) {}

  /// Throws IndexError for an index outside the subset.
  BatchType get_batch(BatchRequestType request) override {
    std::vector<size_t> batch;
    batch.reserve(request.size());
    for (const size_t i : request) batch.push_back(at(i));
    return dataset_.get_batch(batch);
  }
  /// For datasets that have it.
  template <class D = WholeDataset> auto get(size_t index) -> decltype(std::declval<D&>().get(index)) { return dataset_.get(at(index)); }
  std::optional<size_t> size() const override { return indices_->size(); }

  const WholeDataset& dataset() const noexcept { return dataset_; }
  const std::vector<size_t>& indices() const noexcept { return *indices_; }

 private:
  size_t at(size_t i) const {
    XGRAD_CHECK_AS(IndexError, i < indices_->size(), "[Subset] index ", i, " is outside the subset, which has ", indices_->size(), " examples");
    return (*indices_)[i];
  }

  WholeDataset dataset_;
  std::shared_ptr<const std::vector<size_t>> indices_;  // shared by the copies that workers have
};

namespace detail {
/// What random_split gives to each part, for a dataset of `size`.
XGRAD_API std::vector<std::vector<size_t>> split_indices(size_t size, ArrayRef<size_t> lengths, const Generator& generator);
/// The lengths of fractions that sum to 1.
XGRAD_API std::vector<size_t> lengths_of_fractions(size_t size, ArrayRef<double> fractions);
}  // namespace detail

/// Parts of a dataset, each example in one of them, chosen by randperm of `generator`, the default one unless it is given: the split of
/// Python's torch.utils.data.random_split for the same seed. `lengths` are the numbers of examples, or, as floating-point numbers,
/// fractions: each part then gets floor(size * fraction) examples, and those that are left over go to the first parts, one each. Throws
/// unless the lengths sum to the dataset's size, or the fractions, in [0, 1], to 1.
template <class WholeDataset, class Length>
std::vector<Subset<WholeDataset>> random_split(WholeDataset dataset, const std::vector<Length>& lengths, const Generator& generator = {}) {
  const std::optional<size_t> size = dataset.size();
  XGRAD_CHECK_AS(ValueError, size.has_value(), "[random_split] Expected the dataset to have a size");
  std::vector<size_t> counts;
  if constexpr (std::is_floating_point_v<Length>) counts = detail::lengths_of_fractions(*size, std::vector<double>(lengths.begin(), lengths.end()));
  else counts.assign(lengths.begin(), lengths.end());
  std::vector<Subset<WholeDataset>> parts;
  for (std::vector<size_t>& indices : detail::split_indices(*size, counts, generator)) parts.emplace_back(dataset, std::move(indices));
  return parts;
}
template <class WholeDataset, class Length>
std::vector<Subset<WholeDataset>> random_split(WholeDataset dataset, std::initializer_list<Length> lengths, const Generator& generator = {}) {
  return random_split(std::move(dataset), std::vector<Length>(lengths), generator);
}

}}}  // namespace torch::xgrad::data::datasets
