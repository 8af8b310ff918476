// Convolutions along one or two axes of small images and few channels, with the images of a batch in the lanes of registers. Tasks pack the
// lines that they read, sixteen images side by side; nothing is computed between lines or on padding.
#pragma once

#include <xgrad/autograd/kernels/convolution/convolution.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// True iff this is the fastest way for convolution(), its input's gradient and its weight's gradient.
bool suits_batch_convolution(const ConvolutionSizes& n);
bool suits_batch_input_gradient(const ConvolutionSizes& n);
bool suits_batch_weight_gradient(const ConvolutionSizes& n);

/// As convolution() and its gradients.
void batch_convolution(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y);
void batch_input_gradient(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x);
void batch_weight_gradient(const ConvolutionSizes& n, const float* y, const float* x, float* w);

}}}  // namespace torch::xgrad::kernels
