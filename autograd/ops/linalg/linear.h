// Products of the rows of tensors with a matrix. A tensor of shape (..., n) is taken as its rows of n elements.
// The derivatives of these, and of matrix products, are these.
#pragma once

#include <xgrad/autograd/graph/record.h>

namespace torch { inline namespace xgrad {

/// x (..., k) by b (k, n) gives (..., n).
Tensor rows_by(const Tensor& x, const Tensor& b, const Operation& op = operation<"mm">);

/// The sum over all rows of the outer products of a row of `a` (..., m) and the same row of `b` (..., n): (m, n).
Tensor sum_of_outer_products(const Tensor& a, const Tensor& b);

/// The sum of all rows of x (..., n): (n).
Tensor sum_of_rows(const Tensor& x);

/// x b^T, x b, the sum of outer products and that of rows as the gradient of input `i` of a running node: added in place to
/// earlier ones where Gradients::accumulate can, and then undefined. That of rows may leave summing to the engine.
Tensor linear_gradient(const Gradients& g, int i, const Tensor& x, const Tensor& b);
Tensor rows_gradient(const Gradients& g, int i, const Tensor& x, const Tensor& b);
Tensor outer_gradient(const Gradients& g, int i, const Tensor& a, const Tensor& b);
Tensor sum_of_rows_gradient(const Gradients& g, int i, const Tensor& x);

}}  // namespace torch::xgrad
