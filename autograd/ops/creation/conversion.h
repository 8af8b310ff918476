// Copies, conversions between dtypes, and overwriting.
//
// The methods clone(), contiguous(), to(), copy_(), fill_() and zero_() are documented in tensor.h.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A copy with memory of its own, in row-major order.
inline Tensor clone(const Tensor& self, std::optional<MemoryFormat> memory_format = std::nullopt) { return self.clone(memory_format); }
/// The same memory outside the graph.
inline Tensor detach(const Tensor& self) { return self.detach(); }
/// A tensor of the shape and dtype of `self` with every element `value` (a number, or a tensor without axes).
XGRAD_API Tensor fill(const Tensor& self, const Scalar& value);
XGRAD_API Tensor fill(const Tensor& self, const Tensor& value);

}}  // namespace torch::xgrad
