#include <xgrad/autograd/kernels/index/placed_elements.h>

#include <xgrad/autograd/core/dims.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// Calls f(place, index of the element).
template <class F> void for_each_place(Constants<int64_t> sizes, Constants<int64_t> strides, int64_t offset, F f) {
  const auto axes = static_cast<int>(sizes.size);
  Dims index(axes, 0);
  int64_t place = offset, n = 1;
  for (int a = 0; a < axes; ++a) n *= sizes.data[a];
  for (int64_t i = 0; i < n; ++i) {
    f(place, i);
    for (int a = axes - 1; a >= 0; --a) {
      place += strides.data[a];
      if (++index[a] < sizes.data[a]) break;
      place -= strides.data[a] * sizes.data[a];
      index[a] = 0;
    }
  }
}

}  // namespace

void add_at_places(ScalarType dtype, const void* x, void* array, Constants<int64_t> sizes, Constants<int64_t> strides, int64_t offset) {
  dispatch_stored(dtype, "as_strided", [=](auto zero) {
    using T = decltype(zero);
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(array);
    for_each_place(sizes, strides, offset, [=](int64_t place, int64_t i) { to[place] = static_cast<T>(to[place] + from[i]); });
  });
}

void clear_places(ScalarType dtype, void* array, Constants<int64_t> sizes, Constants<int64_t> strides, int64_t offset) {
  dispatch_stored(dtype, "as_strided", [=](auto zero) {
    auto* const to = static_cast<decltype(zero)*>(array);
    for_each_place(sizes, strides, offset, [=](int64_t place, int64_t) { to[place] = zero; });
  });
}

}}}  // namespace torch::xgrad::kernels
