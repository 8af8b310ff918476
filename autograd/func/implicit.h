// Derivatives of what an equation defines, without those of the way to its solution.
#pragma once

#include <cstdint>
#include <functional>

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

/// When a solver ends.
struct SolverOptions {
  /// Relative: a residual (solve_linear) of so much of |b|, a step (fixed_point) of so much of |z|, in the Euclidean norm. 0: 1e-6 for float32,
  /// 1e-12 for float64.
  double tolerance = 0;
  /// The solver throws a LinAlgError when it has not ended after so many.
  int64_t max_iterations = 500;
};

/// A function of a tensor that an equation is about and of what derivatives are wanted by.
using ParametrisedMap = std::function<Tensor(const Tensor&, const variable_list&)>;

/// w with apply(w, parameters) = b, for an `apply` that is linear in its first argument and keeps its shape, any one; by GMRES, in the memory of
/// one tensor per iteration. In exact arithmetic it ends after b.numel() iterations at most. Differentiable any number of times by b and the
/// parameters: a derivative solves one equation with the transposed operator, which is found by vjp().
XGRAD_API Tensor solve_linear(const ParametrisedMap& apply, const Tensor& b, const variable_list& parameters, const SolverOptions& options = {});

/// z with f(z, parameters) = z, reached by z <- f(z, parameters) from `start`, of whose shape it is. f must contract near z for that to end.
/// Differentiable any number of times by the parameters: a derivative solves w = gz + (df/dz)^T w at z, by solve_linear, and costs no memory for
/// the iterations. `start` gets no gradient.
XGRAD_API Tensor fixed_point(const ParametrisedMap& f, const Tensor& start, const variable_list& parameters, const SolverOptions& options = {});

}}}  // namespace torch::xgrad::func
