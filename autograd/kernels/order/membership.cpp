#include <xgrad/autograd/kernels/order/membership.h>

#include <algorithm>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

void membership(ScalarType dtype, int64_t n, const void* elements, int64_t m, const void* tests, bool invert, void* sorted, bool* found) {
  dispatch_all(dtype, "isin", [&](auto t) {
    using T = decltype(t);
    const T *const x = static_cast<const T*>(elements), *const given = static_cast<const T*>(tests);
    T* const begin = static_cast<T*>(sorted);
    T* const end = std::copy_if(given, given + m, begin, [](T test) { return test == test; });
    std::sort(begin, end);
    constexpr int64_t kGrain = 512;  // a search takes some ten to a hundred nanoseconds
    parallel_for(n, kGrain, [=](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i) {
        const T* const place = std::lower_bound(begin, end, x[i]);  // the first one for NaN, or none
        found[i] = (place != end && *place == x[i]) != invert;
      }
    });
  });
}

}}}  // namespace torch::xgrad::kernels
