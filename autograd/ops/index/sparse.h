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
/// table[positions] += alpha * values, and table[positions] = values, in the table's own memory where no graph needs its elements: the table
/// is not passed over, as it is in index_add_. Positions (int64) must have been checked, and be different ones in replace_rows.
void add_to_rows(const Tensor& table, const Tensor& positions, const Tensor& values, const Scalar& alpha = 1);
void replace_rows(const Tensor& table, const Tensor& positions, const Tensor& values);
/// self + alpha * other, the latter sparse. In place if `out` is self.
[[gnu::cold]] Tensor add_sparse(const Operation& op, const Tensor& self, const Tensor& other, const Scalar& alpha, Out out);
/// self * factor. In place if `out` is self.
[[gnu::cold]] Tensor mul_sparse(const Tensor& self, const Scalar& factor, Out out);

}}  // namespace torch::xgrad
