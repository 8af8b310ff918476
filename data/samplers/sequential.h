// Examples in their order.
#pragma once

#include <xgrad/data/samplers/base.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// 0, 1, 2, ... up to size - 1, every epoch.
class XGRAD_API SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(size_t size) : size_(size) {}
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  /// The size and the place.
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// How many indices this epoch has given.
  size_t index() const noexcept { return index_; }
  /// How many an epoch gives.
  size_t size() const noexcept { return size_; }

 private:
  size_t size_;
  size_t index_ = 0;
};

}}}  // namespace torch::xgrad::data::samplers
