// The one place threads come from.
#pragma once

#include <atomic>
#include <cstdint>

#include <xgrad/autograd/core/threads.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// How many of the pool's threads wait for work without sleeping.
extern std::atomic<int> spinning_workers;

/// Work estimated below this many nanoseconds stays on the calling thread: a worker that is awake has its share within a microsecond, one
/// that sleeps comes 20 to 40 us late. How work is shared changes no result.
inline double least_shared_nanoseconds() { return spinning_workers.load(std::memory_order_relaxed) > 0 ? 12000 : 40000; }

inline int num_threads() { return get_num_threads(); }

using xgrad::detail::RangeBody;

/// Calls body(begin, end) over disjoint pieces that cover [0, n), at most one piece per thread at once, cut at
/// multiples of `grain`. Returns when all are done. A piece that throws stops no other; the first exception is passed on.
/// Called from inside a piece, it runs on the calling thread alone.
XGRAD_API void parallel_for(int64_t n, int64_t grain, RangeBody body);

}  // namespace kernels
}}  // namespace torch::xgrad
