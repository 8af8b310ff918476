// Views, other shapes of the same memory: what is no method too (autograd/tensor/operations/shape.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// All expanded to the shape they broadcast to.
XGRAD_API std::vector<Tensor> broadcast_tensors(TensorList tensors);
/// Coordinate grids of 1-d (or 0-d) tensors. indexing: "ij" (the default), or "xy", which swaps the first two axes.
XGRAD_API std::vector<Tensor> meshgrid(TensorList tensors);
XGRAD_API std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing);

}}  // namespace torch::xgrad
