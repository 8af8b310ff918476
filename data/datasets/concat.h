// Several datasets as one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

namespace detail {
template <class D, class = void> struct HasGet : std::false_type {};
template <class D> struct HasGet<D, std::void_t<decltype(std::declval<D&>().get(size_t{0}))>> : std::true_type {};
}  // namespace detail

/// The examples of the first dataset, then those of the second, and so on, as Python's torch.utils.data.ConcatDataset. The datasets may be of
/// different types; each has a size and batches that are vectors of SingleExample, which is deduced: `ConcatDataset(mnist, mine)`.
template <class SingleExample = Example<>> class ConcatDataset : public Dataset<ConcatDataset<SingleExample>, SingleExample> {
 public:
  /// Throws when there is no dataset, or one without a size.
  template <class D> explicit ConcatDataset(std::vector<D> datasets) {
    XGRAD_CHECK_AS(ValueError, !datasets.empty(), "[ConcatDataset] datasets should not be an empty iterable");
    for (D& dataset : datasets) append(std::move(dataset));
  }
  template <class First, class Second, class... Others> ConcatDataset(First first, Second second, Others... others) {
    append(std::move(first));
    append(std::move(second));
    (append(std::move(others)), ...);
  }

  /// Throws IndexError for an index outside.
  SingleExample get(size_t index) override {
    XGRAD_CHECK_AS(IndexError, index < *size(), "[ConcatDataset] index ", index, " is outside the ", *size(), " examples");
    const auto part = static_cast<size_t>(std::upper_bound(ends_.begin(), ends_.end(), index) - ends_.begin());
    return get_[part](part == 0 ? index : index - ends_[part - 1]);
  }
  std::optional<size_t> size() const override { return ends_.back(); }
  /// How many examples the first dataset has, the first two have, and so on.
  const std::vector<size_t>& cumulative_sizes() const noexcept { return ends_; }

 private:
  template <class D> void append(D dataset) {
    static_assert(std::is_same_v<typename D::BatchType, std::vector<SingleExample>>, "the datasets' examples must be of one type");
    const std::optional<size_t> size = dataset.size();
    XGRAD_CHECK_AS(ValueError, size.has_value(), "[ConcatDataset] Expected dataset ", ends_.size(), " to have a size");
    ends_.push_back((ends_.empty() ? 0 : ends_.back()) + *size);
    get_.push_back([dataset = std::move(dataset)](size_t i) mutable -> SingleExample {
      if constexpr (detail::HasGet<D>::value) return dataset.get(i);
      else return std::move(dataset.get_batch(ArrayRef<size_t>(i)).front());
    });
  }

  std::vector<size_t> ends_;
  std::vector<std::function<SingleExample(size_t)>> get_;
};

template <class D> ConcatDataset(std::vector<D>) -> ConcatDataset<typename D::BatchType::value_type>;
template <class First, class Second, class... Others> ConcatDataset(First, Second, Others...) -> ConcatDataset<typename First::BatchType::value_type>;

}}}  // namespace torch::xgrad::data::datasets
