// Elements read from, and written to, positions that an index tensor names along one axis.
#pragma once

#include <cstddef>

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// y = x[index]: operands y, index (int64) and x, whose stride along the indexed axis is 0 in the iteration; x's positions are
/// `step` bytes apart, its elements have `bytes`. The iteration is simplified and not empty.
void gather(const Iteration& it, int64_t step, int bytes);

/// What becomes of what meets in one element: the last, the sum, the product, the largest or smallest (a NaN wins).
enum class Combine { Overwrite, Add, Multiply, Maximum, Minimum };

/// y[index] = x, or combined with it: operands y, index (int64) and x. The iteration covers the other axes; the loop walks the
/// indexed axis from its start, so that what meets in one element of y is combined in the same order always, and no
/// two elements of the iteration write to the same memory.
struct ScatterParameter {
  int64_t length;                      ///< of the indexed axis, in x and index
  int64_t y_step, index_step, x_step;  ///< bytes along it
};
Loop scatter_loop(ScalarType dtype, Combine combine);

}}}  // namespace torch::xgrad::kernels
