#include <xgrad/autograd/kernels/reduction/arg_extreme.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/reduction/reduction.h>

// Note: three layouts
//
// Columns (inner > 1), several short rows and rows of integers keep a best element and its place for each of many neighbours.
// Other rows find the value first and then its place; those above kLeaf do so by leaves, the place being in the first leaf that
// holds the value.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 40000;
constexpr int64_t kColumns = 64;
constexpr int64_t kShort = 32;
constexpr int64_t kShortRowsAtOnce = 16;
constexpr int64_t kRowsAtOnce = 64;  // whose values are found before their places
constexpr int64_t kCached = 4096;    // elements that stay in the nearest cache meanwhile
constexpr int64_t kLeaf = int64_t{1} << 15;

// True iff x comes before the best so far: strictly better, or the first NaN.
template <bool kLargest, class T> bool beats(T x, T best) { return (kLargest ? x > best : x < best) | ((x != x) & (best == best)); }

// The best of each of several rows of n elements.
template <bool kLargest, class T> void best_of_rows(const T* x, int64_t rows, int64_t n, T* best) {
  ReductionGeometry g;
  g.keep(rows, n, 1);
  g.reduce(n, 1);
  (kLargest ? reduce_max : reduce_min)(g, CppTypeToScalarType<T>::value, x, best);
}

// The first place of a value that is among n elements, or of a NaN.
template <class T> struct FirstPlace {
  static void run(const T* x, int64_t n, T value, int64_t* place) {
    const bool nan = value != value;
    const auto is_it = [=](T v) { return (v == value) | (nan & (v != v)); };
    constexpr int64_t kBlock = 64;
    int64_t at = 0;
    for (int32_t found = 0; at + kBlock <= n; at += kBlock) {
      for (int64_t i = 0; i < kBlock; ++i) found |= is_it(x[at + i]);
      if (found) break;
    }
    while (!is_it(x[at])) ++at;
    *place = at;
  }
};

// For up to kColumns neighbours, `step` elements apart, the best of n elements that are `stride` apart.
template <bool kLargest, class T> struct AlongColumns {
  static void run(const T* x, int64_t n, int64_t stride, int64_t columns, int64_t step, T* values, int64_t* indices) {
    constexpr int64_t kCount = int64_t{1} << 30;  // places are counted in 32 bits, which vectors hold more of
    T best[kColumns];
    for (int64_t j = 0; j < columns; ++j) best[j] = x[j * step];
    std::fill_n(indices, columns, 0);
    for (int64_t first = 0; first < n; first += kCount) {
      int32_t place[kColumns];
      std::fill_n(place, columns, -1);
      const auto count = static_cast<int32_t>(std::min(kCount, n - first));
      pass(x + first * stride, count, stride, columns, step, best, place);
      for (int64_t j = 0; j < columns; ++j) indices[j] = place[j] < 0 ? indices[j] : first + place[j];
    }
    if (values) std::copy_n(best, columns, values);
  }

 private:
  static void pass(const T* x, int32_t n, int64_t stride, int64_t columns, int64_t step, T* best, int32_t* place) {
    T turned[kColumns];
    for (int32_t i = 0; i < n; ++i, x += stride) {
      if (step != 1)
        for (int64_t j = 0; j < columns; ++j) turned[j] = x[j * step];
      compare(step == 1 ? x : turned, i, columns, best, place);
    }
  }
  static void compare(const T* x, int32_t i, int64_t columns, T* __restrict best, int32_t* __restrict place) {
    for (int64_t j = 0; j < columns; ++j) {
      const T v = x[j], b = best[j];
      const int32_t p = place[j];
      const bool better = beats<kLargest>(v, b);
      best[j] = better ? v : b;
      place[j] = better ? i : p;
    }
  }
};

