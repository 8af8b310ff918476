// Pooling: the largest element or the average of windows of images.
//
// self: [N, C, L...] or, without a batch, [C, L...], with one to three axes L; floating dtypes, for averages of windows int64 too. A
// parameter is a number for each axis, or one for all; stride is the kernel's size where it is left out. The result has
// (L + 2 padding - dilation (kernel - 1) - 1) / stride + 1 positions along an axis, rounded down, or up if `ceil_mode`, but no window
// that begins behind the image and its padding in front. Padding is at most half of the kernel; for the maximum it counts as -infinity, for
// averages as zeros.
//
// Indices are int64 positions in the image, counted along its last axes: of the first of equal elements, or the last NaN. All throw where
// shapes, dtypes or parameters don't fit. Every order of derivative exists.
#pragma once

#include <optional>
#include <tuple>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

#define XGRAD_MAX_POOL(axes)                                                                                                                \
  XGRAD_API Tensor max_pool##axes##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0,         \
                                     IntArrayRef dilation = 1, bool ceil_mode = false);                                                     \
  XGRAD_API std::tuple<Tensor, Tensor> max_pool##axes##d_with_indices(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, \
                                                                      IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false)
XGRAD_MAX_POOL(1);
XGRAD_MAX_POOL(2);
XGRAD_MAX_POOL(3);
#undef XGRAD_MAX_POOL

/// The sum of a window over the number of its elements, padding among them if count_include_pad, or over divisor_override.
XGRAD_API Tensor avg_pool1d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, bool ceil_mode = false,
                            bool count_include_pad = true);
#define XGRAD_AVG_POOL(axes)                                                                                                        \
  XGRAD_API Tensor avg_pool##axes##d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef stride = {}, IntArrayRef padding = 0, \
                                     bool ceil_mode = false, bool count_include_pad = true, std::optional<int64_t> divisor_override = std::nullopt)
XGRAD_AVG_POOL(2);
XGRAD_AVG_POOL(3);
#undef XGRAD_AVG_POOL

/// Windows that divide the image evenly into output_size positions: position o of n along an axis of length L has the elements from
/// o L / n, rounded down, to (o + 1) L / n, rounded up.
#define XGRAD_ADAPTIVE_POOL(axes)                                                           \
  XGRAD_API Tensor adaptive_avg_pool##axes##d(const Tensor& self, IntArrayRef output_size); \
  XGRAD_API std::tuple<Tensor, Tensor> adaptive_max_pool##axes##d(const Tensor& self, IntArrayRef output_size)
XGRAD_ADAPTIVE_POOL(1);
XGRAD_ADAPTIVE_POOL(2);
XGRAD_ADAPTIVE_POOL(3);
#undef XGRAD_ADAPTIVE_POOL

/// The maximum, and its indices, of windows spread at random (arXiv 1412.6071). random_samples: [N, C, 2 or 3], of self's dtype, in [0, 1).
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                           const Tensor& random_samples);
XGRAD_API std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& self, IntArrayRef kernel_size, IntArrayRef output_size,
                                                           const Tensor& random_samples);

/// Images of output_size with the elements of self at `indices`, as max_pool gave them, and zeros elsewhere; of several at one place the last
/// stays. The gradient goes to all. stride and padding are PyTorch's, and of no consequence.
XGRAD_API Tensor max_unpool2d(const Tensor& self, const Tensor& indices, IntArrayRef output_size);
XGRAD_API Tensor max_unpool3d(const Tensor& self, const Tensor& indices, IntArrayRef output_size, IntArrayRef stride, IntArrayRef padding);

}}  // namespace torch::xgrad
