// Elements at the places that sizes and strides name in an array, one after the other in row-major order: places may coincide.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Adds the elements at x, which lie side by side, to those at their places; the first place is `offset`, counted in elements.
void add_at_places(ScalarType dtype, const void* x, void* array, Constants<int64_t> sizes, Constants<int64_t> strides, int64_t offset);
/// Puts zeros there.
void clear_places(ScalarType dtype, void* array, Constants<int64_t> sizes, Constants<int64_t> strides, int64_t offset);

}}}  // namespace torch::xgrad::kernels
