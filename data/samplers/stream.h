// Batches of a stream, in which examples have no indices.
#pragma once

#include <xgrad/data/samplers/base.h>
#include <xgrad/data/samplers/custom_batch_request.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// A number of examples; converts to it.
struct XGRAD_API BatchSize : public CustomBatchRequest {
  explicit BatchSize(size_t size);
  ~BatchSize() override;
  size_t size() const noexcept override;
  operator size_t() const noexcept { return size_; }
  size_t size_;
};

/// Asks for `epoch_size` examples an epoch; which these are is the dataset's decision, a StreamDataset for one.
class XGRAD_API StreamSampler : public Sampler<BatchSize> {
 public:
  explicit StreamSampler(size_t epoch_size);
  ~StreamSampler() override;
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<BatchSize> next(size_t batch_size) override;
  /// The size and the place.
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;

 private:
  size_t examples_retrieved_so_far_ = 0;
  size_t epoch_size_;
};

}}}  // namespace torch::xgrad::data::samplers
