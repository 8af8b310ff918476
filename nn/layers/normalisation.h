// Normalisation: options, as functions and as modules. Each computes what the operation of its name does
// (autograd/ops/normalisation/normalisation.h).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// eps: is added to the variance. momentum: the weight of a batch's statistics in the running ones; none: all batches weigh the same.
/// affine: has a weight and a bias for each feature. track_running_stats: has running statistics, which evaluation uses.
struct BatchNormOptions {
  BatchNormOptions(int64_t num_features) : num_features_(num_features) {}
  XGRAD_FIELDS((int64_t, num_features, , bare), (double, eps, 1e-5), (std::optional<double>, momentum, 0.1), (bool, affine, true),
               (bool, track_running_stats, true))
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

struct InstanceNormOptions {
  InstanceNormOptions(int64_t num_features) : num_features_(num_features) {}
  XGRAD_FIELDS((int64_t, num_features, , bare), (double, eps, 1e-5), (double, momentum, 0.1), (bool, affine, false),
               (bool, track_running_stats, false))
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

namespace functional {

struct BatchNormFuncOptions {
  XGRAD_FIELDS((Tensor, weight, ), (Tensor, bias, ), (bool, training, false), (std::optional<double>, momentum, 0.1), (double, eps, 1e-5))
};
/// Throws in training for a single value per channel. The running statistics may be undefined in training.
XGRAD_API Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, const BatchNormFuncOptions& options = {});

struct InstanceNormFuncOptions {
  XGRAD_FIELDS((Tensor, running_mean, ), (Tensor, running_var, ), (Tensor, weight, ), (Tensor, bias, ), (bool, use_input_stats, true),
               (double, momentum, 0.1), (double, eps, 1e-5))
};
XGRAD_API Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options = {});

namespace detail {
XGRAD_API Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, Tensor weight, Tensor bias, bool training,
                            std::optional<double> momentum, double eps);
XGRAD_API Tensor instance_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, const Tensor& weight, const Tensor& bias,
                               bool use_input_stats, double momentum, double eps);
}  // namespace detail

}  // namespace functional

/// What batch and instance normalisation register: parameters `weight` (1 at first) and `bias` (0), buffers `running_mean` (0), `running_var`
/// (1) and `num_batches_tracked`, all undefined where the options leave them out.
template <size_t D, class Derived, class DerivedOptions> class NormImplBase : public Cloneable<Derived> {
 public:
  NormImplBase(const DerivedOptions& options_) : options(options_) { reset(); }

  void reset() override {
    const auto parameter = [this](const char* name) {
      return options.affine() ? this->register_parameter(name, empty({options.num_features()})) : this->register_parameter(name, Tensor(), false);
    };
    const auto buffer = [this](const char* name, auto make) {
      return this->register_buffer(name, options.track_running_stats() ? make() : Tensor());
    };
    weight = parameter("weight");
    bias = parameter("bias");
    running_mean = buffer("running_mean", [this] { return zeros({options.num_features()}); });
    running_var = buffer("running_var", [this] { return ones({options.num_features()}); });
    num_batches_tracked = buffer("num_batches_tracked", [] { return zeros({}, kLong); });
    reset_parameters();
  }

  void reset_running_stats() {
    if (!options.track_running_stats()) return;
    running_mean.zero_();
    running_var.fill_(1);
    num_batches_tracked.zero_();
  }
  void reset_parameters() {
    reset_running_stats();
    if (!options.affine()) return;
    init::ones_(weight);
    init::zeros_(bias);
  }

  DerivedOptions options;
  Tensor weight;
  Tensor bias;
  Tensor running_mean;
  Tensor running_var;
  Tensor num_batches_tracked;

 protected:
  /// Throws for an input with another number of axes than the module takes.
  virtual void _check_input_dim(const Tensor& input) = 0;
};

/// Batch normalisation in training by other moments than those of the input alone.
class XGRAD_API BatchMoments {
 public:
  virtual ~BatchMoments();
  /// As functional::batch_norm in training; any of the tensors but the input may be undefined.
  virtual Tensor normalise(const Tensor& input, const Tensor& running_mean, const Tensor& running_var, const Tensor& weight, const Tensor& bias,
                           double momentum, double eps) const = 0;
};

/// Moments of the batch in training, which the running ones then follow; the running ones in evaluation.
template <size_t D, class Derived> class BatchNormImplBase : public NormImplBase<D, Derived, BatchNormOptions> {
 public:
  using NormImplBase<D, Derived, BatchNormOptions>::NormImplBase;

  Tensor forward(const Tensor& input) {
    internal::prepare_forward(*this);
    this->_check_input_dim(input);
    const bool training = this->is_training() || !this->options.track_running_stats();
    double factor = this->options.momentum().value_or(0);
    if (this->is_training() && this->num_batches_tracked.defined()) {
      this->num_batches_tracked += 1;
      if (!this->options.momentum()) factor = 1 / this->num_batches_tracked.template item<double>();
    }
    if (training && moments)
      return moments->normalise(input, this->running_mean, this->running_var, this->weight, this->bias, factor, this->options.eps());
    return functional::detail::batch_norm(input, this->running_mean, this->running_var, this->weight, this->bias, training, factor,
                                          this->options.eps());
  }

  /// Null: the moments of the input. See distributed::convert_sync_batchnorm.
  std::shared_ptr<const BatchMoments> moments;
};

