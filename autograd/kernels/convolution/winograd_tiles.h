// The loops behind WinogradLoops, written once for all instruction sets. A file that includes this has included the registers of its set
// (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V> using Register = typename V::R;

// Polynomials are evaluated at 0, p, -p, q, -q and infinity. With 3/2 and 2/3 the rounding errors of the 4 x 4 results of 3 x 3 taps are half as
// large as with the usual 1 and 2: of all fractions with numerators and denominators up to 5 these have the least.
constexpr int kPoints = WinogradLoops::kPoints;
constexpr int64_t kStrip = WinogradLoops::kStrip;
constexpr double kP = 3.0 / 2, kQ = 2.0 / 3, kP2 = kP * kP, kQ2 = kQ * kQ;

template <class V> XGRAD_INLINED Register<V> times(double factor, Register<V> x, Register<V> plus) {
  return V::fused(V::broadcast(static_cast<float>(factor)), x, plus);
}

// B': the product of all x - point but the row's own, times the polynomial of the image. p q = 1.
template <class V> struct OfImage {
  static constexpr int kFrom = kPoints, kTo = kPoints;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    y[0] = times<V>(-kP2 - kQ2, x[2], V::add(x[0], x[4]));
    pair(kP, times<V>(-kQ2, x[2], x[4]), times<V>(-kQ2, x[1], x[3]), y[1], y[2]);
    pair(kQ, times<V>(-kP2, x[2], x[4]), times<V>(-kP2, x[1], x[3]), y[3], y[4]);
    y[5] = times<V>(-kP2 - kQ2, x[3], V::add(x[1], x[5]));
  }

 private:
  XGRAD_INLINED static void pair(double point, Register<V> even, Register<V> odd, Register<V>& plus, Register<V>& minus) {
    plus = times<V>(point, odd, even);
    minus = times<V>(-point, odd, even);
  }
};

// A, and G but for its factors: the values at the points of the polynomial with coefficients x.
template <class V, int n> struct Values {
  static constexpr int kFrom = n, kTo = kPoints;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    y[0] = x[0];
    pair(kP, x, y[1], y[2]);
    pair(kQ, x, y[3], y[4]);
    y[5] = x[n - 1];
  }

 private:
  XGRAD_INLINED static void pair(double point, const Register<V> (&x)[kFrom], Register<V>& plus, Register<V>& minus) {
    auto even = x[(n - 1) / 2 * 2], odd = x[n / 2 * 2 - 1];
    XGRAD_UNROLLED for (int i = (n - 1) / 2 * 2 - 2; i >= 0; i -= 2) even = times<V>(point * point, even, x[i]);
    XGRAD_UNROLLED for (int i = n / 2 * 2 - 3; i >= 0; i -= 2) odd = times<V>(point * point, odd, x[i]);
    plus = times<V>(point, odd, even);
    minus = times<V>(-point, odd, even);
  }
};

// A': Values transposed.
template <class V, int n> struct OfSums {
  static constexpr int kFrom = kPoints, kTo = n;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    const Register<V> even[] = {V::add(x[1], x[2]), V::add(x[3], x[4])}, odd[] = {V::subtract(x[1], x[2]), V::subtract(x[3], x[4])};
    double p = 1, q = 1;
    XGRAD_UNROLLED for (int i = 0; i < n; ++i, p *= kP, q *= kQ) {
      const auto* const of = i % 2 == 0 ? even : odd;
      y[i] = i == 0 ? V::add(of[0], of[1]) : times<V>(p, of[0], times<V>(q, of[1], V::zero()));
    }
    y[0] = V::add(y[0], x[0]);
    y[n - 1] = V::add(y[n - 1], x[5]);
  }
};

// One over the product of a point's distances from the others.
template <class V> XGRAD_INLINED void scale(Register<V> (&x)[kPoints]) {
  XGRAD_UNROLLED for (int i = 1; i < 5; ++i) x[i] = times<V>(i < 3 ? 1 / (2 * kP2 * (kP2 - kQ2)) : 1 / (2 * kQ2 * (kQ2 - kP2)), x[i], V::zero());
}

// G
template <class V, int n> struct OfWeights {
  static constexpr int kFrom = n, kTo = kPoints;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    Values<V, n>::run(x, y);
    scale<V>(y);
  }
};

// G'
template <class V, int n> struct OfWeightSums {
  static constexpr int kFrom = kPoints, kTo = n;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    Register<V> scaled[kPoints];
    XGRAD_UNROLLED for (int i = 0; i < kPoints; ++i) scaled[i] = x[i];
    scale<V>(scaled);
    OfSums<V, n>::run(scaled, y);
  }
};

// Of each line, then along the other axis if there is one.
template <class V, class Transform>
XGRAD_INLINED void transform(bool both_axes, const float* from, int64_t from_line, int64_t from_step, float* to, int64_t to_line, int64_t to_step) {
  Register<V> half_way[Transform::kTo][Transform::kFrom];
  const int lines = both_axes ? Transform::kFrom : 1;
  for (int i = 0; i < lines; ++i) {
    Register<V> x[Transform::kFrom], y[Transform::kTo];
    XGRAD_UNROLLED for (int k = 0; k < Transform::kFrom; ++k) x[k] = V::load(from + i * from_line + k * from_step);
    Transform::run(x, y);
    XGRAD_UNROLLED for (int k = 0; k < Transform::kTo; ++k) half_way[k][i] = y[k];
  }
  for (int k = 0; k < Transform::kTo; ++k) {
    if (!both_axes) {
      V::store(to + k * to_step, half_way[k][0]);
      continue;
    }
    Register<V> y[Transform::kTo];
    Transform::run(half_way[k], y);
    XGRAD_UNROLLED for (int i = 0; i < Transform::kTo; ++i) V::store(to + i * to_line + k * to_step, y[i]);
  }
}

