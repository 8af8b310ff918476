// The time of day, as logs note it. Internal.
#pragma once

#include <chrono>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Seconds since 1970.
inline double wall_clock() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

}}}  // namespace torch::xgrad::inspect