template <bool kLargest, class T> class Search {
 public:
  Search(const AxisLayout& layout, const T* x, T* values, int64_t* indices) : layout_(layout), x_(x), values_(values), indices_(indices) {}

  void run() const {
    const auto [outer, n, inner] = layout_;
    if (inner > 1) return columns();
    if (!std::is_floating_point_v<T> || (n <= kShort && outer >= kShortRowsAtOnce / 2)) return short_rows();
    if constexpr (std::is_floating_point_v<T>) {
      if (n <= kLeaf) return rows();
      for (int64_t row = 0; row < outer; ++row) long_row(row);
    }
  }

 private:
  using ColumnsFunction = void (*)(const T*, int64_t, int64_t, int64_t, int64_t, T*, int64_t*);
  static ColumnsFunction along_columns() {
    return variant_for<AlongColumns<kLargest, T>, T, const T*, int64_t, int64_t, int64_t, int64_t, T*, int64_t*>();
  }
  T* value(int64_t at) const { return values_ ? values_ + at : nullptr; }

  void columns() const {
    const auto [outer, n, inner] = layout_;
    const int64_t tiles = (inner + kColumns - 1) / kColumns;
    const auto along = along_columns();
    parallel_for(outer * tiles, kElementsPerThread / (n * std::min(inner, kColumns)), [=, this, n = n, inner = inner](int64_t first, int64_t last) {
      for (int64_t piece = first; piece < last; ++piece) {
        const int64_t row = piece / tiles, column = piece % tiles * kColumns, at = row * inner + column;
        along(x_ + row * n * inner + column, n, inner, std::min(kColumns, inner - column), 1, value(at), indices_ + at);
      }
    });
  }

  void short_rows() const {
    const int64_t n = layout_.n;
    const auto along = along_columns();
    parallel_for(layout_.outer, kElementsPerThread / n, [=, this](int64_t first, int64_t last) {
      for (int64_t row = first; row < last; row += kShortRowsAtOnce)
        along(x_ + row * n, n, 1, std::min<int64_t>(kShortRowsAtOnce, last - row), n, value(row), indices_ + row);
    });
  }

  void rows() const {
    const int64_t n = layout_.n;
    parallel_for(layout_.outer, kElementsPerThread / n, [=, this](int64_t first, int64_t last) {
      const int64_t at_once = std::clamp<int64_t>(kCached / n, 1, kRowsAtOnce);
      T best[kRowsAtOnce];
      for (int64_t row = first; row < last; row += at_once) {
        const int64_t rows = std::min(at_once, last - row);
        best_of_rows<kLargest>(x_ + row * n, rows, n, best);
        for (int64_t r = 0; r < rows; ++r) deliver(row + r, x_ + (row + r) * n, best[r]);
      }
    });
  }

  void long_row(int64_t row) const {
    const int64_t n = layout_.n, leaves = (n + kLeaf - 1) / kLeaf;
    const T* x = x_ + row * n;
    const auto best = std::make_unique<T[]>(static_cast<size_t>(leaves));
    parallel_for(leaves, 1, [&](int64_t first, int64_t last) {
      for (int64_t leaf = first; leaf < last; ++leaf) best_of_rows<kLargest>(x + leaf * kLeaf, 1, std::min(kLeaf, n - leaf * kLeaf), &best[leaf]);
    });
    int64_t winner = 0;
    for (int64_t leaf = 1; leaf < leaves; ++leaf)
      if (beats<kLargest>(best[leaf], best[winner])) winner = leaf;
    deliver(row, x + winner * kLeaf, best[winner]);
  }

  // The first place of `best` at or behind x, which lies in the row.
  void deliver(int64_t row, const T* x, T best) const {
    int64_t at = 0;
    Variants<FirstPlace<T>, const T*, int64_t, T, int64_t*>::active()(x, x_ + (row + 1) * layout_.n - x, best, &at);
    indices_[row] = x + at - (x_ + row * layout_.n);
    if (values_) values_[row] = x[at];
  }

  const AxisLayout layout_;
  const T* x_;
  T* values_;
  int64_t* indices_;
};

}  // namespace

void arg_extreme(bool largest, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices) {
  // Booleans are bytes of 0 and 1.
  dispatch_all(dtype == kBool ? kByte : dtype, "max", [&](auto t) {
    using T = std::conditional_t<std::is_same_v<decltype(t), bool>, uint8_t, decltype(t)>;
    const auto* in = static_cast<const T*>(x);
    auto* out = static_cast<T*>(values);
    if (largest) Search<true, T>(layout, in, out, indices).run();
    else Search<false, T>(layout, in, out, indices).run();
  });
}

}}}  // namespace torch::xgrad::kernels
