#include <xgrad/nn/layers/fold.h>

#include <xgrad/autograd/ops/pooling/patches.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

XGRAD_DEFINE_LAYER(Fold, functional::fold(input, options), const Tensor& input)
Tensor functional::fold(const Tensor& input, const FoldFuncOptions& options) {
  XGRAD_CHECK(input.dim() == 2 || input.dim() == 3, "[fold] Input Error: Only unbatched (2D) or batched (3D) input Tensors are supported (got ",
              input.dim(), "D)");
  return xgrad::col2im(input, options.output_size(), options.kernel_size(), options.dilation(), options.padding(), options.stride());
}

XGRAD_DEFINE_LAYER(Unfold, functional::unfold(input, options), const Tensor& input)
Tensor functional::unfold(const Tensor& input, const UnfoldFuncOptions& options) {
  XGRAD_CHECK(input.dim() == 4, "[unfold] Input Error: Only 4D input Tensors are supported (got ", input.dim(), "D)");
  return xgrad::im2col(input, options.kernel_size(), options.dilation(), options.padding(), options.stride());
}

XGRAD_DEFINE_LAYER(PixelShuffle, functional::pixel_shuffle(input, options), const Tensor& input)
Tensor functional::pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options) {
  return xgrad::pixel_shuffle(input, options.upscale_factor());
}

XGRAD_DEFINE_LAYER(PixelUnshuffle, functional::pixel_unshuffle(input, options), const Tensor& input)
Tensor functional::pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options) {
  return xgrad::pixel_unshuffle(input, options.downscale_factor());
}

}}}  // namespace torch::xgrad::nn
