#pragma once

#include <optional>

#include <xgrad/autograd/array_ref.h>

namespace xgrad {
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
}  // namespace xgrad

namespace c10 = xgrad;
