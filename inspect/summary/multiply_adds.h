// What operations cost. Internal.
#pragma once

#include <cstdint>

#include <xgrad/autograd/graph/trace.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// The multiplications whose products the operation adds up: those of matrix products, convolutions, recurrent layers and attention; additions of
/// a bias aren't counted. 0 for every other operation.
int64_t multiply_adds(const TracedOperation& operation);

}}}  // namespace torch::xgrad::inspect
