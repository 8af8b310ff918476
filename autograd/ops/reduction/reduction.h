// Reductions over all elements or over axes.
//
// `dim` names the axes reduced over, negative ones counted from the back; none, or an empty list, means all of them. Up to 64
// axes. They are dropped from the result, or kept with size 1 where `keepdim` is true. Axes out of range throw
// IndexError, axes named twice throw. Sums are accumulated in float64 for float32, over fixed leaves and a fixed tree:
// results don't depend on the number of threads.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Sum; int64 for integers and bool. With `dtype` elements are converted first. 0 of nothing.
XGRAD_API Tensor sum(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
/// Mean; NaN of nothing. Throws unless the elements, or `dtype`, are floating.
XGRAD_API Tensor mean(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
/// Product; int64 for integers and bool. 1 of nothing. The derivative is right where elements are 0.
XGRAD_API Tensor prod(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);

/// Variance: squared deviations from the mean, summed, over max(n - correction, 0). `unbiased` means correction 1, else 0.
/// NaN where n = correction and nothing deviates, as for one element. Throws for integers. An int is an axis, although it might
/// become a bool.
XGRAD_API Tensor var(const Tensor& self, bool unbiased = true);
XGRAD_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline Tensor var(const Tensor& self, int dim) { return var(self, IntArrayRef{dim}); }
XGRAD_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
/// Its square root, with derivative 0 where that is 0.
XGRAD_API Tensor std(const Tensor& self, bool unbiased = true);
XGRAD_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline Tensor std(const Tensor& self, int dim) { return std(self, IntArrayRef{dim}); }
XGRAD_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
/// Either, and the mean.
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline std::tuple<Tensor, Tensor> var_mean(const Tensor& self, int dim) { return var_mean(self, IntArrayRef{dim}); }
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline std::tuple<Tensor, Tensor> std_mean(const Tensor& self, int dim) { return std_mean(self, IntArrayRef{dim}); }
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);

/// (sum |x|^p)^(1/p); the largest or smallest |x| for p = inf or -inf, the number of non-zeros for p = 0. It overflows
/// only if the result does. The derivative is 0 where the norm is 0. 0 of nothing. Throws for integers.
XGRAD_API Tensor norm(const Tensor& self, const Scalar& p = 2);
XGRAD_API Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
/// log(sum(exp(x))) without overflow; -inf of nothing. Integers count as the default floating dtype. The derivative of
/// -inf alone is 0.
XGRAD_API Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);

// The largest and smallest: NaN if any element is. Of no elements they throw.

/// The largest (smallest) element. Equal ones, or all NaNs, share the gradient evenly.
XGRAD_API Tensor max(const Tensor& self);
XGRAD_API Tensor min(const Tensor& self);
/// The same over axes.
XGRAD_API Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
XGRAD_API Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
/// The smallest and the largest over one axis or all.
XGRAD_API std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
/// The largest (smallest) element along an axis and its position: the first one, or the first NaN, which takes the whole
/// gradient.
XGRAD_API std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim = false);
/// Those positions alone, int64; without `dim` the position in row-major order. Throws for bool.
XGRAD_API Tensor argmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
XGRAD_API Tensor argmin(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);

/// True iff all (any) elements are not 0, NaN counting as not 0: bool, or uint8 for uint8. Of nothing: true (false).
XGRAD_API Tensor all(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor all(const Tensor& self);
XGRAD_API Tensor any(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor any(const Tensor& self);

}}  // namespace torch::xgrad
