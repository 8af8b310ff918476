// What operations that draw random numbers check, and how their kernels see tensors. No graph.
#pragma once

#include <initializer_list>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/kernels/strided.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

using OptionalGenerator = std::optional<Generator>;

/// The elements of `out`, in memory order; those of the others, of its shape, become the operands after it.
kernels::Iteration in_memory_order(const Tensor& out, std::initializer_list<const Tensor*> others = {});

/// Throws NotImplementedError, naming PyTorch's kernel, for any other dtype.
void check_floating(const Operation& operation, const char* kernel, ScalarType dtype);

/// True iff every element of a floating tensor is in [low, high]; a NaN is not.
bool elements_within(const Tensor& t, double low, double high);

}}  // namespace torch::xgrad
