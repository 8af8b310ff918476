// The loops behind WinogradLoops, written once for all instruction sets. A file that includes this has included the registers of its set
// (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V> using Register = typename V::R;

template <class V> XGRAD_INLINED Register<V> half(Register<V> x) { return V::fused(V::broadcast(0.5f), x, V::zero()); }

// B'
template <class V> struct OfImage {
  XGRAD_INLINED static void run(const Register<V> (&x)[4], Register<V> (&y)[4]) {
    y[0] = V::subtract(x[0], x[2]);
    y[1] = V::add(x[1], x[2]);
    y[2] = V::subtract(x[2], x[1]);
    y[3] = V::subtract(x[1], x[3]);
  }
};

// A
template <class V> struct OfGradient {
  XGRAD_INLINED static void run(const Register<V> (&x)[2], Register<V> (&y)[4]) {
    y[0] = x[0];
    y[1] = V::add(x[0], x[1]);
    y[2] = V::subtract(x[0], x[1]);
    y[3] = V::subtract(V::zero(), x[1]);
  }
};

// G
template <class V> struct OfWeights {
  XGRAD_INLINED static void run(const Register<V> (&x)[3], Register<V> (&y)[4]) {
    const auto ends = half<V>(V::add(x[0], x[2])), middle = half<V>(x[1]);
    y[0] = x[0];
    y[1] = V::add(ends, middle);
    y[2] = V::subtract(ends, middle);
    y[3] = x[2];
  }
};

// A'
template <class V> struct OfResults {
  XGRAD_INLINED static void run(const Register<V> (&x)[4], Register<V> (&y)[2]) {
    y[0] = V::add(V::add(x[0], x[1]), x[2]);
    y[1] = V::subtract(V::subtract(x[1], x[2]), x[3]);
  }
};

// G'
template <class V> struct OfWeightSums {
  XGRAD_INLINED static void run(const Register<V> (&x)[4], Register<V> (&y)[3]) {
    const auto sum = half<V>(V::add(x[1], x[2]));
    y[0] = V::add(x[0], sum);
    y[1] = half<V>(V::subtract(x[1], x[2]));
    y[2] = V::add(sum, x[3]);
  }
};

// To each column, then to each row.
template <class Transform, int m, int n, class R> XGRAD_INLINED void both_ways(const R (&x)[m][m], R (&y)[n][n]) {
  R half_way[n][m];
  XGRAD_UNROLLED for (int k = 0; k < m; ++k) {
    R column[m], became[n];
    XGRAD_UNROLLED for (int i = 0; i < m; ++i) column[i] = x[i][k];
    Transform::run(column, became);
    XGRAD_UNROLLED for (int i = 0; i < n; ++i) half_way[i][k] = became[i];
  }
  XGRAD_UNROLLED for (int i = 0; i < n; ++i) Transform::run(half_way[i], y[i]);
}

template <class V, class Transform, int m> XGRAD_TARGET void winograd_tiles(const TilesIn& p) {
  for (int64_t j = 0; j < p.count; j += V::kLanes) {
    Register<V> x[m][m], y[4][4];
    XGRAD_UNROLLED for (int i = 0; i < m; ++i) XGRAD_UNROLLED for (int k = 0; k < m; ++k) x[i][k] = V::load(p.x + p.x_at[k] + i * p.x_line + j);
    both_ways<Transform>(x, y);
    XGRAD_UNROLLED for (int i = 0; i < 16; ++i) V::store(p.to + i * p.to_plane + j, y[i / 4][i % 4]);
  }
}

template <class V> XGRAD_TARGET void winograd_weights(const TileWeights& p) {
  for (int64_t c = 0; c < p.channels; c += V::kLanes) {
    float taps[9 * V::kLanes];
    copy_transposed<V>(9, smaller(V::kLanes, p.channels - c), p.w + c * p.w_channel, p.w_channel, taps, V::kLanes);
    Register<V> x[3][3], y[4][4];
    XGRAD_UNROLLED for (int i = 0; i < 9; ++i) x[i / 3][i % 3] = V::load(taps + (p.flipped ? 8 - i : i) * V::kLanes);
    both_ways<OfWeights<V>>(x, y);
    XGRAD_UNROLLED for (int i = 0; i < 16; ++i) V::store(p.to + i * p.to_plane + c, y[i / 4][i % 4]);
  }
}

