// Elementary functions, elementwise: what is no method too (autograd/tensor/operations/pointwise.h). Where nothing else is said,
// integers and Bool give the default floating dtype.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// 2^self.
XGRAD_API Tensor exp2(const Tensor& self);
/// sin(pi self) / (pi self), 1 at 0.
XGRAD_API Tensor sinc(const Tensor& self);
/// sqrt(self^2 + other^2) without overflow; the derivative at (0, 0) is 0. Floating dtypes only.
XGRAD_API Tensor hypot(const Tensor& self, const Tensor& other);
/// self * log(other), 0 where self is 0 unless other is NaN.
XGRAD_API Tensor xlogy(const Scalar& self, const Tensor& other);

}}  // namespace torch::xgrad
