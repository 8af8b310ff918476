// Jacobians.
#pragma once

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

/// Jacobians of several outputs by several inputs: [output][input].
using Jacobians = std::vector<variable_list>;

/// All derivatives of f's outputs by its inputs. Each is a tensor of shape [output's shape, input's shape]. Backwards: one call of f and a
/// backward pass for every element of the outputs.
XGRAD_API Jacobians jacrev(const ListMap& f, const variable_list& inputs, const Options& options = {});
XGRAD_API Tensor jacrev(const TensorMap& f, const Tensor& input, const Options& options = {});
/// The same forwards: one call of f and a jvp() for every element of the inputs, which is less where there are fewer of them.
XGRAD_API Jacobians jacfwd(const ListMap& f, const variable_list& inputs, const Options& options = {});
XGRAD_API Tensor jacfwd(const TensorMap& f, const Tensor& input, const Options& options = {});
/// jacrev under the name it has in torch.autograd.functional.
inline Jacobians jacobian(const ListMap& f, const variable_list& inputs, const Options& options = {}) { return jacrev(f, inputs, options); }
inline Tensor jacobian(const TensorMap& f, const Tensor& input, const Options& options = {}) { return jacrev(f, input, options); }

/// The Jacobian of each row of a function that acts row by row: row n of its outputs, [N, outputs...], depends on row n of its input,
/// [N, inputs...], alone, as a network without batch normalisation does. [N, outputs..., inputs...]. One call of f and a backward pass of
/// the whole batch for each output of a row, or a jvp() for each input if those are less than a third as many. If rows do depend on each
/// other, the result is the sum of the derivatives of all rows. Throws unless f keeps the number of rows.
XGRAD_API Tensor batch_jacobian(const TensorMap& f, const Tensor& input, const Options& options = {});

}}}  // namespace torch::xgrad::func
