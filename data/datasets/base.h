// What every dataset is.
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/data/example.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

template <class SourceDataset, class AppliedTransform> class MapDataset;
template <class DatasetType, class TransformType> MapDataset<DatasetType, TransformType> map(DatasetType dataset, TransformType transform);

namespace detail {
template <class T> struct IsOptional : std::false_type {};
template <class T> struct IsOptional<std::optional<T>> : std::true_type {};
}  // namespace detail

/// A dataset asked for whole batches. Derive as `class Mine : public BatchDataset<Mine, Batch>`. A data loader with
/// workers copies it once for each of them. Where Batch is a std::optional the dataset is stateful: it decides itself what comes next, has a
/// `void reset()` for the start of an epoch, gives nothing when that is over, and is shared by the workers.
template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = ArrayRef<size_t>> class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = BatchRequest;
  static constexpr bool is_stateful = detail::IsOptional<Batch>::value;

  virtual ~BatchDataset() = default;
  virtual Batch get_batch(BatchRequest request) = 0;
  /// Number of examples, if there is one.
  virtual std::optional<size_t> size() const = 0;

  /// A dataset that applies `transform` to every batch of this one. Transforms can follow each other: .map(a).map(b).
  template <class TransformType> MapDataset<Self, TransformType> map(TransformType transform) & {
    return datasets::map(static_cast<Self&>(*this), std::move(transform));
  }
  template <class TransformType> MapDataset<Self, TransformType> map(TransformType transform) && {
    return datasets::map(std::move(static_cast<Self&>(*this)), std::move(transform));
  }
};

/// A dataset that knows the example at each index; a batch is a vector of them.
template <class Self, class SingleExample = Example<>> class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;

  virtual ExampleType get(size_t index) = 0;

  std::vector<ExampleType> get_batch(ArrayRef<size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    for (const size_t i : indices) batch.push_back(get(i));
    return batch;
  }
};

/// A dataset asked for a number of examples instead of indices.
template <class Self, class Batch = std::vector<Example<>>> using StreamDataset = BatchDataset<Self, Batch, size_t>;

}}}  // namespace torch::xgrad::data::datasets
