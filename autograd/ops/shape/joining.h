// Joining tensors and cutting them apart.
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
/// Views of `split_size` positions of axis `dim` each, the last one of what is left.
XGRAD_API std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim = 0);
/// Views of as many positions as each size says; the sizes add up to that of the axis.
XGRAD_API std::vector<Tensor> split(const Tensor& self, IntArrayRef split_size, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
/// Up to `chunks` views of equal length along an axis, the last one possibly shorter; fewer when the length runs out.
XGRAD_API std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
/// A view of each position of an axis, without that axis.
XGRAD_API std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);

}}  // namespace torch::xgrad