// 0 where all that was added is finite, else NaN.
template <class V> XGRAD_INLINED Register<V> with_finiteness(Register<V> x, Register<V> sum) { return V::fused(x, V::zero(), sum); }

template <class V> XGRAD_INLINED bool is_finite(Register<V> sum) {
  float lanes[V::kLanes];
  V::store(lanes, sum);
  bool finite = true;
  for (int i = 0; i < V::kLanes; ++i) finite = finite && lanes[i] == 0;
  return finite;
}

template <class V> XGRAD_INLINED void store_first(float* to, Register<V> x, int64_t n) {
  if (n >= V::kLanes) V::store(to, x);
  else if (n > 0) V::store(to, x, V::mask(n));
}

template <class V> XGRAD_TARGET bool winograd_results(const TilesOut& p) {
  auto finiteness = V::zero();
  const auto bias = V::add(V::zero(), V::broadcast(p.bias));
  for (int64_t j = 0; j < p.count; j += V::kLanes) {
    const int64_t n = smaller(V::kLanes, p.count - j), left = p.columns - 2 * j;
    Register<V> x[4][4], y[2][2];
    if (n == V::kLanes) {
      XGRAD_UNROLLED for (int i = 0; i < 16; ++i) x[i / 4][i % 4] = V::load(p.m + i * p.m_plane + j);
    } else {
      const auto mask = V::mask(n);
      XGRAD_UNROLLED for (int i = 0; i < 16; ++i) x[i / 4][i % 4] = V::load(p.m + i * p.m_plane + j, mask);
    }
    both_ways<OfResults<V>>(x, y);
    for (int64_t i = 0; i < p.lines; ++i) {
      const auto even = y[i][0], odd = y[i][1];
      finiteness = with_finiteness<V>(odd, with_finiteness<V>(even, finiteness));
      float* const to = p.y + i * p.y_line + 2 * j;
      store_first<V>(to, V::add(V::low(even, odd), bias), left);
      store_first<V>(to + V::kLanes, V::add(V::high(even, odd), bias), left - V::kLanes);
    }
  }
  return is_finite<V>(finiteness);
}

template <class V> XGRAD_TARGET bool winograd_weight_gradient(const TileWeightSums& p) {
  auto finiteness = V::zero();
  for (int64_t c = 0; c < p.channels; c += V::kLanes) {
    Register<V> x[4][4], y[3][3];
    XGRAD_UNROLLED for (int i = 0; i < 16; ++i) x[i / 4][i % 4] = V::load(p.s + i * p.s_plane + c);
    for (int64_t part = 1; part < p.parts; ++part)
      XGRAD_UNROLLED for (int i = 0; i < 16; ++i) x[i / 4][i % 4] = V::add(x[i / 4][i % 4], V::load(p.s + part * p.s_part + i * p.s_plane + c));
    both_ways<OfWeightSums<V>>(x, y);
    float taps[9][V::kLanes];
    XGRAD_UNROLLED for (int i = 0; i < 9; ++i) V::store(taps[i], y[i / 3][i % 3]);
    const int64_t n = smaller(V::kLanes, p.channels - c);
    XGRAD_UNROLLED for (int i = 0; i < 9; ++i) finiteness = with_finiteness<V>(V::load(taps[i], V::mask(n)), finiteness);
    for (int64_t k = 0; k < n; ++k)
      for (int i = 0; i < 9; ++i) p.w[(c + k) * 9 + i] = taps[i][k];
  }
  return is_finite<V>(finiteness);
}

template <class V>
constexpr WinogradLoops winograd_loops_of{winograd_tiles<V, OfImage<V>, 4>, winograd_tiles<V, OfGradient<V>, 2>, winograd_weights<V>,
                                          winograd_results<V>, winograd_weight_gradient<V>};

}}}}  // namespace torch::xgrad::kernels
