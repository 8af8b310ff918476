// The loops behind ConvolutionLoops, written once for all instruction sets. A file that includes this has included the registers of its
// set (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V, int kRows, int kVectors> XGRAD_TARGET void correlation_tile(const Correlation<typename V::T>& p, int64_t row, int64_t position) {
  using T = typename V::T;
  typename V::R sums[kRows][kVectors];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) {
    if (p.bias) sums[i][v] = V::add(V::zero(), V::broadcast(p.bias[row + i]));
    else sums[i][v] = V::zero();
  }
  const T *w = p.w + row * p.w_row, *x = p.x + position;
  const int64_t w_row = p.w_row;
  for (int64_t channel = p.channels; channel > 0; --channel, w += p.w_channel, x += p.x_channel)
    for (int64_t tap = 0; tap < p.taps; ++tap) {
      const T *from = x + p.x_at[tap], *factors = w + p.w_at[tap];
      typename V::R y[kVectors];
      XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) y[v] = V::load(from + v * V::kLanes);
      XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
        const auto factor = V::broadcast(factors[i * w_row]);
        XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) sums[i][v] = V::fused(factor, y[v], sums[i][v]);
      }
    }
  T* y = p.y + row * p.y_row + position;
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v)
      V::store(y + i * p.y_row + v * V::kLanes, sums[i][v]);
}

template <class V, int kVectors> XGRAD_TARGET void correlation_rows(const Correlation<typename V::T>& p, int64_t position) {
  int64_t row = 0;
  if constexpr (kVectors <= V::kVectors) {
    for (; p.rows - row >= V::kRows; row += V::kRows) correlation_tile<V, V::kRows, kVectors>(p, row, position);
    if constexpr (V::kRows > 4) {
      if (p.rows - row >= 6) correlation_tile<V, 6, kVectors>(p, row, position), row += 6;
      if (p.rows - row >= 4) correlation_tile<V, 4, kVectors>(p, row, position), row += 4;
    }
    if (p.rows - row == 3) correlation_tile<V, 3, kVectors>(p, row, position), row += 3;
    if (p.rows - row >= 2) correlation_tile<V, 2, kVectors>(p, row, position), row += 2;
  }
  for (; row < p.rows; ++row) correlation_tile<V, 1, kVectors>(p, row, position);
}

template <class V, int kVectors> XGRAD_INLINED void correlation_rows_of(int64_t vectors, const Correlation<typename V::T>& p, int64_t position) {
  if constexpr (kVectors > 1)
    if (vectors < kVectors) return correlation_rows_of<V, kVectors - 1>(vectors, p, position);
  correlation_rows<V, kVectors>(p, position);
}

// A single row takes more registers, so that its sums don't wait for each other.
template <class V, int kVectors> XGRAD_INLINED void correlate_by(const Correlation<typename V::T>& p) {
  constexpr int64_t kWidth = kVectors * V::kLanes;
  for (int64_t q = 0; q < p.positions; q += kWidth)
    correlation_rows_of<V, kVectors>((smaller(kWidth, p.positions - q) + V::kLanes - 1) / V::kLanes, p, q);
}

template <class V> XGRAD_TARGET void correlate(const Correlation<typename V::T>& p) {
  if (p.rows == 1) correlate_by<V, V::kRowVectors>(p);
  else correlate_by<V, V::kVectors>(p);
}

template <class V, int kRows, int kVectors> XGRAD_TARGET void outer_tile(const OuterSums<typename V::T>& p, int64_t row) {
  using T = typename V::T;
  typename V::R sums[kRows][kVectors];
  const T* x[kRows];
  T* c = p.c + row * p.c_row;
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
    x[i] = p.x + p.x_at[row + i];
    XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) sums[i][v] = V::load(c + i * p.c_row + v * V::kLanes);
  }
  const T* b = p.b;
  const int64_t step = p.x_step;
  for (int64_t line = 0; line < p.lines; ++line) {
    const int64_t end = line * p.x_line + p.length * step;
    for (int64_t at = line * p.x_line; at < end; at += step, b += V::kVectors * V::kLanes) {
      typename V::R y[kVectors];
      XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) y[v] = V::load(b + v * V::kLanes);
      XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
        const auto factor = V::broadcast(x[i][at]);
        XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v) sums[i][v] = V::fused(factor, y[v], sums[i][v]);
      }
    }
  }
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int v = 0; v < kVectors; ++v)
      V::store(c + i * p.c_row + v * V::kLanes, sums[i][v]);
}

template <class V, int kVectors> XGRAD_INLINED void outer_rows_of(int64_t vectors, const OuterSums<typename V::T>& p) {
  if constexpr (kVectors > 1)
    if (vectors < kVectors) return outer_rows_of<V, kVectors - 1>(vectors, p);
  int64_t row = 0;
  for (; p.rows - row >= V::kRows; row += V::kRows) outer_tile<V, V::kRows, kVectors>(p, row);
  if constexpr (V::kRows > 4)
    if (p.rows - row >= 4) outer_tile<V, 4, kVectors>(p, row), row += 4;
  for (; row < p.rows; ++row) outer_tile<V, 1, kVectors>(p, row);
}

