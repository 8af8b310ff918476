// Numbers written to tensors. No graph.
#pragma once

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Makes all elements of a tensor that fills its memory, whatever the order of its axes, `value`. Throws where its dtype can't hold it.
void write_number(const Operation& operation, const Tensor& t, const Scalar& value);
/// A tensor without axes that holds `value`, under the same condition.
Tensor number_tensor(const Operation& operation, const Scalar& value, ScalarType dtype);
/// A tensor without axes shown as `sizes`.
Tensor repeated(const Tensor& element, IntArrayRef sizes);

}}  // namespace torch::xgrad
