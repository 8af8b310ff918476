// Elementary functions, elementwise: what is no method too (autograd/tensor/operations/pointwise.h). Where nothing else is said,
// integers and Bool give the default floating dtype.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// self * log(other), 0 where self is 0 unless other is NaN.
XGRAD_API Tensor xlogy(const Scalar& self, const Tensor& other);

}}  // namespace torch::xgrad
