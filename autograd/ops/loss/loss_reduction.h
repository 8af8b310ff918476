// How a loss turns its elements into its value, and a gradient of the value into one of the elements.
#pragma once

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/loss/loss.h>

namespace torch { inline namespace xgrad {

/// Throws unless `reduction` is one of Reduction's values.
void check_reduction(const Operation& operation, int64_t reduction);

/// Elements that were computed in a wider dtype, as `dtype`. No graph.
Forward elements_as(Forward elements, ScalarType dtype);

/// The elements themselves, their mean or their sum. No graph.
Forward reduce_elements(const Forward& elements, int64_t reduction);

/// The same with differentiable operations.
Tensor reduced(const Tensor& elements, int64_t reduction);

/// The gradient that each of n elements gets from the gradient of their reduction.
Tensor per_element(const Tensor& gy, int64_t reduction, int64_t n);

/// An optional input that `operation` takes no derivative of; throws if it asks for one. Undefined when not given.
Tensor constant_input(const Operation& operation, const char* argument, const std::optional<Tensor>& value);

}}  // namespace torch::xgrad
