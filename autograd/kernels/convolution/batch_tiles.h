// The loops behind BatchLoops, written once for all instruction sets. A file that includes this has included the registers of its set
// (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/convolution/batch_loops.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V> constexpr int kParts = static_cast<int>(kImages) / V::kLanes;  // registers that hold all images

template <class V, int kRows, int kPositions> XGRAD_TARGET void position_tile(const SumsOfLine& p, int64_t row, int64_t q) {
  typename V::R sums[kRows][kPositions][kParts<V>];
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
    const auto bias = p.bias ? V::add(V::zero(), V::broadcast(p.bias[row + i])) : V::zero();
    XGRAD_UNROLLED for (int j = 0; j < kPositions; ++j) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) sums[i][j][v] = bias;
  }
  const TapRange taps = p.along[q], lines = p.lines;
  const int64_t move = kPositions > 1 ? (p.along[q + 1].place - taps.place) * kImages : 0, w_row = p.w_row;
  const float* w_of = p.w + row * w_row + lines.tap * p.w_line + taps.tap;
  const float* x_of = p.x + lines.place * p.x_line + taps.place * kImages;
  for (int64_t channel = p.channels; channel > 0; --channel, w_of += p.w_channel, x_of += p.x_channel) {
    const float *w_line = w_of, *x_line = x_of;
    for (int64_t line = lines.count; line > 0; --line, w_line += lines.tap_step * p.w_line, x_line += lines.place_step * p.x_line) {
      const float *w = w_line, *x = x_line;
      for (int64_t k = taps.count; k > 0; --k, w += taps.tap_step, x += taps.place_step * kImages) {
        typename V::R y[kPositions][kParts<V>];
        XGRAD_UNROLLED for (int j = 0; j < kPositions; ++j) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) y[j][v] =
            V::load(x + j * move + v * V::kLanes);
        XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) {
          const auto factor = V::broadcast(w[i * w_row]);
          XGRAD_UNROLLED for (int j = 0; j < kPositions; ++j) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) sums[i][j][v] =
              V::fused(factor, y[j][v], sums[i][j][v]);
        }
      }
    }
  }
  float* const to = p.y + row * p.y_row + q * kImages;
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int j = 0; j < kPositions; ++j)
      XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) V::store(to + i * p.y_row + j * kImages + v * V::kLanes, sums[i][j][v]);
}

template <class V, int kRows> XGRAD_TARGET void sum_rows(const SumsOfLine& p, int64_t row) {
  constexpr int kPositions = kParts<V> == 1 ? 2 : 1;  // as many sums as hide the latency of an addition
  int64_t q = 0;
  while (q < p.positions) {
    const TapRange* t = p.along + q;
    if (kPositions > 1 && q + 1 < p.positions && t[0].count == t[1].count && t[0].tap == t[1].tap) {
      position_tile<V, kRows, kPositions>(p, row, q);
      q += kPositions;
    } else {
      position_tile<V, kRows, 1>(p, row, q++);
    }
  }
}

template <class V, int kMost> XGRAD_INLINED void sum_rows_of(int64_t rows, const SumsOfLine& p, int64_t row) {
  if constexpr (kMost > 1)
    if (rows < kMost) return sum_rows_of<V, kMost - 1>(rows, p, row);
  sum_rows<V, kMost>(p, row);
}

template <class V> XGRAD_TARGET void sum_line(const SumsOfLine& p) {
  constexpr int kRows = 6;
  for (int64_t row = 0, tiles = (p.rows + kRows - 1) / kRows; tiles > 0; --tiles) {
    const int64_t rows = (p.rows - row + tiles - 1) / tiles;
    sum_rows_of<V, kRows>(rows, p, row);
    row += rows;
  }
}

