#include <xgrad/autograd/kernels/reduction/scan.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kColumns = 64;
constexpr int64_t kElementsPerThread = 40000;

template <class Acc> struct Add {
  static constexpr Acc start = 0;
  Acc operator()(Acc a, Acc x) const { return a + x; }
};
template <class Acc> struct Multiply {
  static constexpr Acc start = 1;
  Acc operator()(Acc a, Acc x) const { return a * x; }
};

template <class T> using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, uint64_t>;
template <class T> using Widened = std::conditional_t<std::is_floating_point_v<T>, T, int64_t>;

// One row, forwards (step 1) or backwards (step -1) from x. Sums and products of floats are taken by fours before the running
// value joins, since each joining waits for the one before; as doubles they stay in range.
template <class F, class T> void scan_row(int64_t n, int64_t step, const T* x, Widened<T>* y) {
  using Acc = Accumulator<T>;
  Acc running = F::start;
  int64_t i = 0;
  if constexpr (std::is_same_v<T, float>)
    for (; i + 4 <= n; i += 4, x += 4 * step, y += 4 * step) {
      const Acc a = x[0], b = F()(a, x[step]), c = F()(b, x[2 * step]), d = F()(c, x[3 * step]);
      y[0] = static_cast<T>(F()(running, a));
      y[step] = static_cast<T>(F()(running, b));
      y[2 * step] = static_cast<T>(F()(running, c));
      y[3 * step] = static_cast<T>(running = F()(running, d));
    }
  for (; i < n; ++i, x += step, y += step) *y = static_cast<Widened<T>>(running = F()(running, static_cast<Acc>(*x)));
}

template <class F, class T> void scan_rows(const AxisLayout& layout, const T* x, Widened<T>* y, bool from_the_end) {
  const int64_t n = layout.n, begin = from_the_end ? n - 1 : 0, step = from_the_end ? -1 : 1;
  parallel_for(layout.outer, kElementsPerThread / n, [=](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) scan_row<F>(n, step, x + row * n + begin, y + row * n + begin);
  });
}

// Up to kColumns neighbouring columns at a time, row after row.
template <class F, class T> void scan(const AxisLayout& layout, const T* x, Widened<T>* y, bool from_the_end) {
  using Acc = Accumulator<T>;
  if (layout.numel() == 0) return;
  if (layout.inner == 1) return scan_rows<F>(layout, x, y, from_the_end);
  const int64_t n = layout.n, inner = layout.inner;
  const int64_t tiles = (inner + kColumns - 1) / kColumns;
  parallel_for(layout.outer * tiles, kElementsPerThread / (n * std::min(inner, kColumns)), [=](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t column = block % tiles * kColumns, columns = std::min(kColumns, inner - column);
      const int64_t start = block / tiles * n * inner + column;
      Acc running[kColumns];
      std::fill_n(running, columns, F::start);
      for (int64_t i = 0; i < n; ++i) {
        const int64_t row = start + (from_the_end ? n - 1 - i : i) * inner;
        for (int64_t j = 0; j < columns; ++j) {
          running[j] = F()(running[j], static_cast<Acc>(x[row + j]));
          y[row + j] = static_cast<Widened<T>>(running[j]);
        }
      }
    }
  });
}

// Calls step(state, at, i) for the i-th element of every line, in order of i; each line begins with a State of its own. Up to kColumns
// neighbouring lines go side by side.
template <class State, class F> void step_through(const AxisLayout& layout, bool from_the_end, F step) {
  if (layout.numel() == 0) return;
  const int64_t n = layout.n, inner = layout.inner, width = std::min(inner, kColumns), tiles = (inner + kColumns - 1) / kColumns;
  parallel_for(layout.outer * tiles, std::max<int64_t>(kElementsPerThread / (8 * n * width), 1), [=](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t column = block % tiles * kColumns, columns = std::min(kColumns, inner - column);
      const int64_t start = block / tiles * n * inner + column;
      State states[kColumns];
      for (int64_t k = 0; k < n; ++k) {
        const int64_t i = from_the_end ? n - 1 - k : k;
        for (int64_t j = 0; j < columns; ++j) step(states[j], start + i * inner + j, i);
      }
    }
  });
}

template <class T> struct Extreme {
  T value{};
  int64_t at = -1;
};

