// Convolutions of row-major arrays along up to three axes, and their two gradients: three operations, each of whose derivatives are the others.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Of x [batch, groups * in_channels, in...], w [groups * out_channels, in_channels, kernel...], y [batch, groups * out_channels, out...]. With
/// fewer than three axes the first ones have size 1, stride 1, dilation 1, no padding.
struct ConvolutionSizes {
  int64_t batch, groups, in_channels, out_channels;
  int64_t in[3], out[3], kernel[3], stride[3], padding[3], dilation[3];
};

/// y = bias + sum over channels and taps of w * x, where bias may be null.
template <class T> void convolution(const ConvolutionSizes& n, const T* x, const T* w, const T* bias, T* y);
/// x = bias + sum over output channels and taps of w * y: the gradient of convolution()'s x, and a transposed convolution.
template <class T> void convolution_input_gradient(const ConvolutionSizes& n, const T* y, const T* w, const T* bias, T* x);
/// w = sum over the batch and positions of y * x: the gradient of convolution()'s w.
template <class T> void convolution_weight_gradient(const ConvolutionSizes& n, const T* y, const T* x, T* w);

}}}  // namespace torch::xgrad::kernels
