// Softmax and its logarithm along an axis.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// exp(x) / sum(exp(x)) along `dim`, and its logarithm, for any size of elements. NaN where all of a row is -inf or one
/// is +inf. With `dtype` elements are converted first. Throws for integers. Where no gradient arrives for a whole row, the
/// row's gradient is exactly 0 even if the row holds NaN.
XGRAD_API Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype = std::nullopt);

}}  // namespace torch::xgrad
