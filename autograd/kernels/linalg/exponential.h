// The exponential of a matrix in memory.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// y = e^a for row-major a and y (n x n). All NaN where an element of a is not finite.
template <class T> void exponential(int64_t n, const T* a, T* y);

}}}  // namespace torch::xgrad::kernels
