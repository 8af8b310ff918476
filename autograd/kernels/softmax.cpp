#include <xgrad/autograd/kernels/softmax.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/softmax_blocks.h>
#include <xgrad/autograd/kernels/softmax_rows.h>

// Note: columns
//
// With inner > 1 work goes by blocks of up to kColumns neighbouring columns (the inner axis): passes over the block's rows
// keep one maximum and one sum per column. With inner == 1 every row lies in one piece, and short ones go sixteen at a time.
// Sums are float64 for both dtypes.

namespace xgrad::kernels {
namespace {

constexpr int64_t kColumns = 64;
constexpr int64_t kElementsPerThread = 4000;

// Calls f(offset of the block's first element, its columns) for all blocks.
template <class F>
void for_each_block(const AxisLayout& layout, F f) {
  if (layout.numel() == 0) return;
  const int64_t tiles = (layout.inner + kColumns - 1) / kColumns;
  const int64_t per_block = layout.n * std::min(layout.inner, kColumns);
  parallel_for(layout.outer * tiles, kElementsPerThread / per_block, [&](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t column = block % tiles * kColumns;
      f(block / tiles * layout.n * layout.inner + column, std::min(kColumns, layout.inner - column));
    }
  });
}

// sums[j] = sum over rows of f(position of the element), for each column j of a block.
template <class F>
void column_sums(const AxisLayout& layout, int64_t columns, double* sums, F f) {
  std::fill_n(sums, columns, 0.0);
  for (int64_t i = 0; i < layout.n; ++i)
    for (int64_t j = 0; j < columns; ++j) sums[j] += f(i * layout.inner + j);
}

// f(position, column) for every element of a block.
template <class F>
void for_each_element(const AxisLayout& layout, int64_t columns, F f) {
  for (int64_t i = 0; i < layout.n; ++i)
    for (int64_t j = 0; j < columns; ++j) f(i * layout.inner + j, j);
}

template <class T>
void column_maxima(const AxisLayout& layout, int64_t columns, const T* x, T* maxima) {
  std::fill_n(maxima, columns, -std::numeric_limits<T>::infinity());
  for_each_element(layout, columns, [=](int64_t at, int64_t j) {
    maxima[j] = x[at] > maxima[j] || x[at] != x[at] ? x[at] : maxima[j];
  });
}

// y = exp(x - max), with the maximum and the sum of y of each column.
template <class T>
void exponentials(const AxisLayout& layout, int64_t columns, const T* x, T* y, T* maxima, double* sums) {
  column_maxima(layout, columns, x, maxima);
  for_each_element(layout, columns, [=](int64_t at, int64_t j) { y[at] = vector_math::exp(x[at] - maxima[j]); });
  column_sums(layout, columns, sums, [=](int64_t at) { return static_cast<double>(y[at]); });
}

template <class T>
void softmax_of(const AxisLayout& layout, const T* x, T* y) {
  for_each_block(layout, [&](int64_t offset, int64_t columns) {
    T maxima[kColumns];
    double sums[kColumns];
    exponentials(layout, columns, x + offset, y + offset, maxima, sums);
    T* block = y + offset;
    for_each_element(layout, columns, [&](int64_t at, int64_t j) { block[at] = static_cast<T>(block[at] / sums[j]); });
  });
}

template <class T>
void log_softmax_of(const AxisLayout& layout, const T* x, T* y) {
  for_each_block(layout, [&](int64_t offset, int64_t columns) {
    T maxima[kColumns];
    double sums[kColumns];
    exponentials(layout, columns, x + offset, y + offset, maxima, sums);
    for (int64_t j = 0; j < columns; ++j) sums[j] = std::log(sums[j]);
    for_each_element(layout, columns, [&](int64_t at, int64_t j) {
      y[offset + at] = static_cast<T>(static_cast<double>(x[offset + at] - maxima[j]) - sums[j]);
    });
  });
}

template <class T>
void find_silent(const AxisLayout& layout, int64_t columns, const T* gy, bool* silent) {
  std::fill_n(silent, columns, true);
  for_each_element(layout, columns, [=](int64_t at, int64_t j) { silent[j] &= gy[at] == T(0); });
}

template <class T>
void softmax_backward_of(const AxisLayout& layout, const T* gy, const T* y, T* gx) {
  for_each_block(layout, [&](int64_t offset, int64_t columns) {
    const T *g = gy + offset, *p = y + offset;
    bool silent[kColumns];
    double sums[kColumns];
    find_silent(layout, columns, g, silent);
    column_sums(layout, columns, sums, [=](int64_t at) { return static_cast<double>(g[at]) * p[at]; });
    for_each_element(layout, columns, [&](int64_t at, int64_t j) {
      gx[offset + at] = silent[j] ? T(0) : static_cast<T>(p[at] * (g[at] - sums[j]));
    });
  });
}

template <class T>
void log_softmax_backward_of(const AxisLayout& layout, const T* gy, const T* y, T* gx) {
  for_each_block(layout, [&](int64_t offset, int64_t columns) {
    const T *g = gy + offset, *logp = y + offset;
    bool silent[kColumns];
    double sums[kColumns];
    find_silent(layout, columns, g, silent);
    column_sums(layout, columns, sums, [=](int64_t at) { return static_cast<double>(g[at]); });
    for_each_element(layout, columns, [&](int64_t at, int64_t j) {
      gx[offset + at] = silent[j] ? T(0) : static_cast<T>(g[at] - vector_math::exp(logp[at]) * sums[j]);
    });
  });
}

// Row::run on every row of the arrays that begin at `arrays`, or Blocks::run on all rows if they are short.
template <class Row, class Blocks, class T, class... Arrays>
void run_rows(const AxisLayout& layout, Arrays... arrays) {
  const int64_t n = layout.n;
  if (layout.numel() == 0) return;
  if constexpr (kHasBlocks<T>) {
    if (is_short_row(n)) {
      const auto run = variant_for<Blocks, T, int64_t, int64_t, int64_t, Arrays...>();
      return for_pieces_of_blocks(layout.outer, kElementsPerThread / n, [=](int64_t first, int64_t last) { run(n, first, last, arrays...); });
    }
  }
  const auto run = variant_for<Row, T, int64_t, Arrays...>();
  parallel_for(layout.outer, kElementsPerThread / n, [=](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) run(n, (arrays + row * n)...);
  });
}

}  // namespace

void softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y) {
  dispatch_floating(dtype, "softmax", [&](auto t) {
    using T = decltype(t);
    const auto* in = static_cast<const T*>(x);
    auto* out = static_cast<T*>(y);
    if (layout.inner == 1) run_rows<SoftmaxRow<T>, SoftmaxBlocks<T>, T>(layout, in, out);
    else softmax_of(layout, in, out);
  });
}
void log_softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    const auto* in = static_cast<const T*>(x);
    auto* out = static_cast<T*>(y);
    if (layout.inner == 1) run_rows<LogSoftmaxRow<T>, LogSoftmaxBlocks<T>, T>(layout, in, out);
    else log_softmax_of(layout, in, out);
  });
}
void softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx) {
  dispatch_floating(dtype, "softmax_backward", [&](auto t) {
    using T = decltype(t);
    const T *g = static_cast<const T*>(gy), *output = static_cast<const T*>(y);
    auto* out = static_cast<T*>(gx);
    if (layout.inner == 1) run_rows<SoftmaxSlopeRow<T>, SoftmaxSlopeBlocks<T>, T>(layout, g, output, out);
    else softmax_backward_of(layout, g, output, out);
  });
}
void log_softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx) {
  dispatch_floating(dtype, "log_softmax_backward", [&](auto t) {
    using T = decltype(t);
    const T *g = static_cast<const T*>(gy), *output = static_cast<const T*>(y);
    auto* out = static_cast<T*>(gx);
    if (layout.inner == 1) run_rows<LogSoftmaxSlopeRow<T>, LogSoftmaxSlopeBlocks<T>, T>(layout, g, output, out);
    else log_softmax_backward_of(layout, g, output, out);
  });
}

}  // namespace xgrad::kernels
