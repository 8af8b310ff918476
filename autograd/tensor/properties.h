// What tensors are, as functions.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

inline int64_t numel(const Tensor& tensor) { return tensor.numel(); }
/// Of axis `dim`, negative ones counted from the back. Throws IndexError.
inline int64_t size(const Tensor& tensor, int64_t dim) { return tensor.size(dim); }
/// In elements, of axis `dim`. Throws IndexError.
inline int64_t stride(const Tensor& tensor, int64_t dim) { return tensor.stride(dim); }
inline bool is_floating_point(const Tensor& tensor) { return tensor.is_floating_point(); }
inline bool is_complex(const Tensor& tensor) { return tensor.is_complex(); }
inline bool is_conj(const Tensor& tensor) { return tensor.is_conj(); }
inline bool is_neg(const Tensor& tensor) { return tensor.is_neg(); }
inline bool is_signed(const Tensor& tensor) { return tensor.is_signed(); }

namespace detail {
XGRAD_API ScalarType promoted(const Tensor& a, const Tensor& b);
XGRAD_API ScalarType promoted(const Tensor& a, const Scalar& b);
}  // namespace detail

/// The dtype that both have as operands of an elementwise operation: the highest of the categories Bool, integer and floating decides, and
/// within it the widest dtype. A tensor without axes counts by its category alone beside one with axes, and a number beside any tensor; a
/// floating number has the default dtype.
inline ScalarType result_type(const Tensor& tensor, const Tensor& other) {
  return tensor.dtype() == other.dtype() ? tensor.dtype() : detail::promoted(tensor, other);
}
inline ScalarType result_type(const Tensor& tensor, const Scalar& other) {
  return isFloatingType(tensor.dtype()) ? tensor.dtype() : detail::promoted(tensor, other);
}
inline ScalarType result_type(const Scalar& scalar, const Tensor& tensor) { return result_type(tensor, scalar); }
XGRAD_API ScalarType result_type(const Scalar& scalar1, const Scalar& scalar2);

}}  // namespace torch::xgrad
