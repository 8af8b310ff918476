// Convolutions as sums over channels and taps.
//
// None makes a matrix of patches. A task copies the part of the image that it reads, padded with zeros, a stride apart in as many planes as
// there are residues, so that every tap of the kernel is the same image at another offset; a register then holds neighbouring
// positions, whatever stride and dilation are.
#pragma once

#include <xgrad/autograd/kernels/convolution/convolution.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// convolution(), convolution_input_gradient() and convolution_weight_gradient() of every size.
template <class T> void direct_convolution(const ConvolutionSizes& n, const T* x, const T* w, const T* bias, T* y);
template <class T> void direct_input_gradient(const ConvolutionSizes& n, const T* y, const T* w, const T* bias, T* x);
template <class T> void direct_weight_gradient(const ConvolutionSizes& n, const T* y, const T* x, T* w);

}}}  // namespace torch::xgrad::kernels
