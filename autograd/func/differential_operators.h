// Differential operators on functions of points, which are the rows of a tensor.
//
// A function takes one point, [d], or N of them, [N, d], and acts row by row: row n of its result depends on row n of its input alone, as a
// network without batch normalisation does. Where rows do depend on each other, results are sums over the rows that a value depends on.
#pragma once

#include <optional>

#include <xgrad/autograd/func/function.h>
#include <xgrad/autograd/tensor/generator.h>

namespace torch { inline namespace xgrad { namespace func {

/// The sum of the second derivatives along the d axes of space, of each of f's values: [N], [N, m] or what else f gives, and of its shape. By
/// forward mode of the second order, which carries value, d slopes and the Laplacian through f once: about d + 2 calls of f, where a
/// loop of second gradients costs 2 d + 2. An operation without a rule for tangents (see Linearized::jvp) costs its share of the loop.
XGRAD_API Tensor laplacian(const TensorMap& f, const Tensor& points, const Options& options = {});

/// The sum over i of d f_i / d x_i for a vector field, whose result has the shape of its input: [N] for [N, d], 0-d for [d]. One call of f and d
/// jvp(). Throws for a result of another shape.
XGRAD_API Tensor divergence(const TensorMap& f, const Tensor& points, const Options& options = {});

/// Hutchinson's estimate of the same, the mean over `samples` of <e, J e> with signs e drawn from `generator` (Rademacher, one per element):
/// without bias, with a variance of the sum over i < j of (J_ij + J_ji)^2 over `samples`. One call of f and `samples` backward passes,
/// however many dimensions. Throws unless samples > 0. M. F. Hutchinson, Commun. Stat. Simul. Comput. 19 (1990) 433.
XGRAD_API Tensor divergence_estimate(const TensorMap& f, const Tensor& points, int64_t samples = 1, std::optional<Generator> generator = std::nullopt,
                                     const Options& options = {});

/// The Euclidean norm of each row's gradient, [N] for [N, d] and 0-d for [d], of a function with one value per row: with create_graph, what a
/// penalty on gradients takes. Where the gradient is zero its norm has derivative zero. One call of f and one backward pass.
XGRAD_API Tensor gradient_norm(const TensorMap& f, const Tensor& points, const Options& options = {});

}}}  // namespace torch::xgrad::func
