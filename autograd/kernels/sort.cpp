#include <xgrad/autograd/kernels/sort.h>

#include <algorithm>
#include <vector>

#include <xgrad/autograd/kernels/parallel.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kElementsPerThread = 2000;

template <class T>
struct Entry {
  T value;
  int64_t index;
};

// A total order: by value, then by position.
template <class T, bool kDescending>
bool before(const Entry<T>& a, const Entry<T>& b) {
  const T &small = kDescending ? b.value : a.value, &large = kDescending ? a.value : b.value;
  if (small < large || (large != large && small == small)) return true;
  if (large < small || (small != small && large == large)) return false;
  return a.index < b.index;
}

template <class T, bool kDescending>
void sort_lines(const AxisLayout& layout, int64_t k, const T* x, T* values, int64_t* indices) {
  const int64_t n = layout.n, inner = layout.inner;
  parallel_for(layout.outer * inner, n == 0 ? 1 : kElementsPerThread / n, [=](int64_t first, int64_t last) {
    std::vector<Entry<T>> line(static_cast<size_t>(n));
    for (int64_t l = first; l < last; ++l) {
      const int64_t from = l / inner * n * inner + l % inner, to = l / inner * k * inner + l % inner;
      for (int64_t i = 0; i < n; ++i) line[static_cast<size_t>(i)] = {x[from + i * inner], i};
      if (k == n) std::sort(line.begin(), line.end(), before<T, kDescending>);
      else std::partial_sort(line.begin(), line.begin() + k, line.end(), before<T, kDescending>);
      for (int64_t i = 0; i < k; ++i) {
        indices[to + i * inner] = line[static_cast<size_t>(i)].index;
        if (values) values[to + i * inner] = line[static_cast<size_t>(i)].value;
      }
    }
  });
}

}  // namespace

void sort(ScalarType dtype, const AxisLayout& layout, int64_t k, bool descending, const void* x, void* values, int64_t* indices) {
  dispatch_all(dtype, "sort", [&](auto t) {
    using T = decltype(t);
    const auto f = descending ? &sort_lines<T, true> : &sort_lines<T, false>;
    f(layout, k, static_cast<const T*>(x), static_cast<T*>(values), indices);
  });
}

}  // namespace xgrad::kernels
