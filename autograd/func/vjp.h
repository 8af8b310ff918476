// Gradients, and products of Jacobians with vectors on either side.
#pragma once

#include <xgrad/autograd/func/linearized.h>

namespace torch { inline namespace xgrad { namespace func {

/// f's outputs at `inputs`, and J^T v in the inputs' shapes. v: one tensor per output, or none for one output with one element. Costs one
/// call of f and one backward pass.
XGRAD_API std::pair<variable_list, variable_list> vjp(const ListMap& f, const variable_list& inputs, const variable_list& v = {},
                                                      const Options& options = {});
XGRAD_API std::pair<Tensor, Tensor> vjp(const TensorMap& f, const Tensor& input, const Tensor& v = {}, const Options& options = {});

/// f's outputs, and J t in the outputs' shapes, by forward mode; t: one tensor per input. Costs one call of f and about as much again: see
/// Linearized::jvp(), which also says for which operations more.
XGRAD_API std::pair<variable_list, variable_list> jvp(const ListMap& f, const variable_list& inputs, const variable_list& t,
                                                      const Options& options = {});
XGRAD_API std::pair<Tensor, Tensor> jvp(const TensorMap& f, const Tensor& input, const Tensor& t, const Options& options = {});

/// The gradient of a function with one element as its value, in the inputs' shapes: one call of f and one backward pass.
XGRAD_API variable_list grad(const ScalarMap& f, const variable_list& inputs, const Options& options = {});
XGRAD_API Tensor grad(const TensorMap& f, const Tensor& input, const Options& options = {});
/// The same behind the value.
XGRAD_API std::pair<Tensor, variable_list> value_and_grad(const ScalarMap& f, const variable_list& inputs, const Options& options = {});
XGRAD_API std::pair<Tensor, Tensor> value_and_grad(const TensorMap& f, const Tensor& input, const Options& options = {});

}}}  // namespace torch::xgrad::func
