// How many threads the library uses, and its threads for a program's own loops.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

/// How many threads one operation may use, the calling one included. Starts at the number of cores the process may run
/// on, or XGRAD_NUM_THREADS. Results don't depend on it, bit for bit.
XGRAD_API int get_num_threads();
/// Throws unless n >= 1.
XGRAD_API void set_num_threads(int n);

/// Which thread of a parallel_for runs the calling piece: 0 to get_num_threads() - 1, the caller being 0, as outside of one.
XGRAD_API int get_thread_num();
/// True iff a piece of a parallel_for is running on the calling thread.
XGRAD_API bool in_parallel_region();

namespace detail {

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

XGRAD_API void parallel_for(int64_t n, int64_t grain, RangeBody body);

}  // namespace detail

/// Calls f(first, last) over disjoint pieces that cover [begin, end), each at least `grain` long but for the last, on as many
/// threads as operations use; on the calling thread alone inside of another piece. Returns when all are done; the first exception
/// is passed on then. Throws unless grain >= 0.
template <class F> void parallel_for(int64_t begin, int64_t end, int64_t grain, const F& f) {
  XGRAD_CHECK_AS(ValueError, grain >= 0, "[parallel_for] expected a grain of at least 0, got ", grain);
  detail::parallel_for(end - begin, grain, [&](int64_t first, int64_t last) { f(begin + first, begin + last); });
}

/// join(... join(join(identity, f(first, last, identity)), ...) over the stretches of `grain` numbers (at least 1) of [begin, end), in
/// their order: the result does not depend on the number of threads. `identity` where the range is empty.
template <class T, class F, class Join> T parallel_reduce(int64_t begin, int64_t end, int64_t grain, T identity, const F& f, const Join& join) {
  XGRAD_CHECK_AS(ValueError, grain >= 0, "[parallel_reduce] expected a grain of at least 0, got ", grain);
  if (begin >= end) return identity;
  struct Part {
    T value;
  };
  grain = std::max<int64_t>(grain, 1);
  std::vector<Part> parts(static_cast<size_t>((end - begin + grain - 1) / grain), Part{identity});
  parallel_for(0, static_cast<int64_t>(parts.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      const int64_t from = begin + i * grain;
      parts[static_cast<size_t>(i)].value = f(from, std::min(end, from + grain), identity);
    }
  });
  T result = identity;
  for (const Part& part : parts) result = join(result, part.value);
  return result;
}

}}  // namespace torch::xgrad
