// Joining tensors. What cuts them apart is a method too (autograd/tensor/operations/shape.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The tensors one after the other along `dim`; their other sizes must agree. The result has the dtype all promote to.
/// Vectors of no elements are skipped whatever the shape of the others. Throws for no tensors and for 0-d ones.
XGRAD_API Tensor cat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concat(TensorList tensors, int64_t dim = 0);
/// Tensors of one shape side by side along a new axis that becomes axis `dim` of the result.
XGRAD_API Tensor stack(TensorList tensors, int64_t dim = 0);
/// cat along axis 1, of vectors and numbers along axis 0.
XGRAD_API Tensor hstack(TensorList tensors);
/// cat along axis 0, with numbers and vectors as rows.
XGRAD_API Tensor vstack(TensorList tensors);

}}  // namespace torch::xgrad
