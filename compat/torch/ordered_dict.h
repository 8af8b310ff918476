#pragma once

#include <xgrad/nn/ordered_dict.h>

namespace torch = xgrad;