template <class V, int kRows, int kTaps> XGRAD_TARGET void product_tile(const ProductsOfLines& p, int64_t row, int64_t tap) {
  typename V::R sums[kRows][kTaps][kParts<V>];
  float* const c = p.c + row * p.c_row + tap * kImages;
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int t = 0; t < kTaps; ++t) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v)
      sums[i][t][v] = V::load(c + i * p.c_row + t * kImages + v * V::kLanes);
  const float *g_line = p.g + row * p.g_row, *x_line = p.x + tap * p.x_tap;
  for (int64_t line = p.lines; line > 0; --line, g_line += p.g_line, x_line += p.x_line) {
    const float *g = g_line, *x = x_line;
    for (int64_t q = p.positions; q > 0; --q, g += kImages, x += p.x_step) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) {
        typename V::R y[kRows];
        XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) y[i] = V::load(g + i * p.g_row + v * V::kLanes);
        XGRAD_UNROLLED for (int t = 0; t < kTaps; ++t) {
          auto z = V::load(x + t * p.x_tap + v * V::kLanes);
          XGRAD_READ_ONCE(z);
          XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) sums[i][t][v] = V::fused(y[i], z, sums[i][t][v]);
        }
      }
  }
  XGRAD_UNROLLED for (int i = 0; i < kRows; ++i) XGRAD_UNROLLED for (int t = 0; t < kTaps; ++t) XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v)
      V::store(c + i * p.c_row + t * kImages + v * V::kLanes, sums[i][t][v]);
}

template <class V, int kRows> XGRAD_TARGET void product_taps(const ProductsOfLines& p, int64_t row) {
  int64_t tap = 0;
  for (; p.taps - tap >= 3; tap += 3) product_tile<V, kRows, 3>(p, row, tap);
  if (p.taps - tap == 2) product_tile<V, kRows, 2>(p, row, tap);
  else if (p.taps - tap == 1) product_tile<V, kRows, 1>(p, row, tap);
}

template <class V> XGRAD_TARGET void add_products(const ProductsOfLines& p) {
  constexpr int kRows = V::kLanes * V::kRows >= 64 ? 4 : 2;
  int64_t row = 0;
  for (; p.rows - row >= kRows; row += kRows) product_taps<V, kRows>(p, row);
  for (; row < p.rows; ++row) product_taps<V, 1>(p, row);
}

template <class V> XGRAD_TARGET void pack_images(int64_t n, int64_t images, const float* from, int64_t from_image, float* to) {
  for (int64_t j = 0; j < kImages; j += V::kLanes)
    copy_transposed<V>(n, images > j ? smaller(images - j, V::kLanes) : 0, from + j * from_image, from_image, to + j, kImages);
}

template <class V> XGRAD_TARGET void unpack_images(int64_t n, int64_t images, const float* from, float* to, int64_t to_image) {
  for (int64_t k = 0; k < n; k += V::kLanes) {
    const int64_t at = n >= V::kLanes ? smaller(k, n - V::kLanes) : k, count = smaller(V::kLanes, n - at);  // the last ones come twice
    const auto mask = V::mask(count);
    for (int64_t j = 0; j < images; j += V::kLanes) {
      typename V::R x[V::kLanes];
      XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) x[i] = i < count ? V::load(from + (at + i) * kImages + j) : V::zero();
      transpose<V>(x);
      if (count == V::kLanes && j + V::kLanes <= images)
        XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) V::store(to + (j + i) * to_image + at, x[i]);
      else XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) if (j + i < images) V::store(to + (j + i) * to_image + at, x[i], mask);
    }
  }
}

// Of each sum its images, as a tree.
template <class V> XGRAD_TARGET void join_images(int64_t n, const float* sums, float* to) {
  for (int64_t k = 0; k < n; k += V::kLanes) {
    const int64_t count = smaller(V::kLanes, n - k);
    typename V::R x[V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) {
      typename V::R part[kParts<V>];
      XGRAD_UNROLLED for (int v = 0; v < kParts<V>; ++v) part[v] = i < count ? V::load(sums + (k + i) * kImages + v * V::kLanes) : V::zero();
      XGRAD_UNROLLED for (int half = kParts<V> / 2; half > 0; half /= 2) XGRAD_UNROLLED for (int v = 0; v < half; ++v) part[v] =
          V::add(part[v], part[v + half]);
      x[i] = part[0];
    }
    V::store(to + k, lane_sums<V, V::kLanes>(x), V::mask(count));
  }
}

template <class V> constexpr BatchLoops batch_loops_of{sum_line<V>, add_products<V>, pack_images<V>, unpack_images<V>, join_images<V>};

}}}}  // namespace torch::xgrad::kernels
