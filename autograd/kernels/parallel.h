// The one place threads come from.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/threads.h>

namespace xgrad {

namespace kernels {

/// Work estimated below this many nanoseconds stays on the calling thread.
constexpr double kParallelNanoseconds = 40000;

inline int num_threads() { return get_num_threads(); }

/// Refers to what can be called as body(begin, end), for as long as that lives; a std::function would take a block from the heap
/// for most lambdas.
class RangeBody {
 public:
  template <class F, class = std::enable_if_t<!std::is_same_v<F, RangeBody>>>
  RangeBody(const F& f) : object_(&f), call_([](const void* object, int64_t begin, int64_t end) { (*static_cast<const F*>(object))(begin, end); }) {}
  void operator()(int64_t begin, int64_t end) const { call_(object_, begin, end); }

 private:
  const void* object_;
  void (*call_)(const void*, int64_t, int64_t);
};

/// Calls body(begin, end) over disjoint pieces that cover [0, n), at most one piece per thread at once, cut at
/// multiples of `grain`. Returns when all are done. A piece that throws stops no other; the first exception is passed on.
/// Called from inside a piece, it runs on the calling thread alone.
XGRAD_API void parallel_for(int64_t n, int64_t grain, RangeBody body);

}  // namespace kernels
}  // namespace xgrad
