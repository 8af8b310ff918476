#include <xgrad/autograd/kernels/order/sort.h>

#include <algorithm>
#include <utility>
#include <vector>

#include <xgrad/autograd/kernels/order/sort_items.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 2000;

// Up to so many that lead are kept in order while the line is read.
constexpr int64_t kFew = 8;

// Sorts by one digit after the other, the lowest first, which keeps the order of the positions. Returns where the result is.
template <class Item> Item* sort_by_digits(Item* from, Item* to, int64_t n) {
  int64_t counts[Item::kDigits][256] = {};
  for (int64_t i = 0; i < n; ++i)
    for (int d = 0; d < Item::kDigits; ++d) ++counts[d][from[i].digit(d)];
  for (int d = 0; d < Item::kDigits; ++d) {
    int64_t* const start = counts[d];
    if (start[from[0].digit(d)] == n) continue;
    int64_t sum = 0;
    for (int v = 0; v < 256; ++v) sum += std::exchange(start[v], sum);
    for (int64_t i = 0; i < n; ++i) to[start[from[i].digit(d)]++] = from[i];
    std::swap(from, to);
  }
  return from;
}

// Two lines' worth of room, as one of many lines after the other needs it.
template <class Item> class Sorter {
 public:
  Sorter(int64_t n, int64_t k)
      : n_(n), k_(k), by_digits_(n >= Item::kLong && k > std::max<int64_t>(8, n / 16)), items_(static_cast<size_t>(by_digits_ ? 2 * n : n)) {}
  Item* line() { return items_.data(); }
  /// The first k of the line in order.
  const Item* sorted() {
    Item* const line = items_.data();
    if (by_digits_) return sort_by_digits(line, line + n_, n_);
    if (k_ <= std::max<int64_t>(8, n_ / 16)) {
      std::partial_sort(line, line + k_, line + n_);
    } else {
      if (k_ < n_) std::nth_element(line, line + k_, line + n_);
      std::sort(line, line + k_);
    }
    return line;
  }

 private:
  int64_t n_, k_;
  bool by_digits_;
  std::vector<Item> items_;
};

// The first k items of a line in order. An element that is behind the last of them, as nearly all are, takes one comparison.
template <class Item, class T> void keep_first(int64_t n, int64_t k, bool descending, const T* x, int64_t step, Item* kept) {
  const Key<T> flip = descending ? std::numeric_limits<Key<T>>::max() : 0;
  int64_t count = 0;
  T last{};
  for (int64_t i = 0; i < n; ++i) {
    const T element = x[i * step];
    if (count == k && (descending ? element <= last : element >= last)) continue;  // never with NaN
    const Item item(ascending_key(element) ^ flip, i);
    if (count == k && !(item < kept[k - 1])) continue;
    int64_t place = count < k ? count++ : k - 1;
    for (; place > 0 && item < kept[place - 1]; --place) kept[place] = kept[place - 1];
    kept[place] = item;
    last = x[kept[count - 1].position() * step];
  }
}

template <class Item, class T> void sort_lines(const AxisLayout& layout, int64_t k, bool descending, const T* x, T* values, int64_t* indices) {
  const int64_t n = layout.n, inner = layout.inner;
  const Key<T> flip = descending ? std::numeric_limits<Key<T>>::max() : 0;
  const bool few = k > 0 && k <= kFew && k < n;
  parallel_for(layout.outer * inner, n == 0 ? 1 : kElementsPerThread / n, [=](int64_t first, int64_t last) {
    Sorter<Item> sorter(few ? 0 : n, k);
    for (int64_t l = first; l < last; ++l) {
      const T* const from = x + l / inner * n * inner + l % inner;
      const int64_t to = l / inner * k * inner + l % inner;
      Item kept[kFew];
      const Item* sorted = kept;
      if (few) {
        keep_first(n, k, descending, from, inner, kept);
      } else {
        Item* const line = sorter.line();
        for (int64_t i = 0; i < n; ++i) line[i] = Item(ascending_key(from[i * inner]) ^ flip, i);
        sorted = sorter.sorted();
      }
      for (int64_t i = 0; i < k; ++i) {
        const int64_t position = sorted[i].position();
        indices[to + i * inner] = position;
        if (values) values[to + i * inner] = from[position * inner];
      }
    }
  });
}

}  // namespace

void sort(ScalarType dtype, const AxisLayout& layout, int64_t k, bool descending, const void* x, void* values, int64_t* indices) {
  dispatch_all(dtype, "sort", [&](auto t) {
    using T = decltype(t);
    with_item<T>(layout.n,
                 [&](auto item) { sort_lines<decltype(item)>(layout, k, descending, static_cast<const T*>(x), static_cast<T*>(values), indices); });
  });
}

}}}  // namespace torch::xgrad::kernels
