// Inputs that PyTorch has no derivative in.
#pragma once

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace detail {
[[noreturn]] inline void refuse_derivative(const char* name) { raise<NotImplementedError>("the derivative for '", name, "' is not implemented."); }
}  // namespace detail

/// wrt(x, no_derivative<"zeta">): the value is part of the graph, and a sweep that asks for this gradient throws.
template <detail::Text name> Tensor no_derivative(const Tensor&) { detail::refuse_derivative(detail::stored<name>.characters); }

/// The same for an operation whose name is known when it runs: wrt(x, NoDerivative{operation}).
struct NoDerivative {
  const Operation& operation;
  Tensor operator()(const Tensor&) const { detail::refuse_derivative(operation.name()); }
};

}}  // namespace torch::xgrad
