// Joining tensors, and bringing them to a number of axes. What cuts them apart is a method too (autograd/tensor/operations/shape.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The tensors one after the other along `dim`; their other sizes must agree. The result has the dtype all promote to.
/// Vectors of no elements are skipped whatever the shape of the others. Throws for no tensors and for 0-d ones.
XGRAD_API Tensor cat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concat(TensorList tensors, int64_t dim = 0);
XGRAD_API Tensor concatenate(TensorList tensors, int64_t dim = 0);
/// Tensors of one shape side by side along a new axis that becomes axis `dim` of the result.
XGRAD_API Tensor stack(TensorList tensors, int64_t dim = 0);
/// cat along axis 1, of vectors and numbers along axis 0.
XGRAD_API Tensor hstack(TensorList tensors);
/// cat along axis 0, with numbers and vectors as rows.
XGRAD_API Tensor vstack(TensorList tensors);
XGRAD_API Tensor row_stack(TensorList tensors);
/// cat along axis 2, with numbers, vectors and matrices brought to three axes by atleast_3d.
XGRAD_API Tensor dstack(TensorList tensors);
/// cat along axis 1, with numbers and vectors as columns.
XGRAD_API Tensor column_stack(TensorList tensors);
/// With as many axes at least: a number as [1], a vector as [1, n], [1, n, 1], a matrix as [n, m, 1].
XGRAD_API Tensor atleast_1d(const Tensor& self);
XGRAD_API std::vector<Tensor> atleast_1d(TensorList tensors);
XGRAD_API Tensor atleast_2d(const Tensor& self);
XGRAD_API std::vector<Tensor> atleast_2d(TensorList tensors);
XGRAD_API Tensor atleast_3d(const Tensor& self);
XGRAD_API std::vector<Tensor> atleast_3d(TensorList tensors);

}}  // namespace torch::xgrad
