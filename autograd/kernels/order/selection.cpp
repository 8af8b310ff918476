#include <xgrad/autograd/kernels/order/selection.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <xgrad/autograd/kernels/order/sort_items.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 2000;

template <class T> bool is_nan(T x) { return x != x; }
// NaN is the largest.
template <class T> bool is_less(T a, T b) { return a < b || (is_nan(b) && !is_nan(a)); }

// A line's elements and where they came from, in room for one line after the other.
template <class T> struct Line {
  explicit Line(int64_t n) : size(n), elements(new T[static_cast<size_t>(n)]), positions(static_cast<size_t>(n)) {}
  void read(const T* from, int64_t step) {
    for (int64_t i = 0; i < size; ++i) elements[static_cast<size_t>(i)] = from[i * step];
    std::iota(positions.begin(), positions.end(), 0);
  }
  T& operator[](int64_t i) { return elements[static_cast<size_t>(i)]; }
  int64_t size;
  std::unique_ptr<T[]> elements;
  std::vector<int64_t> positions;
};

// find(line) gives the position of the chosen element and may leave the line in any order.
template <class T, class F> void select(const AxisLayout& layout, const T* x, T* values, int64_t* indices, F find) {
  const int64_t n = layout.n, inner = layout.inner;
  parallel_for(layout.outer * inner, std::max<int64_t>(kElementsPerThread / n, 1), [=](int64_t first, int64_t last) {
    Line<T> line(n);
    for (int64_t l = first; l < last; ++l) {
      const T* const from = x + l / inner * n * inner + l % inner;
      line.read(from, inner);
      indices[l] = find(line);
      values[l] = from[indices[l] * inner];
    }
  });
}

// Quickselect with the median of three as pivot, as PyTorch has it.
template <class T> int64_t find_kth(Line<T>& line, int64_t k) {
  const auto swap = [&](int64_t i, int64_t j) {
    std::swap(line[i], line[j]);
    std::swap(line.positions[static_cast<size_t>(i)], line.positions[static_cast<size_t>(j)]);
  };
  const auto order = [&](int64_t i, int64_t j) {
    if (is_less(line[j], line[i])) swap(i, j);
  };
  int64_t left = 0, right = line.size - 1;
  while (right > left + 1) {
    swap(left + (right - left) / 2, left + 1);
    order(left + 1, right);
    order(left, right);
    order(left + 1, left);
    int64_t i = left + 1, j = right;
    const T pivot = line[left];
    while (true) {
      do ++i;
      while (is_less(line[i], pivot));
      do --j;
      while (is_less(pivot, line[j]));
      if (j < i) break;
      swap(i, j);
    }
    swap(left, j);
    if (j <= k) left = i;
    if (j >= k) right = j - 1;
  }
  if (right == left + 1) order(left, right);
  return line.positions[static_cast<size_t>(k)];
}

template <class T> int64_t find_mode(Line<T>& line) {
  const T* const x = line.elements.get();
  std::sort(line.positions.begin(), line.positions.end(), [x](int64_t i, int64_t j) { return is_less(x[i], x[j]); });
  int64_t mode = 0, most = 0, run = 0;
  for (size_t i = 0; i < line.positions.size(); ++i) {
    ++run;
    if (i + 1 < line.positions.size() && x[line.positions[i]] == x[line.positions[i + 1]]) continue;
    if (run > most) {
      mode = line.positions[i];
      most = run;
    }
    run = 0;
  }
  return mode;
}

template <class Item> Item at_rank(int64_t k, Item* line, int64_t n) {
  std::nth_element(line, line + k, line + n);
  return line[k];
}

// Which of n NaN PyTorch's algorithm takes for their median: none comes before another.
int64_t median_of_equal(int64_t n) {
  std::vector<int64_t> positions(static_cast<size_t>(n));
  std::iota(positions.begin(), positions.end(), 0);
  std::nth_element(positions.begin(), positions.begin(), positions.end(), [](int64_t, int64_t) { return false; });
  return positions[0];
}

template <class Item, class T> void select_medians(const AxisLayout& layout, bool ignore_nan, const T* x, T* values, int64_t* indices) {
  const int64_t n = layout.n, inner = layout.inner;
  parallel_for(layout.outer * inner, std::max<int64_t>(kElementsPerThread / n, 1), [=](int64_t first, int64_t last) {
    std::vector<Item> line(static_cast<size_t>(n));
    for (int64_t l = first; l < last; ++l) {
      const T* const from = x + l / inner * n * inner + l % inner;
      int64_t numbers = 0, nan = -1;  // how many are no NaN; the first that is one
      for (int64_t i = 0; i < n; ++i) {
        const T element = from[i * inner];
        line[static_cast<size_t>(i)] = Item(ascending_key(element), i);
        numbers += !is_nan(element);
        if (nan < 0 && is_nan(element)) nan = i;
      }
      if (nan >= 0 && !ignore_nan) indices[l] = nan;
      else indices[l] = numbers > 0 ? at_rank((numbers - 1) / 2, line.data(), n).position() : median_of_equal(n);
      values[l] = from[indices[l] * inner];
    }
  });
}

template <class F>
void select(const char* operation, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices, F f) {
  dispatch_all(dtype, operation, [&](auto t) {
    using T = decltype(t);
    select(layout, static_cast<const T*>(x), static_cast<T*>(values), indices, f);
  });
}

}  // namespace

void select_median(ScalarType dtype, const AxisLayout& layout, bool ignore_nan, const void* x, void* values, int64_t* indices) {
  dispatch_all(dtype, "median", [&](auto t) {
    using T = decltype(t);
    with_item<T>(layout.n,
                 [&](auto item) { select_medians<decltype(item)>(layout, ignore_nan, static_cast<const T*>(x), static_cast<T*>(values), indices); });
  });
}
void select_kth(ScalarType dtype, const AxisLayout& layout, int64_t k, const void* x, void* values, int64_t* indices) {
  select("kthvalue", dtype, layout, x, values, indices, [=](auto& line) { return find_kth(line, k); });
}
void select_mode(ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices) {
  select("mode", dtype, layout, x, values, indices, [](auto& line) { return find_mode(line); });
}

}}}  // namespace torch::xgrad::kernels
