// The loops behind WinogradLoops, written once for all instruction sets. A file that includes this has included the registers of its set
// (vector/registers.h).
#pragma once

#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/vector/registers.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

template <class V> using Register = typename V::R;

constexpr int64_t kStrip = WinogradLoops::kStrip;
constexpr int kResults = WinogradLoops::kResults;

// Polynomials are evaluated at 0, at pairs p and -p, and at infinity. Of pairs of small fractions these have the
// least rounding errors: for 4 x 4 results of 3 x 3 taps half of those of the usual 1 and 2.
template <int kPairs> struct Pairs;
template <> struct Pairs<2> { static constexpr double kPoint[] = {3.0 / 2, 2.0 / 3}; };
template <> struct Pairs<3> { static constexpr double kPoint[] = {5.0 / 9, 1, 9.0 / 5}; };

template <int n> constexpr int kPairsOf = (kResults + n - 3) / 2;  // of n taps
template <int n> constexpr int kPointsOf = 2 * kPairsOf<n> + 2;

template <int kPairs> constexpr double square(int i) { return Pairs<kPairs>::kPoint[i] * Pairs<kPairs>::kPoint[i]; }

// The product of x - p^2 over all pairs but one; -1: over all.
template <int kPairs> struct Product {
  double coefficients[kPairs + 1] = {1};
  constexpr explicit Product(int but) {
    int degree = 0;
    for (int i = 0; i < kPairs; ++i) {
      if (i == but) continue;
      ++degree;
      for (int k = degree; k >= 0; --k) coefficients[k] = (k > 0 ? coefficients[k - 1] : 0) - square<kPairs>(i) * coefficients[k];
    }
  }
};

template <class V> XGRAD_INLINED Register<V> times(double factor, Register<V> x, Register<V> plus) {
  return V::fused(V::broadcast(static_cast<float>(factor)), x, plus);
}

// B': the product of all x - point but the row's own, times the polynomial of the image.
template <class V, int kPairs> struct OfImage {
  static constexpr int kFrom = 2 * kPairs + 2, kTo = kFrom;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    constexpr Product<kPairs> all(-1);
    constexpr bool is_even = kPairs % 2 == 0;  // the sign of the last coefficient, which is 1 or -1
    y[0] = is_even ? V::add(x[0], x[2 * kPairs]) : V::subtract(x[0], x[2 * kPairs]);
    y[kTo - 1] = is_even ? V::add(x[1], x[kFrom - 1]) : V::subtract(x[kFrom - 1], x[1]);
    XGRAD_UNROLLED for (int k = kPairs - 1; k > 0; --k) {
      y[0] = times<V>(is_even ? all.coefficients[k] : -all.coefficients[k], x[2 * k], y[0]);
      y[kTo - 1] = times<V>(all.coefficients[k], x[2 * k + 1], y[kTo - 1]);
    }
    XGRAD_UNROLLED for (int i = 0; i < kPairs; ++i) {
      const Product<kPairs> others(i);
      auto even = x[2 * kPairs], odd = x[2 * kPairs - 1];
      XGRAD_UNROLLED for (int k = kPairs - 2; k >= 0; --k) {
        even = times<V>(others.coefficients[k], x[2 * k + 2], even);
        odd = times<V>(others.coefficients[k], x[2 * k + 1], odd);
      }
      y[2 * i + 1] = times<V>(Pairs<kPairs>::kPoint[i], odd, even);
      y[2 * i + 2] = times<V>(-Pairs<kPairs>::kPoint[i], odd, even);
    }
  }
};

// A, and G but for its factors: the values at the points of the polynomial with coefficients x.
template <class V, int kPairs, int n> struct Values {
  static constexpr int kFrom = n, kTo = 2 * kPairs + 2;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    constexpr int last_even = (n - 1) / 2 * 2, last_odd = n / 2 * 2 - 1;
    y[0] = x[0];
    XGRAD_UNROLLED for (int i = 0; i < kPairs; ++i) {
      auto even = x[last_even], odd = x[last_odd];
      XGRAD_UNROLLED for (int k = last_even - 2; k >= 0; k -= 2) even = times<V>(square<kPairs>(i), even, x[k]);
      XGRAD_UNROLLED for (int k = last_odd - 2; k >= 0; k -= 2) odd = times<V>(square<kPairs>(i), odd, x[k]);
      y[2 * i + 1] = times<V>(Pairs<kPairs>::kPoint[i], odd, even);
      y[2 * i + 2] = times<V>(-Pairs<kPairs>::kPoint[i], odd, even);
    }
    y[kTo - 1] = x[n - 1];
  }
};