template <class V, class Transform> XGRAD_TARGET void winograd_tiles(const TilesOfStrip& p) {
  for (int64_t j = 0; j < p.count; ++j)
    for (int64_t lane = 0; lane < kStrip; lane += V::kLanes)
      transform<V, Transform>(p.both_axes, p.from + j * p.from_tile + lane, p.from_line, p.from_step, p.to + j * p.to_tile + lane, p.to_line,
                              p.to_step);
}

template <class V> XGRAD_TARGET void take_strip(const StripIn& p) {
  for (int64_t q = 0; q < p.length * kStrip; q += V::kLanes)
    if (q < p.before * kStrip || q >= (p.before + p.count) * kStrip) V::store(p.to + q, V::zero());
  for (int64_t c = 0; c < kStrip; c += V::kLanes)
    copy_transposed<V>(p.count, smaller(V::kLanes, p.channels - c), p.from + c * p.from_channel, p.from_channel, p.to + p.before * kStrip + c,
                       kStrip);
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

template <class V> XGRAD_TARGET bool put_strip(const StripOut& p) {
  auto finiteness = V::zero();
  for (int64_t c = 0; c < p.channels; c += V::kLanes) {
    const int64_t channels = smaller(V::kLanes, p.channels - c);
    const auto bias = V::load(p.bias + c);
    for (int64_t q = 0; q < p.count; q += V::kLanes) {
      const int64_t n = smaller(V::kLanes, p.count - q);
      Register<V> x[V::kLanes];
      XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) {
        x[i] = i < n ? V::load(p.from + (q + i) * kStrip + c) : V::zero();
        finiteness = with_finiteness<V>(x[i], finiteness);
        x[i] = V::add(x[i], bias);
      }
      transpose<V>(x);
      float* const to = p.to + c * p.to_channel + q;
      if (n == V::kLanes) {
        XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) if (i < channels) V::store(to + i * p.to_channel, x[i]);
      } else {
        const auto mask = V::mask(n);
        XGRAD_UNROLLED for (int i = 0; i < V::kLanes; ++i) if (i < channels) V::store(to + i * p.to_channel, x[i], mask);
      }
    }
  }
  return is_finite<V>(finiteness);
}

template <class V, int n> XGRAD_TARGET void winograd_weights(const TapsOfRows& p) {
  const int taps = p.both_axes ? n * n : n;
  float of_lanes[n * n * V::kLanes];
  for (int64_t r = 0; r < p.rows; r += kStrip)
    for (int64_t lane = 0; lane < kStrip; lane += V::kLanes) {
      copy_transposed<V>(taps, smaller(V::kLanes, p.rows - r - lane), p.w + (r + lane) * p.w_row, p.w_row, of_lanes, V::kLanes);
      const int64_t step = p.flipped ? -V::kLanes : V::kLanes;
      float* const to = p.to + r + lane;
      transform<V, OfWeights<V, n>>(p.both_axes, p.flipped ? of_lanes + (taps - 1) * V::kLanes : of_lanes, n * step, step, to, kPoints * p.to_point,
                                    p.to_point);
    }
}

template <class V, int n> XGRAD_TARGET bool winograd_weight_gradient(const SumsOfRow& p) {
  const int points = p.both_axes ? kPoints * kPoints : kPoints, taps = p.both_axes ? n * n : n;
  auto finiteness = V::zero();
  float sums[kPoints * kPoints * V::kLanes], of_lanes[n * n * V::kLanes];
  for (int64_t c = 0; c < p.channels; c += V::kLanes) {
    const int64_t lanes = smaller(V::kLanes, p.channels - c);
    const auto mask = V::mask(lanes);
    for (int i = 0; i < points; ++i) {
      auto x = V::load(p.s + i * p.s_point + c, mask);
      for (int64_t part = 1; part < p.parts; ++part) x = V::add(x, V::load(p.s + part * p.s_part + i * p.s_point + c, mask));
      V::store(sums + i * V::kLanes, x);
    }
    transform<V, OfWeightSums<V, n>>(p.both_axes, sums, kPoints * V::kLanes, V::kLanes, of_lanes, n * V::kLanes, V::kLanes);
    for (int i = 0; i < taps; ++i) finiteness = with_finiteness<V>(V::load(of_lanes + i * V::kLanes, mask), finiteness);
    for (int64_t k = 0; k < lanes; ++k)
      for (int i = 0; i < taps; ++i) p.w[(c + k) * taps + i] = of_lanes[i * V::kLanes + k];
  }
  return is_finite<V>(finiteness);
}

template <class V, int n>
constexpr WinogradLoops winograd_loops_of{kPoints + 1 - n,
                                          take_strip<V>,
                                          put_strip<V>,
                                          winograd_tiles<V, OfImage<V>>,
                                          winograd_tiles<V, Values<V, kPoints + 1 - n>>,
                                          winograd_tiles<V, OfSums<V, kPoints + 1 - n>>,
                                          winograd_weights<V, n>,
                                          winograd_weight_gradient<V, n>};

}}}}  // namespace torch::xgrad::kernels
