// Of the list in operations.h: reductions over all elements or over axes, softmax and scans along an axis.
//
// `dim` names the axes reduced over, negative ones counted from the back; none, or an empty list, means all of them. Up to 64
// axes. They are dropped from the result, or kept with size 1 where `keepdim` is true. Axes out of range throw
// IndexError, axes named twice throw. Sums are accumulated in float64 for float32, over fixed leaves and a fixed tree:
// results don't depend on the number of threads.
#ifdef XGRAD_METHOD

/// Sum; int64 for integers and bool. With `dtype` elements are converted first. 0 of nothing.
Tensor sum(XGRAD_SELF_AND std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(sum(*this, dtype));
Tensor sum(XGRAD_SELF_AND OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt)
    XGRAD_METHOD(sum(*this, dim, keepdim, dtype));
/// Mean; NaN of nothing. Throws unless the elements, or `dtype`, are floating.
Tensor mean(XGRAD_SELF_AND std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(mean(*this, dtype));
Tensor mean(XGRAD_SELF_AND OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt)
    XGRAD_METHOD(mean(*this, dim, keepdim, dtype));
/// Product; int64 for integers and bool. 1 of nothing. The derivative is right where elements are 0.
Tensor prod(XGRAD_SELF_AND std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(prod(*this, dtype));
Tensor prod(XGRAD_SELF_AND int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt)
    XGRAD_METHOD(prod(*this, dim, keepdim, dtype));

/// Variance: squared deviations from the mean, summed, over max(n - correction, 0). `unbiased` means correction 1, else 0.
/// NaN where n = correction and nothing deviates, as for one element. Throws for integers. An int is an axis, although it might
/// become a bool.
Tensor var(XGRAD_SELF_AND bool unbiased = true) XGRAD_METHOD(var(*this, unbiased));
Tensor var(XGRAD_SELF_AND OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) XGRAD_METHOD(var(*this, dim, unbiased, keepdim));
Tensor var(XGRAD_SELF_AND int dim) XGRAD_METHOD(var(*this, dim));
Tensor var(XGRAD_SELF_AND OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false)
    XGRAD_METHOD(var(*this, dim, correction, keepdim));
/// Its square root, with derivative 0 where that is 0.
Tensor std(XGRAD_SELF_AND bool unbiased = true) XGRAD_METHOD(std(*this, unbiased));
Tensor std(XGRAD_SELF_AND OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) XGRAD_METHOD(std(*this, dim, unbiased, keepdim));
Tensor std(XGRAD_SELF_AND int dim) XGRAD_METHOD(std(*this, dim));
Tensor std(XGRAD_SELF_AND OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false)
    XGRAD_METHOD(std(*this, dim, correction, keepdim));

/// (sum |x|^p)^(1/p); the largest or smallest |x| for p = inf or -inf, the number of non-zeros for p = 0. It overflows
/// only if the result does. The derivative is 0 where the norm is 0. 0 of nothing. Throws for integers.
Tensor norm(XGRAD_SELF_AND const Scalar& p = 2) XGRAD_METHOD(norm(*this, p));
Tensor norm(XGRAD_SELF_AND const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false) XGRAD_METHOD(norm(*this, p, dim, keepdim));
Tensor norm(XGRAD_SELF_AND const std::optional<Scalar>& p, ScalarType dtype) XGRAD_METHOD(norm(*this, p, dtype));
Tensor norm(XGRAD_SELF_AND const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype)
    XGRAD_METHOD(norm(*this, p, dim, keepdim, dtype));
/// log(sum(exp(x))) without overflow; -inf of nothing. Integers count as the default floating dtype. The derivative of
/// -inf alone is 0.
Tensor logsumexp(XGRAD_SELF_AND IntArrayRef dim, bool keepdim = false) XGRAD_METHOD(logsumexp(*this, dim, keepdim));

// The largest and smallest: NaN if any element is. Of no elements they throw.

/// The largest (smallest) element. Equal ones, or all NaNs, share the gradient evenly.
Tensor max(XGRAD_SELF) XGRAD_METHOD(max(*this));
Tensor min(XGRAD_SELF) XGRAD_METHOD(min(*this));
/// The same over axes.
Tensor amax(XGRAD_SELF_AND IntArrayRef dim = {}, bool keepdim = false) XGRAD_METHOD(amax(*this, dim, keepdim));
Tensor amin(XGRAD_SELF_AND IntArrayRef dim = {}, bool keepdim = false) XGRAD_METHOD(amin(*this, dim, keepdim));
/// The smallest and the largest over one axis or all.
std::tuple<Tensor, Tensor> aminmax(XGRAD_SELF_AND std::optional<int64_t> dim = std::nullopt, bool keepdim = false)
    XGRAD_METHOD(aminmax(*this, dim, keepdim));
/// The largest (smallest) element along an axis and its position: the first one, or the first NaN, which takes the whole
/// gradient.
std::tuple<Tensor, Tensor> max(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(max(*this, dim, keepdim));
std::tuple<Tensor, Tensor> min(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(min(*this, dim, keepdim));
/// Those positions alone, int64; without `dim` the position in row-major order. Throws for bool.
Tensor argmax(XGRAD_SELF_AND std::optional<int64_t> dim = std::nullopt, bool keepdim = false) XGRAD_METHOD(argmax(*this, dim, keepdim));
Tensor argmin(XGRAD_SELF_AND std::optional<int64_t> dim = std::nullopt, bool keepdim = false) XGRAD_METHOD(argmin(*this, dim, keepdim));

/// True iff all (any) elements are not 0, NaN counting as not 0: bool, or uint8 for uint8. Of nothing: true (false).
Tensor all(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(all(*this, dim, keepdim));
Tensor all(XGRAD_SELF) XGRAD_METHOD(all(*this));
Tensor any(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(any(*this, dim, keepdim));
Tensor any(XGRAD_SELF) XGRAD_METHOD(any(*this));

// ---- along an axis, whose size stays

/// exp(x) / sum(exp(x)) along `dim`, and its logarithm, for any size of elements. NaN where all of a row is -inf or one
/// is +inf. With `dtype` elements are converted first. Throws for integers. Where no gradient arrives for a whole row, the
/// row's gradient is exactly 0 even if the row holds NaN.
Tensor softmax(XGRAD_SELF_AND int64_t dim, std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(softmax(*this, dim, dtype));
Tensor log_softmax(XGRAD_SELF_AND int64_t dim, std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(log_softmax(*this, dim, dtype));
/// Along `dim`, the sum (product) of the elements up to and including each; int64 for integers and bool. With `dtype`
/// elements are converted first. float32 is accumulated in float64. The derivative of products is right across zeros.
Tensor cumsum(XGRAD_SELF_AND int64_t dim, std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(cumsum(*this, dim, dtype));
Tensor cumprod(XGRAD_SELF_AND int64_t dim, std::optional<ScalarType> dtype = std::nullopt) XGRAD_METHOD(cumprod(*this, dim, dtype));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