template <class V> XGRAD_TARGET void add_outer(const OuterSums<typename V::T>& p) {
  outer_rows_of<V, V::kVectors>((p.lanes + V::kLanes - 1) / V::kLanes, p);
}

constexpr int kDots = 16;  // sums side by side, whatever a register holds

// As many registers of x and of g as make up kDots elements; of the last ones only those that are left.
template <class V, int kRows, int kTaps, class... Mask>
XGRAD_INLINED void add_dots_of(const DotSums<typename V::T>& p, const typename V::T* g, const typename V::T* x, const int64_t* x_at,
                               typename V::R (&sums)[kRows][kTaps][kDots / V::kLanes], int v, Mask... mask) {
  typename V::R y[kRows];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) y[i] = V::load(g + i * p.g_row + v * V::kLanes, mask...);
  XGRAD_UNROLLED for (int t = 0; t < kTaps; ++t) {
    auto z = V::load(x + x_at[t] + v * V::kLanes, mask...);
    if constexpr (kRows > 1) XGRAD_READ_ONCE(z);
    XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) sums[i][t][v] = V::fused(y[i], z, sums[i][t][v]);
  }
}

template <class V, int kRows, int kTaps> XGRAD_TARGET void dot_tile(const DotSums<typename V::T>& p, int64_t row, int64_t tap) {
  constexpr int kParts = kDots / V::kLanes, kSums = (kRows * kTaps + V::kLanes - 1) / V::kLanes * V::kLanes;
  typename V::R sums[kRows][kTaps][kParts];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int t = 0; t < kTaps; ++t) XGRAD_UNROLLED for (int v = 0; v < kParts; ++v)
      sums[i][t][v] = V::zero();
  const int64_t whole = p.length / kDots * kDots, left = p.length - whole;
  typename V::Mask masks[kParts];
  XGRAD_UNROLLED for (int v = 0; v < kParts; ++v) masks[v] = V::mask(left > v * V::kLanes ? smaller(left - v * V::kLanes, V::kLanes) : 1);
  const auto *g = p.g + row * p.g_row, *x = p.x;
  for (int64_t line = 0; line < p.lines; ++line, g += p.g_line, x += p.x_line) {
    for (int64_t q = 0; q < whole; q += kDots)
      XGRAD_UNROLLED for (int v = 0; v < kParts; ++v) add_dots_of<V, kRows, kTaps>(p, g + q, x + q, p.x_at + tap, sums, v);
    XGRAD_UNROLLED for (int v = 0; v < kParts; ++v) if (left > v * V::kLanes)
        add_dots_of<V, kRows, kTaps>(p, g + whole, x + whole, p.x_at + tap, sums, v, masks[v]);
  }
  typename V::R parts[kSums];
  XGRAD_UNROLLED for (int k = 0; k < kSums; ++k) {
    parts[k] = V::zero();
    if (k >= kRows * kTaps) continue;
    auto& sum = sums[k / kTaps][k % kTaps];
    XGRAD_UNROLLED for (int half = kParts / 2; half > 0; half /= 2) XGRAD_UNROLLED for (int v = 0; v < half; ++v) sum[v] =
        V::add(sum[v], sum[v + half]);
    parts[k] = sum[0];
  }
  typename V::T joined[kSums];
  XGRAD_UNROLLED for (int first = 0; first < kSums; first += V::kLanes) {
    typename V::R some[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) some[i] = parts[first + i];
    V::store(joined + first, lane_sums<V, V::kLanes>(some));
  }
  for (int i = 0; i < kRows; ++i)
    for (int t = 0; t < kTaps; ++t) p.c[(row + i) * p.c_row + tap + t] += joined[i * kTaps + t];
}

template <class V, int kRows, int kMost> XGRAD_TARGET void dot_taps(const DotSums<typename V::T>& p, int64_t row) {
  int64_t tap = 0;
  for (; p.taps - tap >= kMost; tap += kMost) dot_tile<V, kRows, kMost>(p, row, tap);
  if constexpr (kMost > 4)
    for (; p.taps - tap >= 4; tap += 4) dot_tile<V, kRows, 4>(p, row, tap);
  for (; tap < p.taps; ++tap) dot_tile<V, kRows, 1>(p, row, tap);
}

// As many sums as there are registers for.
template <class V> XGRAD_TARGET void add_dots(const DotSums<typename V::T>& p) {
  constexpr bool kMany = V::kLanes * V::kRows >= 64;
  int64_t row = 0;
  if constexpr (kMany)
    for (; p.rows - row >= 3; row += 3) dot_taps<V, 3, 5>(p, row);
  if constexpr (V::kLanes * V::kRows >= 16)
    for (; p.rows - row >= 2; row += 2) dot_taps<V, 2, 4>(p, row);
  for (; row < p.rows; ++row) dot_taps<V, 1, kMany ? 9 : 4>(p, row);
}

