// Windows of images as columns of a matrix, and columns added up to an image.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

struct Patches {
  int64_t planes;  ///< images times channels
  int64_t in[2], kernel[2], stride[2], padding[2], dilation[2], out[2];
};

/// columns [planes, kernel..., out...] of image [planes, in...], with zeros beyond its edges.
template <class T> void take_patches(const Patches& p, const T* image, T* columns);
/// image = the sum of the columns, where they lie.
template <class T> void add_patches(const Patches& p, const T* columns, T* image);

}}}  // namespace torch::xgrad::kernels
