// The reverse sweep.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace autograd {

using Variable = Tensor;
using xgrad::Edge;
using xgrad::Node;
using variable_list = std::vector<Tensor>;
using tensor_list = std::vector<Tensor>;

/// Adds to grad() of every leaf (or only of `inputs`) the gradient of the sum over i of <tensors[i], grad_tensors[i]>.
/// grad_tensors: one per tensor, of its shape; an undefined one, or an empty list, stands for 1 and needs a tensor of
/// one element. It may also be of a shape that the tensor broadcasts to, and is summed to the tensor's then. retain_graph
/// defaults to create_graph. Throws when a tensor is in no graph, when a gradient has another shape, when the graph's saved
/// values were released or edited.
XGRAD_API void backward(TensorList tensors, TensorList grad_tensors = {}, std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                        TensorList inputs = {});

/// The same gradients returned for `inputs` and added nowhere. Throws when an input is not reached, unless
/// allow_unused, which gives an undefined tensor for it.
XGRAD_API variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs = {},
                             std::optional<bool> retain_graph = std::nullopt, bool create_graph = false, bool allow_unused = false);

}  // namespace autograd
}}  // namespace torch::xgrad