/// An input without a batch, one axis less, is a batch of one.
template <size_t D, class Derived> class InstanceNormImpl : public NormImplBase<D, Derived, InstanceNormOptions> {
 public:
  using NormImplBase<D, Derived, InstanceNormOptions>::NormImplBase;

  Tensor forward(const Tensor& input) {
    internal::prepare_forward(*this);
    this->_check_input_dim(input);
    return input.dim() == D + 1 ? apply(input.unsqueeze(0)).squeeze(0) : apply(input);
  }

 private:
  Tensor apply(const Tensor& input) {
    return functional::detail::instance_norm(input, this->running_mean, this->running_var, this->weight, this->bias,
                                             this->is_training() || !this->options.track_running_stats(), this->options.momentum(),
                                             this->options.eps());
  }
};

#define XGRAD_NORM(Base, Name, D)                           \
  class XGRAD_API Name##Impl : public Base<D, Name##Impl> { \
   public:                                                  \
    using Base<D, Name##Impl>::Base;                        \
    void pretty_print(std::ostream& stream) const override; \
                                                            \
   protected:                                               \
    void _check_input_dim(const Tensor& input) override;    \
  };                                                        \
  TORCH_MODULE(Name)
/// Of [N, C] or [N, C, L].
XGRAD_NORM(BatchNormImplBase, BatchNorm1d, 1);
/// Of [N, C, H, W].
XGRAD_NORM(BatchNormImplBase, BatchNorm2d, 2);
/// Of [N, C, D, H, W].
XGRAD_NORM(BatchNormImplBase, BatchNorm3d, 3);
XGRAD_NORM(InstanceNormImpl, InstanceNorm1d, 1);
XGRAD_NORM(InstanceNormImpl, InstanceNorm2d, 2);
XGRAD_NORM(InstanceNormImpl, InstanceNorm3d, 3);
#undef XGRAD_NORM

struct LayerNormOptions {
  LayerNormOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_FIELDS((std::vector<int64_t>, normalized_shape, ), (double, eps, 1e-5), (bool, elementwise_affine, true))
};

struct GroupNormOptions {
  GroupNormOptions(int64_t num_groups, int64_t num_channels) : num_groups_(num_groups), num_channels_(num_channels) {}
  XGRAD_FIELDS((int64_t, num_groups, , bare), (int64_t, num_channels, , bare), (double, eps, 1e-5), (bool, affine, true))
};

/// size: the number of channels that are added up. The divisor is (k + alpha * mean of squares)^beta.
struct LocalResponseNormOptions {
  LocalResponseNormOptions(int64_t size) : size_(size) {}
  XGRAD_FIELDS((int64_t, size, , bare), (double, alpha, 1e-4), (double, beta, 0.75), (double, k, 1.0))
};

struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(int64_t size) : size_(size) {}
  XGRAD_FIELDS((int64_t, size, , bare), (double, alpha, 1e-4), (double, beta, 0.75), (int64_t, k, 1))
};

namespace functional {

struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<int64_t> normalized_shape) : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_FIELDS((std::vector<int64_t>, normalized_shape, ), (Tensor, weight, ), (Tensor, bias, ), (double, eps, 1e-5))
};
XGRAD_API Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options);

struct GroupNormFuncOptions {
  GroupNormFuncOptions(int64_t num_groups) : num_groups_(num_groups) {}
  XGRAD_FIELDS((int64_t, num_groups, ), (Tensor, weight, ), (Tensor, bias, ), (double, eps, 1e-5))
};
XGRAD_API Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options);

using LocalResponseNormFuncOptions = LocalResponseNormOptions;
/// input / (k + alpha * mean of the squares of `size` channels around)^beta, channels beyond the ends being 0. Input: [N, C, ...] with at least
/// three axes.
XGRAD_API Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);

struct NormalizeFuncOptions {
  XGRAD_FIELDS((double, p, 2.0), (int64_t, dim, 1), (double, eps, 1e-12), (std::optional<Tensor>, out, ))
};
/// input / max(p-norm along `dim`, eps), written into `out` where that is given.
XGRAD_API Tensor normalize(const Tensor& input, NormalizeFuncOptions options = {});

}  // namespace functional

/// Has, unless the option is off, parameters `weight` (1 at first) and `bias` (0) of the normalised shape.
class XGRAD_API LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  template <class = void> LayerNormImpl(std::vector<int64_t> normalized_shape) : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(const LayerNormOptions& options_);

  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LayerNormOptions options;
  Tensor weight;
  Tensor bias;
};
TORCH_MODULE(LayerNorm);

/// Has, unless the option is off, parameters `weight` (1 at first) and `bias` (0), one element for each channel.
class XGRAD_API GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  template <class = void> GroupNormImpl(int64_t num_groups, int64_t num_channels) : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
  explicit GroupNormImpl(const GroupNormOptions& options_);

  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  GroupNormOptions options;
  Tensor weight;
  Tensor bias;
};
TORCH_MODULE(GroupNorm);

#define XGRAD_RESPONSE_NORM(Name)                                                         \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {        \
   public:                                                                                \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                    \
    template <class = void> Name##Impl(int64_t size) : Name##Impl(Name##Options(size)) {} \
    void pretty_print(std::ostream& stream) const override;                               \
    Tensor forward(const Tensor& input);                                                  \
  };                                                                                      \
  TORCH_MODULE(Name)
XGRAD_RESPONSE_NORM(LocalResponseNorm);
/// As LocalResponseNorm, of [N, C, H, W] and over an odd number of channels: (size - 1) / 2 on both sides.
XGRAD_RESPONSE_NORM(CrossMapLRN2d);
#undef XGRAD_RESPONSE_NORM

}}}  // namespace torch::xgrad::nn