template <class V> XGRAD_TARGET void transpose_block(int64_t depth, int64_t columns, const typename V::T* x, int64_t x_column, typename V::T* to) {
  constexpr int64_t kWidth = V::kVectors * V::kLanes;
  for (int64_t j = 0; j < kWidth; j += V::kLanes)
    if (j < columns) copy_transposed<V>(depth, smaller(V::kLanes, columns - j), x + j * x_column, x_column, to + j, kWidth);
}

// Every kStep-th element of a register's width of them; of the last ones no more is read than there is.
template <class V, int kStep> XGRAD_INLINED typename V::R stepping(const typename V::T* from) {
  if constexpr (kStep == 1) return V::load(from);
  else return V::even(V::load(from), V::load(from + V::kLanes));
}

template <class V, int kStep> XGRAD_INLINED typename V::R last_stepping(const typename V::T* from, int64_t n) {
  const int64_t read = kStep * (n - 1) + 1;
  const auto low = V::load(from, V::mask(smaller(V::kLanes, read)));
  if constexpr (kStep == 1) return low;
  else return V::even(low, read > V::kLanes ? V::load(from + V::kLanes, V::mask(read - V::kLanes)) : V::zero());
}

// Returns what is written of `to`: whole registers.
template <class V, int kStep> XGRAD_INLINED int64_t copy_stepping(const typename V::T* from, int64_t count, typename V::T* to) {
  int64_t k = 0;
  for (; k + V::kLanes < count; k += V::kLanes) V::store(to + k, stepping<V, kStep>(from + kStep * k));
  V::store(to + k, last_stepping<V, kStep>(from + kStep * k, count - k));
  return k + V::kLanes;
}

template <class V> XGRAD_TARGET void pad(const PaddedLines<typename V::T>& p) {
  const auto* from = p.from;
  auto* to = p.to;
  for (int64_t line = 0; line < p.lines; ++line, from += p.from_line, to += p.length) {
    int64_t k = 0;
    for (; k < p.before; k += V::kLanes) V::store(to + k, V::zero());
    k = p.before;
    if (p.count > 0) {
      if (p.step == 1) k += copy_stepping<V, 1>(from, p.count, to + k);
      else if (p.step == 2) k += copy_stepping<V, 2>(from, p.count, to + k);
      else
        for (; k < p.before + p.count; ++k) to[k] = from[(k - p.before) * p.step];
    }
    for (; k < p.length; k += V::kLanes) V::store(to + k, V::zero());
  }
}

template <class V> XGRAD_INLINED void copy_exactly(const typename V::T* from, int64_t count, typename V::T* to) {
  if (count < V::kLanes) return V::store(to, V::load(from, V::mask(count)), V::mask(count));
  for (int64_t k = 0; k + V::kLanes < count; k += V::kLanes) V::store(to + k, V::load(from + k));
  V::store(to + count - V::kLanes, V::load(from + count - V::kLanes));
}

// Every second element of `to`, with what lies between them.
template <class V> XGRAD_INLINED void copy_to_every_second(const typename V::T* from, int64_t count, typename V::T* to) {
  int64_t k = 0;
  for (; k + V::kLanes < count; k += V::kLanes) {
    auto* const at = to + 2 * k;
    const auto x = V::load(from + k), between = V::even(V::load(at + 1), V::load(at + 1 + V::kLanes));
    V::store(at, V::low(x, between));
    V::store(at + V::kLanes, V::high(x, between));
  }
  const int64_t n = count - k, written = 2 * n - 1;
  auto* const at = to + 2 * k;
  const auto x = V::load(from + k, V::mask(n)), between = n > 1 ? last_stepping<V, 2>(at + 1, n - 1) : V::zero();
  V::store(at, V::low(x, between), V::mask(smaller(V::kLanes, written)));
  if (written > V::kLanes) V::store(at + V::kLanes, V::high(x, between), V::mask(written - V::kLanes));
}

template <class V> XGRAD_TARGET void spread(const SpreadLines<typename V::T>& p) {
  const auto* from = p.from;
  auto* to = p.to;
  for (int64_t line = 0; line < p.lines; ++line, from += p.from_line, to += p.to_line) {
    if (p.step == 1) copy_exactly<V>(from, p.count, to);
    else if (p.step == 2) copy_to_every_second<V>(from, p.count, to);
    else
      for (int64_t k = 0; k < p.count; ++k) to[k * p.step] = from[k];
  }
}

template <class V>
constexpr ConvolutionLoops<typename V::T> convolution_loops_of{
    V::kVectors * V::kLanes, V::kRowVectors* V::kLanes, V::kLanes, correlate<V>, add_outer<V>, add_dots<V>, transpose_block<V>, pad<V>, spread<V>};

}}}}  // namespace torch::xgrad::kernels
