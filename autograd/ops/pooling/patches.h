// Windows of images as columns, pixels made of channels, and images sampled at points of a grid.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The windows of self, [N, C, H, W] or [C, H, W], each a column of [N, C * kernel_size, windows]. Every parameter has two numbers. Floating
/// dtypes. Throws where no window fits.
XGRAD_API Tensor im2col(const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride);
/// Its transpose: such columns added up to images of output_size.
XGRAD_API Tensor col2im(const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size, IntArrayRef dilation, IntArrayRef padding,
                        IntArrayRef stride);

/// [..., C r^2, H, W] as [..., C, H r, W r]: the r^2 channels that follow one another become the pixels of a square.
XGRAD_API Tensor pixel_shuffle(const Tensor& self, int64_t upscale_factor);
/// Its inverse.
XGRAD_API Tensor pixel_unshuffle(const Tensor& self, int64_t downscale_factor);
/// The channels (axis 1) in another order: the first ones of all groups, then the second ones, ...
XGRAD_API Tensor channel_shuffle(const Tensor& self, int64_t groups);
XGRAD_API Tensor native_channel_shuffle(const Tensor& self, int64_t groups);

/// input [N, C, L...], with two or three axes L, at the points of grid [N, M..., 2 or 3]: coordinates of the last axis first, -1 and 1 being
/// the edges of the image, or the centers of its corner pixels if align_corners. interpolation_mode: 0 linear, 1 nearest, 2 bicubic (two axes);
/// padding_mode, for points outside: 0 zeros, 1 the nearest point of the border, 2 reflected at it. Floating dtypes.
XGRAD_API Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners);
XGRAD_API Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners);
XGRAD_API Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners);
/// The grid of images of `size`, [N, C, H, W] or [N, C, D, H, W], under the affine maps theta, [N, 2, 3] or [N, 3, 4].
XGRAD_API Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);

}}  // namespace torch::xgrad
