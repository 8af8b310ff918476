// For lists of functions as macros, whose rows hold parameters and arguments in parentheses.
#pragma once

/// XGRAD_UNPACK (a, b) is a, b.
#define XGRAD_UNPACK(...) __VA_ARGS__
