// Tensors made from nothing but numbers.
//
// What options leave open is the default: dtype get_default_dtype(), device CPU (any other throws), no gradient. Negative
// sizes, and sizes whose product overflows, throw.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Uninitialised values. The memory format has no effect: all tensors are row-major.
XGRAD_API Tensor empty(IntArrayRef size, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor zeros(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor ones(IntArrayRef size, TensorOptions options = {});
/// Every element fill_value; without a dtype in the options an integer makes int64 and a boolean bool. Throws where the
/// dtype can't hold the number.
XGRAD_API Tensor full(IntArrayRef size, const Scalar& fill_value, TensorOptions options = {});
/// Ones on the main diagonal and zeros elsewhere: n x n, or n x m.
XGRAD_API Tensor eye(int64_t n, TensorOptions options = {});
XGRAD_API Tensor eye(int64_t n, int64_t m, TensorOptions options = {});
/// start, start + step, ... before end; int64 if all numbers are integers, unless options state a dtype. Throws for a
/// step of 0 or of the wrong sign, and for ends that are not finite.
XGRAD_API Tensor arange(const Scalar& end, TensorOptions options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options = {});
/// The same up to and including end, in the default floating dtype unless options state another.
XGRAD_API Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options = {});
XGRAD_API Tensor range(const Scalar& start, const Scalar& end, TensorOptions options = {});
/// `steps` numbers from start to end, both included and exact, at equal distances.
XGRAD_API Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, TensorOptions options = {});
/// base to the power of what linspace gives.
XGRAD_API Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base = 10.0, TensorOptions options = {});
/// Uninitialised values on memory just large enough for the strides, which may be 0 but not negative.
XGRAD_API Tensor empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options = {});
/// Of self's shape, order of axes in memory (row-major on request) and, unless options state one, dtype.
XGRAD_API Tensor empty_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor zeros_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor ones_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor full_like(const Tensor& self, const Scalar& fill_value, TensorOptions options = {},
                           std::optional<MemoryFormat> memory_format = std::nullopt);

}}  // namespace torch::xgrad
