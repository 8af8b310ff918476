// What the operations on images share. An image is what lies along the last one to three axes; in front of them stand channels and, mostly,
// a batch.
#pragma once

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The sizes with the last ones replaced.
Dims with_last_sizes(IntArrayRef sizes, IntArrayRef last);
/// The product of all sizes but the last `axes`.
int64_t planes_of(const Tensor& x, int axes);

/// A number for each axis, where one stands for all. Throws when there are others than `axes` or one.
Dims for_each_axis(const Operation& operation, const char* name, IntArrayRef values, int axes);
/// Throws unless x is a batch of images along `axes` axes, or one without a batch, of which only the batch may be empty.
void check_images(const Operation& operation, const Tensor& x, int axes);

/// y, which is nobody else's, with its channels innermost in memory if those of x, a batch of images along `axes` axes, are: what PyTorch does
/// for most operations on images along two axes, and some others.
Tensor with_channels_as(const Tensor& x, int axes, const Tensor& y);

/// "(3x4)"
std::string product_text(IntArrayRef sizes);

}}  // namespace torch::xgrad
