#pragma once

#include <xgrad/nn/arg.h>

namespace torch = xgrad;
