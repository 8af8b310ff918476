// Examples in random order.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/data/samplers/drawn.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// Every index below `size` once an epoch, in an order that randperm draws from the default generator: once when the sampler is
/// made and once at every reset. So the same manual_seed gives libtorch's batches.
class XGRAD_API RandomSampler : public DrawnSampler {
 public:
  /// `index_dtype`: of the order that is kept.
  explicit RandomSampler(int64_t size, Dtype index_dtype = kInt64);
  ~RandomSampler() override;

 protected:
  Tensor draw(std::optional<size_t> new_size) override;
};

/// `num_samples` indices an epoch, of which i comes up with a probability proportional to weights[i]; without `replacement` each at most
/// once. What multinomial draws from `generator`, the default one unless it is given, at every reset and at no other time: the same seed
/// gives the indices of Python's torch.utils.data.WeightedRandomSampler. Throws unless weights is [n] (it is taken as float64) and
/// num_samples is at least 1; a reset throws what multinomial does.
class XGRAD_API WeightedRandomSampler : public DrawnSampler {
 public:
  WeightedRandomSampler(const Tensor& weights, int64_t num_samples, bool replacement = true, Generator generator = {});
  WeightedRandomSampler(ArrayRef<double> weights, int64_t num_samples, bool replacement = true, Generator generator = {});
  ~WeightedRandomSampler() override;
  size_t size() const noexcept override { return static_cast<size_t>(num_samples_); }

 protected:
  /// Throws when there is a `new_size` that isn't the number of weights.
  Tensor draw(std::optional<size_t> new_size) override;

 private:
  Tensor weights_;
  int64_t num_samples_;
  bool replacement_;
  Generator generator_;
};

/// Each of `indices` once an epoch, in an order that randperm draws from `generator`, the default one unless it is given, at every reset
/// and at no other time: the same seed gives the order of Python's torch.utils.data.SubsetRandomSampler.
class XGRAD_API SubsetRandomSampler : public DrawnSampler {
 public:
  explicit SubsetRandomSampler(std::vector<size_t> indices, Generator generator = {});
  ~SubsetRandomSampler() override;
  size_t size() const noexcept override { return indices_.size(); }

 protected:
  /// Throws when there is a `new_size` that isn't the number of indices.
  Tensor draw(std::optional<size_t> new_size) override;

 private:
  std::vector<size_t> indices_;
  Generator generator_;
};

}}}  // namespace torch::xgrad::data::samplers
