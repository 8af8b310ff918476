#include <xgrad/autograd/kernels/arg_extreme.h>

#include <algorithm>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/kernels/fold.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kElementsPerThread = 40000;
constexpr int64_t kColumns = 64;

// True iff x comes before the best so far: strictly better, or the first NaN.
template <bool kLargest, class T>
bool beats(T x, T best) { return (kLargest ? x > best : x < best) || (x != x && best == best); }

template <bool kLargest, class T>
struct Best {
  const T* x;
  T identity() const { return kLargest ? -std::numeric_limits<T>::infinity() : std::numeric_limits<T>::infinity(); }
  T at(int64_t i) const { return x[i]; }
  T combine(T a, T b) const {
    const T c = (kLargest ? b > a : b < a) ? b : a;
    return b != b ? b : c;
  }
};

// The value first, in vector code, and then its place.
template <bool kLargest, class T>
int64_t place_of_best(const T* x, int64_t n) {
  const T best = fold(Best<kLargest, T>{x}, n);
  int64_t at = 0;
  if (best != best) while (x[at] == x[at]) ++at;
  else while (x[at] != best) ++at;
  return at;
}

template <bool kLargest, class T>
void along_row(const T* x, int64_t n, T* value, int64_t* index) {
  int64_t at = 0;
  if constexpr (std::is_floating_point_v<T>) at = place_of_best<kLargest>(x, n);
  else
    for (int64_t i = 1; i < n; ++i)
      if (beats<kLargest>(x[i], x[at])) at = i;
  *index = at;
  if (value) *value = x[at];
}

template <bool kLargest, class T>
void along_columns(const T* x, int64_t n, int64_t stride, int64_t columns, T* values, int64_t* indices) {
  T best[kColumns];
  std::copy_n(x, columns, best);
  std::fill_n(indices, columns, 0);
  for (int64_t i = 1; i < n; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      const T v = x[i * stride + j];
      const bool better = beats<kLargest>(v, best[j]);
      best[j] = better ? v : best[j];
      indices[j] = better ? i : indices[j];
    }
  if (values) std::copy_n(best, columns, values);
}

template <bool kLargest, class T>
void run(const AxisLayout& layout, const T* x, T* values, int64_t* indices) {
  const auto [outer, n, inner] = layout;
  const int64_t tiles = inner == 1 ? 1 : (inner + kColumns - 1) / kColumns;
  const int64_t per_piece = inner == 1 ? n : n * std::min(inner, kColumns);
  parallel_for(outer * tiles, kElementsPerThread / per_piece, [=, n = n, inner = inner](int64_t first, int64_t last) {
    for (int64_t piece = first; piece < last; ++piece) {
      const int64_t column = piece % tiles * kColumns, row = piece / tiles;
      const T* source = x + row * n * inner + column;
      const int64_t at = row * inner + column;
      T* value = values ? values + at : nullptr;
      if (inner == 1) along_row<kLargest>(source, n, value, indices + at);
      else along_columns<kLargest>(source, n, inner, std::min(kColumns, inner - column), value, indices + at);
    }
  });
}

}  // namespace

void arg_extreme(bool largest, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices) {
  dispatch_all(dtype, "max", [&](auto t) {
    using T = decltype(t);
    const auto f = largest ? &run<true, T> : &run<false, T>;
    f(layout, static_cast<const T*>(x), static_cast<T*>(values), indices);
  });
}

}  // namespace xgrad::kernels
