// Products of several tensors over several axes.
#pragma once

#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Einstein's sum, as numpy writes it: "bij,bjk->bik" names each axis of each tensor by a letter and says which are left; the product
/// is summed over the others. A letter twice in one tensor is its diagonal, "..." stands for any axes, which broadcast, as do those of
/// size 1. Without "->", the ellipsis and the letters seen once, in order, are left. Two tensors at a time are multiplied: those that
/// `path` gives as pairs of places, a result coming last, or the pair whose product takes least.
XGRAD_API Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path = std::nullopt);

/// Sums of products over the axes dims_self of self and dims_other of other; the other axes of self are left, then those of other.
XGRAD_API Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other);

/// linalg_multi_dot of matrices alone; of one, a copy.
XGRAD_API Tensor chain_matmul(TensorList matrices);

/// input1[.., i] weight[o, i, j] input2[.., j] + bias[o], summed over i and j.
XGRAD_API Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const std::optional<Tensor>& bias = std::nullopt);

}}  // namespace torch::xgrad
