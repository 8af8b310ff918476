// How many threads the library uses.
#pragma once

#include <xgrad/autograd/export.h>

namespace xgrad {

/// How many threads one operation may use, the calling one included. Starts at the number of cores the process may run
/// on, or XGRAD_NUM_THREADS. Results don't depend on it, bit for bit.
XGRAD_API int get_num_threads();
/// Throws unless n >= 1.
XGRAD_API void set_num_threads(int n);

}  // namespace xgrad
