// Samplers whose order is drawn when an epoch begins.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/samplers/base.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// Hands out the indices of an order, a tensor of integers. Derive and define draw().
class XGRAD_API DrawnSampler : public Sampler<> {
 public:
  ~DrawnSampler() override;
  /// Draws the order of a new epoch.
  void reset(std::optional<size_t> new_size = std::nullopt) override;
  /// The next indices of the order, which is drawn if none has been.
  std::optional<std::vector<size_t>> next(size_t batch_size) override;
  /// The order and the place in it.
  void save(serialize::OutputArchive& archive) const override;
  /// Throws, and changes nothing, when that is not what the archive holds.
  void load(serialize::InputArchive& archive) override;
  /// How many indices this epoch has given.
  size_t index() const noexcept { return index_; }
  /// How many an epoch gives.
  virtual size_t size() const noexcept { return static_cast<size_t>(order_.numel()); }

 protected:
  DrawnSampler() = default;
  explicit DrawnSampler(Tensor order);
  /// An order, [n] of integers: for `new_size` examples, or as many as before.
  virtual Tensor draw(std::optional<size_t> new_size) = 0;
  /// The order of this epoch; undefined before one was drawn.
  const Tensor& order() const noexcept { return order_; }

 private:
  Tensor order_;
  size_t index_ = 0;
};

}}}  // namespace torch::xgrad::data::samplers
