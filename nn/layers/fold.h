// Windows as columns, and pixels made of channels: options, as functions and as modules. Each computes what the operation does
// (autograd/ops/pooling/patches.h).
#pragma once

#include <cstdint>

#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Adds columns [N, C * kernel_size, windows] up to images [N, C, output_size].
struct FoldOptions {
  FoldOptions(ExpandingArray<2> output_size, ExpandingArray<2> kernel_size) : output_size_(output_size), kernel_size_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<2>, output_size, ExpandingArray<2>(int64_t{1})), (ExpandingArray<2>, kernel_size, ExpandingArray<2>(int64_t{1})),
               (ExpandingArray<2>, dilation, ExpandingArray<2>(int64_t{1})), (ExpandingArray<2>, padding, ExpandingArray<2>(int64_t{0})),
               (ExpandingArray<2>, stride, ExpandingArray<2>(int64_t{1})))
};
namespace functional {
using FoldFuncOptions = FoldOptions;
XGRAD_API Tensor fold(const Tensor& input, const FoldFuncOptions& options);
}  // namespace functional
class XGRAD_API FoldImpl : public StatelessModule<FoldImpl, FoldOptions> {
 public:
  using StatelessModule<FoldImpl, FoldOptions>::StatelessModule;
  template <class = void>
  FoldImpl(const ExpandingArray<2>& output_size, const ExpandingArray<2>& kernel_size) : FoldImpl(FoldOptions(output_size, kernel_size)) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Fold);

/// Makes columns of the windows of images.
struct UnfoldOptions {
  UnfoldOptions(ExpandingArray<2> kernel_size) : kernel_size_(kernel_size) {}
  XGRAD_FIELDS((ExpandingArray<2>, kernel_size, ExpandingArray<2>(int64_t{1})), (ExpandingArray<2>, dilation, ExpandingArray<2>(int64_t{1})),
               (ExpandingArray<2>, padding, ExpandingArray<2>(int64_t{0})), (ExpandingArray<2>, stride, ExpandingArray<2>(int64_t{1})))
};
namespace functional {
using UnfoldFuncOptions = UnfoldOptions;
XGRAD_API Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options);
}  // namespace functional
class XGRAD_API UnfoldImpl : public StatelessModule<UnfoldImpl, UnfoldOptions> {
 public:
  using StatelessModule<UnfoldImpl, UnfoldOptions>::StatelessModule;
  template <class = void> UnfoldImpl(const ExpandingArray<2>& kernel_size) : UnfoldImpl(UnfoldOptions(kernel_size)) {}
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Unfold);

#define XGRAD_PIXEL_LAYER(Name, function, factor)                                   \
  struct Name##Options {                                                            \
    Name##Options(int64_t factor) : factor##_(factor) {}                            \
    XGRAD_FIELDS((int64_t, factor, ))                                               \
  };                                                                                \
  namespace functional {                                                            \
  using Name##FuncOptions = Name##Options;                                          \
  XGRAD_API Tensor function(const Tensor& input, const Name##FuncOptions& options); \
  }                                                                                 \
  XGRAD_LAYER(Name, const Tensor& input)
XGRAD_PIXEL_LAYER(PixelShuffle, pixel_shuffle, upscale_factor);
XGRAD_PIXEL_LAYER(PixelUnshuffle, pixel_unshuffle, downscale_factor);
#undef XGRAD_PIXEL_LAYER

}}}  // namespace torch::xgrad::nn
