// Inputs that PyTorch has no derivative in.
#pragma once

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// wrt(x, no_derivative<"zeta">): the value is part of the graph, and a sweep that asks for this gradient throws.
template <detail::Text name> Tensor no_derivative(const Tensor&) {
  detail::raise<NotImplementedError>("the derivative for '", detail::stored<name>.characters, "' is not implemented.");
}

/// The same for an operation whose name is known when it runs: wrt(x, NoDerivative{operation}).
struct NoDerivative {
  const Operation& operation;
  Tensor operator()(const Tensor&) const { detail::raise<NotImplementedError>("the derivative for '", operation.name(), "' is not implemented."); }
};

}}  // namespace torch::xgrad
