// Copies between dtypes.
#pragma once

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The loop that reads elements of `from` and writes them as `to`. A floating value outside an integer's range, or NaN,
/// becomes that integer type's least value, as x86 converts it.
Loop convert_loop(ScalarType to, ScalarType from);

}}}  // namespace torch::xgrad::kernels
