// Examples in random order.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/samplers/base.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// Every index below `size` once an epoch, in an order that randperm draws from the default generator: once when the sampler is
/// made and once at every reset. So the same manual_seed gives libtorch's batches.
class XGRAD_API RandomSampler : public Sampler<> {
 public:
  explicit RandomSampler(int64_t size, Dtype index_dtype = kInt64);
  ~RandomSampler() override;
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  /// How many indices this epoch has given.
  size_t index() const noexcept { return index_; }

 private:
  Tensor indices_;
  size_t index_ = 0;
};

}}}  // namespace torch::xgrad::data::samplers
