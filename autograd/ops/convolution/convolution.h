// Convolutions along one to three axes.
//
// input: [N, C_in, L...] or, unbatched, [C_in, L...]; weight: [C_out, C_in / groups, kernel...]; bias: [C_out] or undefined; result:
// [N, C_out, L_out...] with L_out = (L + 2 padding - dilation (kernel - 1) - 1) / stride + 1. A parameter is a number for each axis or one
// for all. padding "same" keeps the lengths, at stride 1; "valid" adds nothing.
//
// A transposed convolution is the gradient of a convolution by its input: weight: [C_in, C_out / groups, kernel...], L_out = (L - 1) stride
// - 2 padding + dilation (kernel - 1) + output_padding + 1.
//
// All throw, before anything is computed, where shapes, dtypes or parameters don't fit, with the shapes they got. Every order of derivative
// exists: a convolution and its gradients by input and weight are each other's derivatives.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Along as many axes as the weight has behind its first two; the input must have a batch.
XGRAD_API Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,
                             IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups);

#define XGRAD_CONVOLUTION(name)                                                                                                                     \
  XGRAD_API Tensor name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {}, IntArrayRef stride = 1,                  \
                        IntArrayRef padding = 0, IntArrayRef dilation = 1, int64_t groups = 1);                                                     \
  XGRAD_API Tensor name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, std::string_view padding, \
                        IntArrayRef dilation = 1, int64_t groups = 1)
XGRAD_CONVOLUTION(conv1d);
XGRAD_CONVOLUTION(conv2d);
XGRAD_CONVOLUTION(conv3d);
#undef XGRAD_CONVOLUTION

#define XGRAD_TRANSPOSED_CONVOLUTION(name)                                                                                         \
  XGRAD_API Tensor name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias = {}, IntArrayRef stride = 1, \
                        IntArrayRef padding = 0, IntArrayRef output_padding = 0, int64_t groups = 1, IntArrayRef dilation = 1)
XGRAD_TRANSPOSED_CONVOLUTION(conv_transpose1d);
XGRAD_TRANSPOSED_CONVOLUTION(conv_transpose2d);
XGRAD_TRANSPOSED_CONVOLUTION(conv_transpose3d);
#undef XGRAD_TRANSPOSED_CONVOLUTION

/// A convolution along time: self [T, N, C_in], weight [kernel, C_in, C_out], bias [C_out] and the result [T_out, N, C_out] with
/// T_out = T + 2 pad - kernel + 1.
XGRAD_API Tensor conv_tbc(const Tensor& self, const Tensor& weight, const Tensor& bias, int64_t pad = 0);

/// Whether convolutions of floats with 3 x 3 neighbouring taps, or 3 or 5 along one axis, stride 1 and 16 channels or more (32 for 5) may be
/// computed by Winograd's algorithm, as they are at first: F(4x4, 3x3) with 36 products where 144 are needed directly, F(4, 3) with 6 for 12,
/// F(4, 5) with 8 for 20, and other rounding errors, up to about 4 times as large. Of all threads.
XGRAD_API void set_winograd_enabled(bool enabled);
XGRAD_API bool winograd_enabled();

}}  // namespace torch::xgrad
