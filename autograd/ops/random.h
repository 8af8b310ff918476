// Random tensors and dropout. The same seed gives PyTorch's numbers.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor rand(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor rand(IntArrayRef size, std::optional<Generator> generator, TensorOptions options = {});
XGRAD_API Tensor randn(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor randn(IntArrayRef size, std::optional<Generator> generator, TensorOptions options = {});
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, std::optional<Generator> generator, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, std::optional<Generator> generator, TensorOptions options = kLong);
XGRAD_API Tensor randperm(int64_t n, TensorOptions options = kLong);
XGRAD_API Tensor randperm(int64_t n, std::optional<Generator> generator, TensorOptions options = kLong);
XGRAD_API Tensor rand_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor randn_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor bernoulli(const Tensor& self, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor bernoulli(const Tensor& self, double p, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor bernoulli(const Tensor& self, const Tensor& p, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(const Tensor& mean, double std = 1, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(double mean, double std, IntArrayRef size, std::optional<Generator> generator = std::nullopt, TensorOptions options = {});
XGRAD_API Tensor dropout(const Tensor& input, double p, bool train);

}  // namespace xgrad
