// Convolutions by Winograd's algorithm: F(4x4, 3x3), 36 products for a tile of 4 x 4 results instead of 144, and along one axis F(4, 3) and
// F(4, 5), 6 instead of 12 and 8 instead of 20. The note in winograd.cpp has times and errors.
#pragma once

#include <xgrad/autograd/kernels/convolution/convolution.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Whether suits_winograd() may say yes. On at first.
void set_winograd(bool enabled);
bool winograd();

/// True iff the algorithm has what it needs, pays and is on.
bool suits_winograd(const ConvolutionSizes& n);
/// The same of the gradient of the weight, which needs enough positions to be as exact as is said.
bool suits_winograd_weight_gradient(const ConvolutionSizes& n);

/// As convolution() and its gradients. Where a result would not be finite the image is computed directly instead, for a tile with one infinity
/// has no number in it; the gradient of the weight too.
void winograd_convolution(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y);
void winograd_input_gradient(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x);
void winograd_weight_gradient(const ConvolutionSizes& n, const float* y, const float* x, float* w);

}}}  // namespace torch::xgrad::kernels
