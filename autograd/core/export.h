// Symbol visibility and source locations of checks.
#pragma once

#include <xgrad/autograd/core/namespace.h>

// The library is built with hidden visibility; what carries this mark is its binary interface.
#define XGRAD_API __attribute__((visibility("default")))