// One row of floats or doubles. Most blocks change nothing, and one comparison for each element finds out; in the others the position is
// chosen without a branch, which would be foretold wrongly at every new extreme.
template <bool largest, class T> void extremes_of_row(int64_t n, const T* x, T* values, int64_t* indices) {
  constexpr int64_t kAtOnce = 16;
  T best = n > 0 ? x[0] : T(0);
  int64_t at = 0, i = 0;
  const auto stays = [&](T v) { return largest ? v < best : v > best; };
  while (i < n && best == best) {
    if (i + kAtOnce <= n) {
      bool all = true;
      for (int64_t k = 0; k < kAtOnce; ++k) all &= stays(x[i + k]);
      if (all) {
        std::fill_n(values + i, kAtOnce, best);
        std::fill_n(indices + i, kAtOnce, at);
        i += kAtOnce;
        continue;
      }
    }
    for (const int64_t end = std::min(i + kAtOnce, n); i < end && best == best; ++i) {
      const T v = x[i];
      at += (i - at) & -static_cast<int64_t>(!stays(v));
      best = largest ? (best > v ? best : v) : (best < v ? best : v);  // v if they are equal or it is NaN
      values[i] = best;
      indices[i] = at;
    }
  }
  for (; i < n; ++i) {  // behind a NaN
    if (x[i] != x[i]) best = x[i], at = i;
    values[i] = best;
    indices[i] = at;
  }
}

template <class T> void extremes_of_rows(bool largest, const AxisLayout& layout, const T* x, T* values, int64_t* indices) {
  const int64_t n = layout.n;
  const auto row = largest ? &extremes_of_row<true, T> : &extremes_of_row<false, T>;
  parallel_for(layout.outer, std::max<int64_t>(kElementsPerThread / (4 * std::max<int64_t>(n, 1)), 1), [=](int64_t first, int64_t last) {
    for (int64_t r = first; r < last; ++r) row(n, x + r * n, values + r * n, indices + r * n);
  });
}

struct LogSum {
  double value = -std::numeric_limits<double>::infinity();
  double add(double x) {
    const double high = std::max(value, x), low = std::min(value, x);
    if (x != x || value != value) value = x + value;
    else if (high != low || std::isfinite(high)) value = std::log1p(std::exp(low - high)) + high;
    return value;
  }
};

template <template <class> class F>
void run(const char* operation, ScalarType in, const AxisLayout& layout, const void* x, void* y, bool from_the_end) {
  dispatch_all(in, operation, [&](auto t) {
    using T = decltype(t);
    scan<F<Accumulator<T>>>(layout, static_cast<const T*>(x), static_cast<Widened<T>*>(y), from_the_end);
  });
}

}  // namespace

void running_sum(ScalarType in, const AxisLayout& layout, const void* x, void* y, bool from_the_end) {
  run<Add>("cumsum", in, layout, x, y, from_the_end);
}
void running_product(ScalarType in, const AxisLayout& layout, const void* x, void* y) { run<Multiply>("cumprod", in, layout, x, y, false); }

void running_extreme(bool largest, ScalarType dtype, const AxisLayout& layout, const void* x, void* values, int64_t* indices) {
  dispatch_all(dtype, largest ? "cummax" : "cummin", [&](auto t) {
    using T = decltype(t);
    const T* const in = static_cast<const T*>(x);
    T* const out = static_cast<T*>(values);
    if constexpr (std::is_floating_point_v<T>)
      if (layout.inner == 1) return extremes_of_rows(largest, layout, in, out, indices);
    step_through<Extreme<T>>(layout, false, [=](Extreme<T>& best, int64_t at, int64_t i) {
      const T v = in[at];
      if (best.at < 0 || v != v || (best.value == best.value && (largest ? v >= best.value : v <= best.value))) best = {v, i};
      out[at] = best.value;
      indices[at] = best.at;
    });
  });
}

void running_logsumexp(ScalarType dtype, const AxisLayout& layout, const void* x, void* y) {
  dispatch_floating(dtype, "logcumsumexp_out_cpu", [&](auto t) {
    using T = decltype(t);
    const T* const in = static_cast<const T*>(x);
    T* const out = static_cast<T*>(y);
    step_through<LogSum>(layout, false, [=](LogSum& sum, int64_t at, int64_t) { out[at] = static_cast<T>(sum.add(static_cast<double>(in[at]))); });
  });
}

void linear_recurrence(ScalarType dtype, const AxisLayout& layout, const void* x, const void* a, void* y, bool from_the_end) {
  dispatch_floating(dtype, "linear_recurrence", [&](auto t) {
    using T = decltype(t);
    const T *const in = static_cast<const T*>(x), *const factors = static_cast<const T*>(a);
    T* const out = static_cast<T*>(y);
    const int64_t first = from_the_end ? layout.n - 1 : 0;
    struct Value {
      double of = 0;
    };
    step_through<Value>(layout, from_the_end, [=](Value& value, int64_t at, int64_t i) {
      value.of = static_cast<double>(in[at]) + (i == first ? 0 : static_cast<double>(factors[at]) * value.of);
      out[at] = static_cast<T>(value.of);
    });
  });
}

}}}  // namespace torch::xgrad::kernels
