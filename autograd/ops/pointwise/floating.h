// Elementwise functions that turn integers and Bool into the default floating dtype.
#pragma once

#include <xgrad/autograd/tensor/pointwise.h>

namespace torch { inline namespace xgrad {

inline Forward floating(const Operation& operation, const LoopTable& table, const Tensor& x, Out out = {}) {
  return pointwise(operation, table, floating_result_type(x), {x}, {}, out);
}

inline Forward floating(const Operation& operation, const LoopTable& table, const Operand& a, const Operand& b) {
  return pointwise(operation, table, floating_result_type({a, b}), {a, b});
}

}}  // namespace torch::xgrad
