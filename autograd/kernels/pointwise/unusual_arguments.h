// Vector loops of functions that leave unusual arguments to the C library.
#pragma once

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/kernels/pointwise/elementwise.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace detail {

constexpr int64_t kWatched = 512;  // elements that are looked through together

template <class F, class... X> bool any_unusual(int64_t n, const X*... x) {
  int32_t any = 0;
  for (int64_t i = 0; i < n; ++i) any |= F::usual(x[i]...) ? 0 : 1;
  return any != 0;
}

template <class F, class T, class... X> [[gnu::noinline]] void replace_unusual(int64_t n, T* y, const X*... x) {
  for (int64_t i = 0; i < n; ++i)
    if (!F::usual(x[i]...)) y[i] = F::unusual(x[i]...);
}

template <class F, class T, class Inputs> struct WatchedRow;
template <class F, class T, size_t... k> struct WatchedRow<F, T, std::index_sequence<k...>> {
  static void run(char* const* p, int64_t n, const void*) {
    for (int64_t i = 0; i < n; i += kWatched) {
      const int64_t part = std::min(kWatched, n - i) & ~(kBlock - 1);
      T* y = reinterpret_cast<T*>(p[0]) + i;
      const T* x[] = {reinterpret_cast<const T*>(p[1 + k]) + i...};
      T kept[sizeof...(k)][kWatched];  // y may lie on an input
      const bool unusual = any_unusual<F>(part, x[k]...);
      if (unusual) (std::memcpy(kept[k], x[k], static_cast<size_t>(part) * sizeof(T)), ...);
      row_loop(F{}, part, y, x[k]...);
      if (unusual) replace_unusual<F>(part, y, kept[k]...);
    }
  }
};

}  // namespace detail

/// The loop of F over `inputs` elements of T, which is float or double. F()(x...) has no branches and is right where F::usual(x...);
/// F::unusual(x...) is called for the others.
template <class F, class T, int inputs> void watched_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  using Row = detail::WatchedRow<F, T, std::make_index_sequence<inputs>>;
  RowFunction f{nullptr, nullptr, 1 + inputs, {}};
  std::fill_n(f.bytes, 1 + inputs, static_cast<int8_t>(sizeof(T)));
  f.loop = Variants<Row, char* const*, int64_t, const void*>::active();
  run_blocks(f, p, s, n, parameters);
}

/// The table with a watched loop for floats.
template <class F, int inputs> constexpr LoopTable with_watched_floats(LoopTable table) {
  table.f32 = &watched_loop<F, float, inputs>;
  return table;
}

/// The table of a function of one float or double with watched loops.
template <class F> constexpr LoopTable watched_table(double cost) {
  LoopTable table{.cost = cost};
  table.f32 = &watched_loop<F, float, 1>;
  table.f64 = &watched_loop<F, double, 1>;
  return table;
}

}}}  // namespace torch::xgrad::kernels
