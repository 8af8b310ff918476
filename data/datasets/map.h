// A dataset seen through a transform.
#pragma once

#include <type_traits>
#include <utility>

#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

namespace detail {
template <bool stateful, class Batch> using OptionalIf = std::conditional_t<stateful, std::optional<Batch>, Batch>;
template <class Source, class Transform> using MappedBatch = OptionalIf<Source::is_stateful, typename Transform::OutputBatchType>;
// What a transform of the dataset's batches takes.
template <class Source, bool stateful = Source::is_stateful> struct UnwrappedBatch { using type = typename Source::BatchType; };
template <class Source> struct UnwrappedBatch<Source, true> { using type = typename Source::BatchType::value_type; };
}  // namespace detail

/// Gives what `transform` makes of the dataset's batches. Of a stateful dataset, it is stateful, and its end is that dataset's.
template <class SourceDataset, class AppliedTransform>
class MapDataset : public BatchDataset<MapDataset<SourceDataset, AppliedTransform>, detail::MappedBatch<SourceDataset, AppliedTransform>,
                                       typename SourceDataset::BatchRequestType> {
 public:
  using DatasetType = SourceDataset;
  using TransformType = AppliedTransform;
  using BatchRequestType = typename SourceDataset::BatchRequestType;
  using OutputBatchType = detail::MappedBatch<SourceDataset, AppliedTransform>;

  MapDataset(DatasetType dataset, TransformType transform) : dataset_(std::move(dataset)), transform_(std::move(transform)) {}

  OutputBatchType get_batch(BatchRequestType request) override {
    if constexpr (SourceDataset::is_stateful) {
      auto batch = dataset_.get_batch(std::move(request));
      if (!batch) return std::nullopt;
      return transform_.apply_batch(std::move(*batch));
    } else {
      return transform_.apply_batch(dataset_.get_batch(std::move(request)));
    }
  }
  std::optional<size_t> size() const noexcept override { return dataset_.size(); }
  /// For stateful datasets.
  void reset() { dataset_.reset(); }
  const SourceDataset& dataset() noexcept { return dataset_; }
  const AppliedTransform& transform() noexcept { return transform_; }

 private:
  SourceDataset dataset_;
  AppliedTransform transform_;
};

template <class DatasetType, class TransformType> MapDataset<DatasetType, TransformType> map(DatasetType dataset, TransformType transform) {
  static_assert(std::is_same_v<typename detail::UnwrappedBatch<DatasetType>::type, typename TransformType::InputBatchType>,
                "the dataset's BatchType is not the transform's InputBatchType");
  return {std::move(dataset), std::move(transform)};
}

}}}  // namespace torch::xgrad::data::datasets
