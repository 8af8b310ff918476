// Images with more around them.
//
// padding names the positions added before and behind each of the last axes, the last axis first: {left, right, top, bottom, front, back}.
// Negative numbers take positions away. Every order of derivative exists.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// `value` around tensors of any shape and dtype, along as many axes as `pad` has pairs. Throws where nothing or less is left.
XGRAD_API Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value = 0);

/// The image reflected at its edges, which are not repeated: padding must be below its size. [N, C, L...] or [C, L...], floating dtypes.
XGRAD_API Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding);
/// The edges repeated.
XGRAD_API Tensor replication_pad1d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor replication_pad2d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor replication_pad3d(const Tensor& self, IntArrayRef padding);
/// The image continued at its other end: padding must not be above its size. [N, C, L...], every dtype.
XGRAD_API Tensor _pad_circular(const Tensor& self, IntArrayRef pad);

/// The one of these that `mode` names: "constant" (with `value`, or 0), "reflect", "replicate" or "circular".
XGRAD_API Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode = "constant", std::optional<double> value = std::nullopt);

}}  // namespace torch::xgrad
