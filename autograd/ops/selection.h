// Choosing between values elementwise: bounds, the smaller and larger of two, where.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor clamp(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt);
XGRAD_API Tensor clamp(const Tensor& self, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {});
XGRAD_API Tensor clip(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt);
XGRAD_API Tensor clip(const Tensor& self, const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {});
XGRAD_API Tensor clamp_min(const Tensor& self, const Scalar& min);
XGRAD_API Tensor clamp_min(const Tensor& self, const Tensor& min);
XGRAD_API Tensor clamp_max(const Tensor& self, const Scalar& max);
XGRAD_API Tensor clamp_max(const Tensor& self, const Tensor& max);
XGRAD_API Tensor minimum(const Tensor& self, const Tensor& other);
XGRAD_API Tensor maximum(const Tensor& self, const Tensor& other);
XGRAD_API Tensor fmax(const Tensor& self, const Tensor& other);
XGRAD_API Tensor fmin(const Tensor& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other);
XGRAD_API Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other);
XGRAD_API Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other);
XGRAD_API std::vector<Tensor> where(const Tensor& condition);
XGRAD_API Tensor max(const Tensor& self, const Tensor& other);
XGRAD_API Tensor min(const Tensor& self, const Tensor& other);

}  // namespace xgrad
