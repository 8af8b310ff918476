// The operations that know sparse tensors call these. Internal.
#pragma once

#include <xgrad/autograd/tensor/forward.h>
#include <xgrad/autograd/tensor/out.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

Tensor clone_sparse(const Tensor& t);
/// Its rows in another dtype.
Tensor convert_sparse(const Tensor& t, ScalarType dtype);
/// Leaves no rows listed.
void clear_sparse(const Tensor& t);
/// self + alpha * other, at least one of them sparse; throws for a sparse self and a dense other. In place if `out` is self.
[[gnu::cold]] Tensor add_sparse(const Operation& op, const Tensor& self, const Tensor& other, const Scalar& alpha, Out out);
/// self * factor. In place if `out` is self.
[[gnu::cold]] Tensor mul_sparse(const Tensor& self, const Scalar& factor, Out out);

}}  // namespace torch::xgrad
