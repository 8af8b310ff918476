#pragma once

#include <torch/types.h>
#include <xgrad/autograd/threads.h>

namespace xgrad {

/// True iff both are undefined, or both are defined and equal.
inline bool equal_if_defined(const Tensor& a, const Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || equal(a, b));
}

}  // namespace xgrad
