#pragma once

#include <xgrad/nn/arg.h>

namespace xgrad {}
namespace torch = xgrad;
