// Choosing between values elementwise: bounds, the smaller and larger of two, where.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// self limited to [min, max] (max where max < min); NaN stays, and a NaN bound gives NaN. The gradient passes where
/// min <= self <= max. Throws when both bounds are missing, or for a bound outside an integer dtype.
XGRAD_API Tensor clamp(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt);
/// The same with tensors as bounds, which get the gradient where self lies beyond them.
XGRAD_API Tensor clamp(const Tensor& self, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {});
/// clamp.
XGRAD_API Tensor clip(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt);
XGRAD_API Tensor clip(const Tensor& self, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {});
/// clamp with one bound.
XGRAD_API Tensor clamp_min(const Tensor& self, const Scalar& min);
XGRAD_API Tensor clamp_min(const Tensor& self, const Tensor& min);
XGRAD_API Tensor clamp_max(const Tensor& self, const Scalar& max);
XGRAD_API Tensor clamp_max(const Tensor& self, const Tensor& max);
/// The smaller and the larger of two; a NaN wins. Equal values take half of the gradient each, a NaN all of it.
XGRAD_API Tensor minimum(const Tensor& self, const Tensor& other);
XGRAD_API Tensor maximum(const Tensor& self, const Tensor& other);
/// The same where a number wins over NaN; of equal values the first takes the gradient.
XGRAD_API Tensor fmax(const Tensor& self, const Tensor& other);
XGRAD_API Tensor fmin(const Tensor& self, const Tensor& other);
/// self where the condition (Bool or Byte) holds, else other.
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
/// The indices where the condition is not 0: one Long tensor for each axis.
XGRAD_API std::vector<Tensor> where(const Tensor& condition);
/// maximum.
XGRAD_API Tensor max(const Tensor& self, const Tensor& other);
/// minimum.
XGRAD_API Tensor min(const Tensor& self, const Tensor& other);

}}  // namespace torch::xgrad
