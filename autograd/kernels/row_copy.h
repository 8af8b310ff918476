// Copies of one row of elements between different steps.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// n elements of `bytes` (1, 4 or 8) each from `from`, `from_step` bytes apart, to `to`, `to_step` bytes apart; the two don't
/// overlap. `from_step` may be 0.
void copy_row(int bytes, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n);

}  // namespace xgrad::kernels
