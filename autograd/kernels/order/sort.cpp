#include <xgrad/autograd/kernels/order/sort.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/kernels/parallel.h>

// Elements are sorted as whole numbers: a key in the order of the elements, and the position, which decides between equal ones. So
// there are two kinds of items for all types, no comparison with NaN, and digits to sort long lines by.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 2000;

template <class T> using Key = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

// Grows with x; NaN is the largest, and -0 the same as 0.
template <class T> Key<T> ascending_key(T x) {
  if constexpr (std::is_floating_point_v<T>) {
    using K = Key<T>;
    if (x != x) return std::numeric_limits<K>::max();
    x += T(0);
    K bits;
    std::memcpy(&bits, &x, sizeof bits);
    constexpr K sign = K{1} << (8 * sizeof(K) - 1);
    return bits & sign ? ~bits : bits | sign;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Key<T>>(x) ^ (Key<T>{1} << (8 * sizeof(T) - 1));
  } else {
    return static_cast<Key<T>>(x);
  }
}

// Key and position in one number: for keys of 32 bits and lines that a position of 32 bits can count.
struct Narrow {
  static constexpr int kDigits = 4;
  static constexpr int64_t kLong = 100;  // from here on sorting by digits is faster than comparing
  uint64_t both;
  Narrow() = default;
  Narrow(uint64_t key, int64_t position) : both(key << 32 | static_cast<uint64_t>(position)) {}
  int64_t position() const { return static_cast<int64_t>(both & 0xffffffff); }
  int digit(int d) const { return static_cast<int>(both >> (32 + 8 * d) & 0xff); }
  bool operator<(const Narrow& other) const { return both < other.both; }
};

struct Wide {
  static constexpr int kDigits = 8;
  static constexpr int64_t kLong = 250;
  uint64_t key;
  int64_t at;
  Wide() = default;
  Wide(uint64_t key_, int64_t position) : key(key_), at(position) {}
  int64_t position() const { return at; }
  int digit(int d) const { return static_cast<int>(key >> (8 * d) & 0xff); }
  bool operator<(const Wide& other) const { return key != other.key ? key < other.key : at < other.at; }
};

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

template <class Item, class T> void sort_lines(const AxisLayout& layout, int64_t k, bool descending, const T* x, T* values, int64_t* indices) {
  const int64_t n = layout.n, inner = layout.inner;
  const Key<T> flip = descending ? std::numeric_limits<Key<T>>::max() : 0;
  parallel_for(layout.outer * inner, n == 0 ? 1 : kElementsPerThread / n, [=](int64_t first, int64_t last) {
    Sorter<Item> sorter(n, k);
    for (int64_t l = first; l < last; ++l) {
      const T* const from = x + l / inner * n * inner + l % inner;
      const int64_t to = l / inner * k * inner + l % inner;
      Item* const line = sorter.line();
      for (int64_t i = 0; i < n; ++i) line[i] = Item(ascending_key(from[i * inner]) ^ flip, i);
      const Item* const sorted = sorter.sorted();
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
    const bool narrow = sizeof(Key<T>) == 4 && layout.n <= std::numeric_limits<uint32_t>::max();
    const auto f = narrow ? &sort_lines<Narrow, T> : &sort_lines<Wide, T>;
    f(layout, k, descending, static_cast<const T*>(x), static_cast<T*>(values), indices);
  });
}

}}}  // namespace torch::xgrad::kernels
