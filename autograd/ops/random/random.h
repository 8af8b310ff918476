// Random tensors and dropout. The same seed gives PyTorch's numbers.
//
// Numbers come from `generator`, or from the default generator where none is given. Elements are drawn one after the
// other in the order they lie in memory, on one thread; a call that throws draws none.
//
// In place, on the elements of a tensor t of any shape (zero gradient to what t was):
//   t.uniform_(from, to)   uniform in [from, to); floating dtypes; throws unless from <= to and to - from is finite
//   t.normal_(mean, std)   normal; floating dtypes; throws unless std >= 0. A tensor of 16 or more elements in row-major
//                          order takes other draws than any other tensor, as in PyTorch
//   t.exponential_(lambd)  exponential with rate lambd >= 0; floating dtypes
//   t.log_normal_(mean, std)  e to the power of normal numbers; floating dtypes; throws unless std > 0
//   t.cauchy_(median, sigma)  median + sigma * tan(pi * (u - 1/2)) of uniform numbers u; floating dtypes
//   t.geometric_(p)        how many trials of probability p make the first success, from 1 on; every dtype but bool; throws unless
//                          0 < p < 1
//   t.bernoulli_(p)        1 with probability p, else 0; p is a number or a floating tensor that broadcasts to t's shape;
//                          throws unless 0 <= p <= 1
//   t.random_(from, to)    integers of [from, to); throws when a bound is outside the dtype or from >= to. Without `to`: up
//                          to the largest number of the dtype (2^24 for float32, 2^53 for float64); without both: from 0
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Uniform in [0, 1).
XGRAD_API Tensor rand(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor rand(IntArrayRef size, std::optional<Generator> generator, TensorOptions options = {});
/// Normal with mean 0 and standard deviation 1. The first numbers of a small tensor (below 16) and of a large one differ
/// for the same seed, as in PyTorch.
XGRAD_API Tensor randn(IntArrayRef size, TensorOptions options = {});
XGRAD_API Tensor randn(IntArrayRef size, std::optional<Generator> generator, TensorOptions options = {});
/// Integers of [low, high), low being 0 unless given, as int64 or the dtype of `options`. Throws unless low < high.
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, std::optional<Generator> generator, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, TensorOptions options = kLong);
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, std::optional<Generator> generator, TensorOptions options = kLong);
/// The numbers 0..n-1 in random order. Throws when n is negative or n - 1 is not exact in the dtype.
XGRAD_API Tensor randperm(int64_t n, TensorOptions options = kLong);
XGRAD_API Tensor randperm(int64_t n, std::optional<Generator> generator, TensorOptions options = kLong);
/// As rand and randn, with the shape, the dtype unless `options` has one, and the order in memory of `self`.
XGRAD_API Tensor rand_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor randn_like(const Tensor& self, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
/// As randint, with the shape, the dtype unless `options` has one, and the order in memory of `self`.
XGRAD_API Tensor randint_like(const Tensor& self, int64_t high, TensorOptions options = {}, std::optional<MemoryFormat> memory_format = std::nullopt);
XGRAD_API Tensor randint_like(const Tensor& self, int64_t low, int64_t high, TensorOptions options = {},
                              std::optional<MemoryFormat> memory_format = std::nullopt);

/// 1 with the probabilities `p`, which broadcast, else 0, in self's shape and dtype. Throws unless they lie in [0, 1]. The gradient
/// is 0.
XGRAD_API Tensor bernoulli(const Tensor& self, const Tensor& p, std::optional<Generator> generator = std::nullopt);

/// Normal numbers of these means and standard deviations, which broadcast. Throws unless std >= 0. The gradient is 0.
XGRAD_API Tensor normal(const Tensor& mean, double std = 1, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(double mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(const Tensor& mean, const Tensor& std, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor normal(double mean, double std, IntArrayRef size, std::optional<Generator> generator = std::nullopt, TensorOptions options = {});

/// Poisson numbers of the rates `self`, in its shape and floating dtype. Throws on a negative rate or NaN. The gradient is 0.
XGRAD_API Tensor poisson(const Tensor& self, std::optional<Generator> generator = std::nullopt);
/// How many of `count` trials of probability `prob` succeed; they broadcast and have one floating dtype. 0 for count <= 0, NaN for a
/// NaN. No derivative.
XGRAD_API Tensor binomial(const Tensor& count, const Tensor& prob, std::optional<Generator> generator = std::nullopt);

/// In training each element is set to 0 with probability p and else divided by 1 - p; otherwise, and for p = 0, `input`
/// itself. With p = 1 the result and the gradient are 0, for infinities and NaN too (PyTorch gives NaN). Floating dtypes.
/// Throws unless 0 <= p <= 1.
XGRAD_API Tensor dropout(const Tensor& input, double p, bool train);
/// The same into the memory of `input`, which it returns.
XGRAD_API Tensor& dropout_(Tensor& input, double p, bool train);
/// The same of whole channels: axes 0 and 1 of [N, C, ...] draw, the others follow.
XGRAD_API Tensor feature_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& feature_dropout_(Tensor& input, double p, bool train);
/// Sets to selu's least value instead of 0, and scales and shifts so that mean 0 and variance 1 stay (Klambauer et al., Self-Normalizing
/// Neural Networks, 2017). With p = 1 the result is 0.
XGRAD_API Tensor alpha_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& alpha_dropout_(Tensor& input, double p, bool train);
/// The same of whole channels.
XGRAD_API Tensor feature_alpha_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& feature_alpha_dropout_(Tensor& input, double p, bool train);

/// self above 0, r self elsewhere: in training every r is drawn from [lower, upper), otherwise it is their mean. Throws unless
/// lower <= upper. Floating dtypes.
XGRAD_API Tensor rrelu(const Tensor& self, const Scalar& lower = 1.0 / 8, const Scalar& upper = 1.0 / 3, bool training = false,
                       std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor& rrelu_(Tensor& self, const Scalar& lower = 1.0 / 8, const Scalar& upper = 1.0 / 3, bool training = false,
                         std::optional<Generator> generator = std::nullopt);
/// The same, which leaves in `noise`, of self's shape and dtype, what each element was multiplied with, unless it is not training.
XGRAD_API Tensor rrelu_with_noise(const Tensor& self, const Tensor& noise, const Scalar& lower = 0.125, const Scalar& upper = 0.3333333333333333,
                                  bool training = false, std::optional<Generator> generator = std::nullopt);
XGRAD_API Tensor& rrelu_with_noise_(Tensor& self, const Tensor& noise, const Scalar& lower = 0.125, const Scalar& upper = 0.3333333333333333,
                                    bool training = false, std::optional<Generator> generator = std::nullopt);

}}  // namespace torch::xgrad
