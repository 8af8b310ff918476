#include <xgrad/autograd/kernels/order/runs.h>

#include <algorithm>
#include <numeric>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> bool comes_first(T a, T b) { return a < b || (b != b && a == a); }

// begin(i) is called for the first row of each run, add(i) for every row.
template <class Begin, class Add> void walk_runs(ScalarType dtype, const Rows& rows, Begin begin, Add add) {
  dispatch_all(dtype, "unique", [&](auto t) {
    using T = decltype(t);
    const T *const x = static_cast<const T*>(rows.elements), *before = nullptr;
    for (int64_t i = 0; i < rows.count; ++i) {
      const int64_t at = rows.order ? rows.order[i] : i;
      const T* const row = x + at * rows.width;
      if (!before || !std::equal(row, row + rows.width, before)) begin(at);
      add(at);
      before = row;
    }
  });
}

}  // namespace

void sort_rows(ScalarType dtype, const void* x, int64_t count, int64_t width, int64_t* order) {
  std::iota(order, order + count, 0);
  dispatch_all(dtype, "unique", [&](auto t) {
    using T = decltype(t);
    const auto row = [=](int64_t i) { return static_cast<const T*>(x) + i * width; };
    std::stable_sort(order, order + count, [&](int64_t i, int64_t j) {
      return std::lexicographical_compare(row(i), row(i) + width, row(j), row(j) + width, comes_first<T>);
    });
  });
}

int64_t count_runs(ScalarType dtype, const Rows& rows) {
  int64_t count = 0;
  walk_runs(
      dtype, rows, [&](int64_t) { ++count; }, [](int64_t) {});
  return count;
}

void find_runs(ScalarType dtype, const Rows& rows, int64_t* firsts, int64_t* lengths, int64_t* runs) {
  int64_t run = -1;
  walk_runs(
      dtype, rows,
      [&](int64_t at) {
        ++run;
        if (firsts) firsts[run] = at;
        if (lengths) lengths[run] = 0;
      },
      [&](int64_t at) {
        if (lengths) ++lengths[run];
        if (runs) runs[at] = run;
      });
}

}}}  // namespace torch::xgrad::kernels