// A': Values transposed.
template <class V, int kPairs, int n> struct OfSums {
  static constexpr int kFrom = 2 * kPairs + 2, kTo = n;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    XGRAD_UNROLLED for (int k = 0; k < n; ++k) y[k] = k == 0 ? x[0] : k == n - 1 ? x[kFrom - 1] : V::zero();
    XGRAD_UNROLLED for (int i = kPairs - 1; i >= 0; --i) {
      const auto even = V::add(x[2 * i + 1], x[2 * i + 2]), odd = V::subtract(x[2 * i + 1], x[2 * i + 2]);
      double power = 1;
      XGRAD_UNROLLED for (int k = 0; k < n; ++k, power *= Pairs<kPairs>::kPoint[i]) y[k] = times<V>(power, k % 2 == 0 ? even : odd, y[k]);
    }
  }
};

// One over the product of a point's distances from the others.
template <class V, int kPairs> XGRAD_INLINED void scale(Register<V> (&x)[2 * kPairs + 2]) {
  XGRAD_UNROLLED for (int i = 0; i < kPairs; ++i) {
    double distances = 2 * square<kPairs>(i);
    for (int k = 0; k < kPairs; ++k)
      if (k != i) distances *= square<kPairs>(i) - square<kPairs>(k);
    x[2 * i + 1] = times<V>(1 / distances, x[2 * i + 1], V::zero());
    x[2 * i + 2] = times<V>(1 / distances, x[2 * i + 2], V::zero());
  }
}

// G
template <class V, int n> struct OfWeights {
  static constexpr int kFrom = n, kTo = kPointsOf<n>;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    Values<V, kPairsOf<n>, n>::run(x, y);
    scale<V, kPairsOf<n>>(y);
  }
};

// G'
template <class V, int n> struct OfWeightSums {
  static constexpr int kFrom = kPointsOf<n>, kTo = n;
  XGRAD_INLINED static void run(const Register<V> (&x)[kFrom], Register<V> (&y)[kTo]) {
    Register<V> scaled[kFrom];
    XGRAD_UNROLLED for (int i = 0; i < kFrom; ++i) scaled[i] = x[i];
    scale<V, kPairsOf<n>>(scaled);
    OfSums<V, kPairsOf<n>, n>::run(scaled, y);
  }
};

template <class V, class Transform> XGRAD_INLINED void transform_line(const float* from, int64_t from_step, float* to, int64_t to_step) {
  Register<V> x[Transform::kFrom], y[Transform::kTo];
  XGRAD_UNROLLED for (int k = 0; k < Transform::kFrom; ++k) x[k] = V::load(from + k * from_step);
  Transform::run(x, y);
  XGRAD_UNROLLED for (int k = 0; k < Transform::kTo; ++k) V::store(to + k * to_step, y[k]);
}

// Of each line, then along the other axis if there is one, which only three taps may have.
template <class V, class Transform>
XGRAD_INLINED void transform(bool both_axes, const float* from, int64_t from_line, int64_t from_step, float* to, int64_t to_line, int64_t to_step) {
  constexpr int64_t kLine = Transform::kFrom * V::kLanes;
  constexpr bool may_be_both = (Transform::kFrom > Transform::kTo ? Transform::kFrom : Transform::kTo) == kPointsOf<3>;
  if (!may_be_both || !both_axes) return transform_line<V, Transform>(from, from_step, to, to_step);
  if constexpr (may_be_both) {
    float half_way[Transform::kTo * kLine];
    for (int i = 0; i < Transform::kFrom; ++i) transform_line<V, Transform>(from + i * from_line, from_step, half_way + i * V::kLanes, kLine);
    for (int k = 0; k < Transform::kTo; ++k) transform_line<V, Transform>(half_way + k * kLine, V::kLanes, to + k * to_step, to_line);
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
      transform<V, OfWeights<V, n>>(p.both_axes, p.flipped ? of_lanes + (taps - 1) * V::kLanes : of_lanes, n * step, step, to,
                                    kPointsOf<n> * p.to_point, p.to_point);
    }
}

template <class V, int n> XGRAD_TARGET bool winograd_weight_gradient(const SumsOfRow& p) {
  constexpr int kPoints = kPointsOf<n>;
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
constexpr WinogradLoops winograd_loops_of{kPointsOf<n>,
                                          take_strip<V>,
                                          put_strip<V>,
                                          winograd_tiles<V, OfImage<V, kPairsOf<n>>>,
                                          winograd_tiles<V, Values<V, kPairsOf<n>, kResults>>,
                                          winograd_tiles<V, OfSums<V, kPairsOf<n>, kResults>>,
                                          winograd_weights<V, n>,
                                          winograd_weight_gradient<V, n>};

}}}}  // namespace torch::xgrad::kernels
