// Of the list in operations.h: order statistics, histograms, covariances and differences along an axis.
#ifdef XGRAD_METHOD

// ---- order statistics: `dim` is one axis, kept with size 1 where `keepdim` is true

/// The element in the middle, of an even number the smaller of two; NaN if any element is (nanmedian: if all are), and of nothing. Equal
/// elements share the gradient. Not for Bool.
Tensor median(XGRAD_SELF) XGRAD_METHOD(median(*this));
Tensor nanmedian(XGRAD_SELF) XGRAD_METHOD(nanmedian(*this));
/// The same along an axis, and the position of one such element, which takes the whole gradient.
std::tuple<Tensor, Tensor> median(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(median(*this, dim, keepdim));
std::tuple<Tensor, Tensor> nanmedian(XGRAD_SELF_AND int64_t dim, bool keepdim = false) XGRAD_METHOD(nanmedian(*this, dim, keepdim));
/// The k-th smallest element along an axis, counted from 1, NaN being the largest, and its position. Not for Bool.
std::tuple<Tensor, Tensor> kthvalue(XGRAD_SELF_AND int64_t k, int64_t dim = -1, bool keepdim = false) XGRAD_METHOD(kthvalue(*this, k, dim, keepdim));
/// The most frequent element along an axis, the smallest of several, and a position of it.
std::tuple<Tensor, Tensor> mode(XGRAD_SELF_AND int64_t dim = -1, bool keepdim = false) XGRAD_METHOD(mode(*this, dim, keepdim));
/// Where n elements in order are said to have ranks 0 to n - 1, what has rank q (n - 1), for each q in [0, 1], a number or a vector whose axis
/// comes first; without `dim` of all elements. Between two ranks the value is "linear"ly interpolated, the "lower", "higher" or "nearest"
/// one, or the "midpoint". NaN if an element is; nanquantile leaves NaNs out. Throws for no elements and unless all have one floating dtype.
Tensor quantile(XGRAD_SELF_AND const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                std::string_view interpolation = "linear") XGRAD_METHOD(quantile(*this, q, dim, keepdim, interpolation));
Tensor quantile(XGRAD_SELF_AND double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false, std::string_view interpolation = "linear")
    XGRAD_METHOD(quantile(*this, q, dim, keepdim, interpolation));
Tensor nanquantile(XGRAD_SELF_AND const Tensor& q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear") XGRAD_METHOD(nanquantile(*this, q, dim, keepdim, interpolation));
Tensor nanquantile(XGRAD_SELF_AND double q, std::optional<int64_t> dim = std::nullopt, bool keepdim = false,
                   std::string_view interpolation = "linear") XGRAD_METHOD(nanquantile(*this, q, dim, keepdim, interpolation));

// ---- counts: no derivative

/// How often each of 0, 1, ... occurs in a vector of integers, or the sum of the weights of its occurrences; at least `minlength` numbers.
Tensor bincount(XGRAD_SELF_AND const std::optional<Tensor>& weights = detail::kNoTensor, int64_t minlength = 0)
    XGRAD_METHOD(bincount(*this, weights, minlength));
/// The number of elements in each of `bins` intervals of equal length from min to max, or where both are 0 from the smallest element to the
/// largest. An interval holds its lower end, the last one both. Other elements and NaN are not counted. In self's dtype, a floating one.
Tensor histc(XGRAD_SELF_AND int64_t bins = 100, const Scalar& min = 0, const Scalar& max = 0) XGRAD_METHOD(histc(*this, bins, min, max));
/// The same between the edges of intervals, a vector in ascending order, or of `bins` intervals over `range`, {min, max}; and the edges.
/// Elements count with `weight`; with `density` counts are divided by their sum and the intervals' lengths.
std::tuple<Tensor, Tensor> histogram(XGRAD_SELF_AND const Tensor& bins, const std::optional<Tensor>& weight = detail::kNoTensor, bool density = false)
    XGRAD_METHOD(histogram(*this, bins, weight, density));
std::tuple<Tensor, Tensor> histogram(XGRAD_SELF_AND int64_t bins = 100, std::optional<ArrayRef<double>> range = std::nullopt,
                                     const std::optional<Tensor>& weight = detail::kNoTensor, bool density = false)
    XGRAD_METHOD(histogram(*this, bins, range, weight, density));

// ---- covariances and differences

/// The covariances of the rows of a matrix, whose columns are observations; of a vector its variance. Divided by the number of observations
/// less `correction`. fweights (integers): how often each observation counts; aweights (floating): how much.
Tensor cov(XGRAD_SELF_AND int64_t correction = 1, const std::optional<Tensor>& fweights = detail::kNoTensor,
           const std::optional<Tensor>& aweights = detail::kNoTensor) XGRAD_METHOD(cov(*this, correction, fweights, aweights));
/// cov divided by the standard deviations of both rows, in [-1, 1].
Tensor corrcoef(XGRAD_SELF) XGRAD_METHOD(corrcoef(*this));
/// The differences of neighbours along an axis, taken n times, after `prepend` and `append` have been joined to its ends. Of Bool: whether they
/// differ.
Tensor diff(XGRAD_SELF_AND int64_t n = 1, int64_t dim = -1, const std::optional<Tensor>& prepend = detail::kNoTensor,
            const std::optional<Tensor>& append = detail::kNoTensor) XGRAD_METHOD(diff(*this, n, dim, prepend, append));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
