// Pooling: options, as functions and as modules. Each computes what the operation of its name does (autograd/ops/pooling/pooling.h).
//
// kernel_size, stride, padding and dilation have a number for each axis, or one for all; stride begins as the kernel's size. The functions
// with indices, and forward_with_indices(), give the positions of the largest elements too.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include <xgrad/nn/any_module.h>
#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares module `NameImpl` with options `NameOptions`, which `Sizes` alone can stand for, up to its forward().
#define XGRAD_SIZED_LAYER(Name, Sizes)                                                           \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {               \
   public:                                                                                       \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                           \
    template <class = void> Name##Impl(const Sizes& sizes) : Name##Impl(Name##Options(sizes)) {} \
    void pretty_print(std::ostream& stream) const override;
/// Declares functional::function of an image and the module that computes it.
#define XGRAD_POOL(Name, function, Sizes)                                           \
  namespace functional {                                                            \
  using Name##FuncOptions = Name##Options;                                          \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options); \
  }                                                                                 \
  XGRAD_SIZED_LAYER(Name, Sizes)                                                    \
  Tensor forward(const Tensor& input);                                              \
  }                                                                                 \
  ;                                                                                 \
  TORCH_MODULE(Name)
/// The same with indices.
#define XGRAD_MAX_POOL(Name, function, Sizes)                                                                          \
  namespace functional {                                                                                               \
  using Name##FuncOptions = Name##Options;                                                                             \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options);                                    \
  XGRAD_API std::tuple<Tensor, Tensor> function##_with_indices(const Tensor& input, const Name##FuncOptions& options); \
  }                                                                                                                    \
  XGRAD_SIZED_LAYER(Name, Sizes)                                                                                       \
  Tensor forward(const Tensor& input);                                                                                 \
  std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);                                                \
  }                                                                                                                    \
  ;                                                                                                                    \
  TORCH_MODULE(Name)

template <size_t D> struct MaxPoolOptions {
  MaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1})), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})), (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1})),
               (bool, ceil_mode, false))
};
using MaxPool1dOptions = MaxPoolOptions<1>;
using MaxPool2dOptions = MaxPoolOptions<2>;
using MaxPool3dOptions = MaxPoolOptions<3>;
XGRAD_MAX_POOL(MaxPool1d, max_pool1d, ExpandingArray<1>);
XGRAD_MAX_POOL(MaxPool2d, max_pool2d, ExpandingArray<2>);
XGRAD_MAX_POOL(MaxPool3d, max_pool3d, ExpandingArray<3>);

/// divisor_override has no meaning for one axis.
template <size_t D> struct AvgPoolOptions {
  AvgPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1})), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})), (bool, ceil_mode, false, never), (bool, count_include_pad, true, never),
               (std::optional<int64_t>, divisor_override, , never))
};
using AvgPool1dOptions = AvgPoolOptions<1>;
using AvgPool2dOptions = AvgPoolOptions<2>;
using AvgPool3dOptions = AvgPoolOptions<3>;
XGRAD_POOL(AvgPool1d, avg_pool1d, ExpandingArray<1>);
XGRAD_POOL(AvgPool2d, avg_pool2d, ExpandingArray<2>);
XGRAD_POOL(AvgPool3d, avg_pool3d, ExpandingArray<3>);

/// output_size: a number left out is that of the input.
template <class Sizes> struct AdaptivePoolOptions {
  AdaptivePoolOptions(Sizes output_size) : output_size_(output_size) {}
  XGRAD_FIELDS((Sizes, output_size, Sizes(int64_t{1})))
};
template <class Sizes> using AdaptiveMaxPoolOptions = AdaptivePoolOptions<Sizes>;
using AdaptiveMaxPool1dOptions = AdaptiveMaxPoolOptions<ExpandingArray<1>>;
using AdaptiveMaxPool2dOptions = AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveMaxPool3dOptions = AdaptiveMaxPoolOptions<ExpandingArrayWithOptionalElem<3>>;
XGRAD_MAX_POOL(AdaptiveMaxPool1d, adaptive_max_pool1d, ExpandingArray<1>);
XGRAD_MAX_POOL(AdaptiveMaxPool2d, adaptive_max_pool2d, ExpandingArrayWithOptionalElem<2>);
XGRAD_MAX_POOL(AdaptiveMaxPool3d, adaptive_max_pool3d, ExpandingArrayWithOptionalElem<3>);
template <class Sizes> using AdaptiveAvgPoolOptions = AdaptivePoolOptions<Sizes>;
using AdaptiveAvgPool1dOptions = AdaptiveAvgPoolOptions<ExpandingArray<1>>;
using AdaptiveAvgPool2dOptions = AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<2>>;
using AdaptiveAvgPool3dOptions = AdaptiveAvgPoolOptions<ExpandingArrayWithOptionalElem<3>>;
XGRAD_POOL(AdaptiveAvgPool1d, adaptive_avg_pool1d, ExpandingArray<1>);
XGRAD_POOL(AdaptiveAvgPool2d, adaptive_avg_pool2d, ExpandingArrayWithOptionalElem<2>);
XGRAD_POOL(AdaptiveAvgPool3d, adaptive_avg_pool3d, ExpandingArrayWithOptionalElem<3>);

