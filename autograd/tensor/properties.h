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

}}  // namespace torch::xgrad
