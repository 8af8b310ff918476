// Factories.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor empty(IntArrayRef size, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor zeros(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor ones(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor full(IntArrayRef size, const Scalar& fill_value, TensorOptions options = {});
XGRAD_API Tensor eye(int64_t n, TensorOptions options = {});
XGRAD_API Tensor eye(int64_t n, int64_t m, TensorOptions options = {});
XGRAD_API Tensor arange(const Scalar& end, TensorOptions options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options = {});
XGRAD_API Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, TensorOptions options = {});
XGRAD_API Tensor empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options = {});
XGRAD_API Tensor empty_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor zeros_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor ones_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor full_like(const Tensor& self, const Scalar& fill_value, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);

}  // namespace xgrad
