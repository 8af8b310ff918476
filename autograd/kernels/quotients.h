// Quotients of whole numbers, for a positive divisor.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Rounded down, of negative numbers too.
inline int64_t floor_quotient(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Rounded up, of numbers that are not negative: pieces of b that hold a.
inline int64_t divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }

}}}  // namespace torch::xgrad::kernels
