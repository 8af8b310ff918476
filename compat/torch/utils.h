#pragma once

#include <ATen/Parallel.h>
#include <torch/types.h>

namespace torch { inline namespace xgrad {

/// True iff both are undefined, or both are defined and equal.
inline bool equal_if_defined(const Tensor& a, const Tensor& b) { return a.defined() == b.defined() && (!a.defined() || equal(a, b)); }

}}  // namespace torch::xgrad