/// (sum x^norm_type)^(1/norm_type) of windows.
template <size_t D> struct LPPoolOptions {
  LPPoolOptions(double norm_type, ExpandingArray<D> kernel_size) : norm_type_(norm_type), kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_FIELDS((double, norm_type, ), (ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})), (bool, ceil_mode, false))
};
using LPPool1dOptions = LPPoolOptions<1>;
using LPPool2dOptions = LPPoolOptions<2>;
#define XGRAD_LP_POOL(Name, function, axes)                                                                                      \
  namespace functional {                                                                                                         \
  using Name##FuncOptions = Name##Options;                                                                                       \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options);                                              \
  }                                                                                                                              \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {                                               \
   public:                                                                                                                       \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                                                           \
    template <class = void>                                                                                                      \
    Name##Impl(double norm_type, const ExpandingArray<axes>& kernel_size) : Name##Impl(Name##Options(norm_type, kernel_size)) {} \
    void pretty_print(std::ostream& stream) const override;                                                                      \
    Tensor forward(const Tensor& input);                                                                                         \
  };                                                                                                                             \
  TORCH_MODULE(Name)
XGRAD_LP_POOL(LPPool1d, lp_pool1d, 1);
XGRAD_LP_POOL(LPPool2d, lp_pool2d, 2);

template <size_t D> struct MaxUnpoolOptions {
  MaxUnpoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1})), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})))
};
namespace functional {
/// output_size: that of the images, with or without batch and channels; left out, the least that could have given the input.
template <size_t D> struct MaxUnpoolFuncOptions {
  MaxUnpoolFuncOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size), stride_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1})), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})), (std::optional<std::vector<int64_t>>, output_size, , never))
};
}  // namespace functional
#define XGRAD_MAX_UNPOOL(Name, function, axes)                                                                                       \
  using Name##Options = MaxUnpoolOptions<axes>;                                                                                      \
  namespace functional {                                                                                                             \
  using Name##FuncOptions = MaxUnpoolFuncOptions<axes>;                                                                              \
  XGRAD_API Tensor function(const Tensor& input, const Tensor& indices, const Name##FuncOptions& options);                           \
  }                                                                                                                                  \
  XGRAD_SIZED_LAYER(Name, ExpandingArray<axes>)                                                                                      \
  Tensor forward(const Tensor& input, const Tensor& indices, const std::optional<std::vector<int64_t>>& output_size = std::nullopt); \
                                                                                                                                     \
 protected:                                                                                                                          \
  FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(std::optional<std::vector<int64_t>>())})                                                     \
  }                                                                                                                                  \
  ;                                                                                                                                  \
  TORCH_MODULE(Name)
XGRAD_MAX_UNPOOL(MaxUnpool1d, max_unpool1d, 1);
XGRAD_MAX_UNPOOL(MaxUnpool2d, max_unpool2d, 2);
XGRAD_MAX_UNPOOL(MaxUnpool3d, max_unpool3d, 3);

/// One of output_size and output_ratio, the share of the input's size, must be given. _random_samples: where the windows lie (see
/// fractional_max_pool2d()); drawn at each call if undefined.
template <size_t D> struct FractionalMaxPoolOptions {
  using Ratio = ExpandingArray<D, double>;
  FractionalMaxPoolOptions(ExpandingArray<D> kernel_size) : kernel_size_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{1}), never), (std::optional<ExpandingArray<D>>, output_size, , never),
               (std::optional<Ratio>, output_ratio, , never), (Tensor, _random_samples, , never))
};
using FractionalMaxPool2dOptions = FractionalMaxPoolOptions<2>;
using FractionalMaxPool3dOptions = FractionalMaxPoolOptions<3>;
#define XGRAD_FRACTIONAL_MAX_POOL(Name, function, axes)                                                                     \
  namespace functional {                                                                                                    \
  using Name##FuncOptions = Name##Options;                                                                                  \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options);                                         \
  XGRAD_API std::tuple<Tensor, Tensor> function##_with_indices(const Tensor& input, const Name##FuncOptions& options);      \
  }                                                                                                                         \
  class XGRAD_API Name##Impl : public Cloneable<Name##Impl> {                                                               \
   public:                                                                                                                  \
    template <class = void> Name##Impl(const ExpandingArray<axes>& kernel_size) : Name##Impl(Name##Options(kernel_size)) {} \
    explicit Name##Impl(const Name##Options& options_);                                                                     \
    void reset() override;                                                                                                  \
    void pretty_print(std::ostream& stream) const override;                                                                 \
    Tensor forward(const Tensor& input);                                                                                    \
    std::tuple<Tensor, Tensor> forward_with_indices(const Tensor& input);                                                   \
                                                                                                                            \
    Name##Options options;                                                                                                  \
    Tensor _random_samples;                                                                                                 \
  };                                                                                                                        \
  TORCH_MODULE(Name)
/// Have a buffer `_random_samples`.
XGRAD_FRACTIONAL_MAX_POOL(FractionalMaxPool2d, fractional_max_pool2d, 2);
XGRAD_FRACTIONAL_MAX_POOL(FractionalMaxPool3d, fractional_max_pool3d, 3);

#undef XGRAD_SIZED_LAYER
#undef XGRAD_POOL
#undef XGRAD_MAX_POOL
#undef XGRAD_LP_POOL
#undef XGRAD_MAX_UNPOOL
#undef XGRAD_FRACTIONAL_MAX_POOL

}}}  // namespace torch::xgrad::nn
