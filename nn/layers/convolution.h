// Convolutions: their options, as functions and as modules. D is the number of axes that the kernel moves along.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <xgrad/io/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace detail {

using conv_padding_mode_t = std::variant<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
/// Numbers, or what keeps the lengths (kSame) or adds nothing (kValid).
template <size_t D> using conv_padding_t = std::variant<ExpandingArray<D>, enumtype::kValid, enumtype::kSame>;

}  // namespace detail

/// What follows the fields of options with a `padding`, to which a list of numbers can be given.
#define XGRAD_PADDING_LIST \
 public:                   \
  decltype(auto) padding(std::initializer_list<int64_t> sizes) { return padding(ExpandingArray<D>(sizes)); }

namespace detail {

/// Of both kinds of modules; in a transposed one the padding is numbers.
template <size_t D> struct ConvNdOptions {
  using padding_mode_t = conv_padding_mode_t;
  using padding_t = conv_padding_t<D>;
  ConvNdOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_FIELDS((int64_t, in_channels, , bare), (int64_t, out_channels, , bare), (ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{0})),
               (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})), (padding_t, padding, ExpandingArray<D>(int64_t{0}), changed),
               (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1}), changed), (bool, transposed, false, never),
               (ExpandingArray<D>, output_padding, ExpandingArray<D>(int64_t{0}), changed), (int64_t, groups, 1, changed),
               (bool, bias, true, changed), (padding_mode_t, padding_mode, enumtype::kZeros(), changed))
  XGRAD_PADDING_LIST
};

}  // namespace detail

template <size_t D> struct ConvOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  using padding_t = detail::conv_padding_t<D>;
  ConvOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_FIELDS((int64_t, in_channels, ), (int64_t, out_channels, ), (ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{0})),
               (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})), (padding_t, padding, ExpandingArray<D>(int64_t{0})),
               (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1})), (int64_t, groups, 1), (bool, bias, true),
               (padding_mode_t, padding_mode, enumtype::kZeros()))
  XGRAD_PADDING_LIST
};

template <size_t D> struct ConvTransposeOptions {
  using padding_mode_t = detail::conv_padding_mode_t;
  ConvTransposeOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(kernel_size) {}
  XGRAD_FIELDS((int64_t, in_channels, ), (int64_t, out_channels, ), (ExpandingArray<D>, kernel_size, ExpandingArray<D>(int64_t{0})),
               (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})), (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})),
               (ExpandingArray<D>, output_padding, ExpandingArray<D>(int64_t{0})), (int64_t, groups, 1), (bool, bias, true),
               (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1})), (padding_mode_t, padding_mode, enumtype::kZeros()))
};

namespace functional {

template <size_t D> struct ConvFuncOptions {
  using padding_t = nn::detail::conv_padding_t<D>;
  XGRAD_FIELDS((Tensor, bias, Tensor()), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (padding_t, padding, ExpandingArray<D>(int64_t{0})), (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1})),
               (int64_t, groups, 1))
  XGRAD_PADDING_LIST
};

template <size_t D> struct ConvTransposeFuncOptions {
  XGRAD_FIELDS((Tensor, bias, Tensor()), (ExpandingArray<D>, stride, ExpandingArray<D>(int64_t{1})),
               (ExpandingArray<D>, padding, ExpandingArray<D>(int64_t{0})), (ExpandingArray<D>, output_padding, ExpandingArray<D>(int64_t{0})),
               (int64_t, groups, 1), (ExpandingArray<D>, dilation, ExpandingArray<D>(int64_t{1})))
};

}  // namespace functional

#undef XGRAD_PADDING_LIST

/// A convolution's parameters: weight [out_channels, in_channels / groups, kernel...], or [in_channels, out_channels / groups, kernel...]
/// in a transposed one, and, unless the option is off, bias [out_channels]; both uniform in +-1/sqrt(fan in) at first.
template <size_t D, class Derived> class ConvNdImpl : public Cloneable<Derived> {
 public:
  explicit ConvNdImpl(detail::ConvNdOptions<D> options_);

  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  detail::ConvNdOptions<D> options;
  Tensor weight;
  Tensor bias;
};

template <size_t D, class Derived> class ConvTransposeNdImpl : public ConvNdImpl<D, Derived> {
 public:
  explicit ConvTransposeNdImpl(detail::ConvNdOptions<D> options_);
};

/// The convolution along D axes of the options as a function and as a module, and their names.
#define XGRAD_CONVOLUTION_LAYER(D, Name, function)                                                             \
  using Name##Options = ConvOptions<D>;                                                                        \
  namespace functional {                                                                                       \
  using Name##FuncOptions = ConvFuncOptions<D>;                                                                \
  XGRAD_API Tensor function(const Tensor& input, const Tensor& weight, const Name##FuncOptions& options = {}); \
  }                                                                                                            \
  class XGRAD_API Name##Impl : public ConvNdImpl<D, Name##Impl> {                                              \
   public:                                                                                                     \
    template <class = void>                                                                                    \
    Name##Impl(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)                       \
        : Name##Impl(Name##Options(in_channels, out_channels, kernel_size)) {}                                 \
    explicit Name##Impl(Name##Options options_);                                                               \
    Tensor forward(const Tensor& input);                                                                       \
  };                                                                                                           \
  TORCH_MODULE(Name)
XGRAD_CONVOLUTION_LAYER(1, Conv1d, conv1d);
XGRAD_CONVOLUTION_LAYER(2, Conv2d, conv2d);
XGRAD_CONVOLUTION_LAYER(3, Conv3d, conv3d);
#undef XGRAD_CONVOLUTION_LAYER

/// The same of a transposed one. forward() takes the size that the result shall have; of several that the stride leaves open, it has the
/// smallest without it.
#define XGRAD_TRANSPOSED_LAYER(D, Name, function)                                                              \
  using Name##Options = ConvTransposeOptions<D>;                                                               \
  namespace functional {                                                                                       \
  using Name##FuncOptions = ConvTransposeFuncOptions<D>;                                                       \
  XGRAD_API Tensor function(const Tensor& input, const Tensor& weight, const Name##FuncOptions& options = {}); \
  }                                                                                                            \
  class XGRAD_API Name##Impl : public ConvTransposeNdImpl<D, Name##Impl> {                                     \
   public:                                                                                                     \
    template <class = void>                                                                                    \
    Name##Impl(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)                       \
        : Name##Impl(Name##Options(in_channels, out_channels, kernel_size)) {}                                 \
    explicit Name##Impl(Name##Options options_);                                                               \
    Tensor forward(const Tensor& input, const std::optional<IntArrayRef>& output_size = std::nullopt);         \
                                                                                                               \
   protected:                                                                                                  \
    FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(std::optional<IntArrayRef>())})                                      \
  };                                                                                                           \
  TORCH_MODULE(Name)
XGRAD_TRANSPOSED_LAYER(1, ConvTranspose1d, conv_transpose1d);
XGRAD_TRANSPOSED_LAYER(2, ConvTranspose2d, conv_transpose2d);
XGRAD_TRANSPOSED_LAYER(3, ConvTranspose3d, conv_transpose3d);
#undef XGRAD_TRANSPOSED_LAYER

}}}  // namespace torch::xgrad::nn
