// Which elements are among others.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// found[i] = whether elements[i] equals one of the `m` tests, or doesn't if `invert`; NaN equals nothing. `sorted`: memory for the tests.
void membership(ScalarType dtype, int64_t n, const void* elements, int64_t m, const void* tests, bool invert, void* sorted, bool* found);

}}}  // namespace torch::xgrad::kernels
