// Arrays that are zero but for the elements of a part, as the gradient of a slice is.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Writes `length` bytes at `array`: operand 1's elements at operand 0's places, which lie within them and don't overlap, and
/// zeros elsewhere. Both operands have elements of it.bytes[0]; the iteration is simplified and not empty.
void write_between_zeros(const Iteration& it, char* array, int64_t length);

}}}  // namespace torch::xgrad::kernels
