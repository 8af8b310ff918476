// The windows of pooling along up to three axes.
#pragma once

#include <vector>

#include <xgrad/autograd/kernels/pooling/max_pooling.h>
#include <xgrad/autograd/ops/pooling/images.h>

namespace torch { inline namespace xgrad {

/// What pooling is asked for, a number for each axis.
struct WindowParameters {
  Dims kernel, stride, padding, dilation, in, out;
};

/// Throws what libtorch throws where they don't fit to x.
WindowParameters checked_windows(const Operation& operation, const Tensor& x, int axes, IntArrayRef kernel, IntArrayRef stride, IntArrayRef padding,
                                 IntArrayRef dilation, bool ceil_mode);

/// The sizes of the images, once output_size fits to them.
Dims checked_adaptive_windows(const Operation& operation, const Tensor& x, int axes, IntArrayRef output_size);

/// Where window o of `out` that divide `in` elements evenly begins and ends.
int64_t adaptive_begin(int64_t o, int64_t in, int64_t out);
int64_t adaptive_end(int64_t o, int64_t in, int64_t out);

}}  // namespace torch::xgrad
