// Second derivatives of functions with one element as their value.
#pragma once

#include <xgrad/autograd/func/jacobian.h>

namespace torch { inline namespace xgrad { namespace func {

/// All second derivatives: [i][j] has the shape [input i's shape, input j's shape]. One call of f, and a backward pass through f and its
/// gradient for every element of the inputs.
XGRAD_API Jacobians hessian(const ScalarMap& f, const variable_list& inputs, const Options& options = {});
XGRAD_API Tensor hessian(const TensorMap& f, const Tensor& input, const Options& options = {});

/// f's value, and v^T H in the inputs' shapes; v: one tensor per input. One call of f, and its gradient and that of <gradient, v> backwards:
/// about two gradients.
XGRAD_API std::pair<Tensor, variable_list> vhp(const ScalarMap& f, const variable_list& inputs, const variable_list& v, const Options& options = {});
XGRAD_API std::pair<Tensor, Tensor> vhp(const TensorMap& f, const Tensor& input, const Tensor& v, const Options& options = {});
/// f's value, and H v. H is symmetric, so this is vhp, unless the function has a derivative of its own that is none.
XGRAD_API std::pair<Tensor, variable_list> hvp(const ScalarMap& f, const variable_list& inputs, const variable_list& v, const Options& options = {});
XGRAD_API std::pair<Tensor, Tensor> hvp(const TensorMap& f, const Tensor& input, const Tensor& v, const Options& options = {});

}}}  // namespace torch::xgrad::func
