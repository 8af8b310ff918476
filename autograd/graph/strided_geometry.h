// Parts of a storage, and gradients of them: what an edit of a view does to its base.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Where the elements of a tensor lie in its storage, counted in elements.
struct StridedGeometry {
  Dims sizes, strides;
  int64_t offset = 0;
};
XGRAD_API StridedGeometry geometry_of(const Tensor& t);

/// The gradient of `whole` when `part` is a view of it with gradient gy: gy in its place and zeros around it, added up
/// where elements of the part share memory.
XGRAD_API Tensor as_strided_adjoint(const Tensor& gy, const StridedGeometry& whole, const StridedGeometry& part);
/// The values that `g`, laid out as `whole`, has at the elements of `part`.
XGRAD_API Tensor as_strided_part(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part);
/// `g`, laid out as `whole`, with zeros at the elements of `part`.
XGRAD_API Tensor as_strided_zeroed(const Tensor& g, const StridedGeometry& whole, const StridedGeometry& part);

}}  // namespace torch::xgrad
