// DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
#include <xgrad/autograd/kernels/pointwise/bessel.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/pointwise/bessel_series.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr double kLarge = 20;  // from here on the asymptotic series has terms below 1e-17, before that the power series has few terms

// I_order(x) for 0 <= x < kLarge: DLMF 10.25.2, all of whose terms are positive, from the last one on.
template <int order> double power_series(double x) {
  const double q = x * x / 4;
  double sum = 1;
  for (int k = 12 + static_cast<int>(1.6 * x); k > 0; --k) sum = 1 + sum * q / (k * (k + order));
  sum += sum * std::fma(x, x, -x * x) / (2 * x + 1);  // what rounding took from the square, which x multiplies
  return order == 0 ? sum : sum * x / 2;
}

// I_order(x) e^-x for x >= kLarge: DLMF 10.40.1.
template <int order> double asymptotic_series(double x) {
  double sum = 1;
  large_argument_terms(order, x, [&](int k, double term) { sum += k % 2 ? -term : term; });
  return sum / std::sqrt(2 * M_PI * x);
}

template <int order> double with_sign(double size, double x) { return order == 0 ? size : std::copysign(size, x); }

template <int order> double bessel(double x) {
  const double size = std::fabs(x);
  if (size < kLarge) return with_sign<order>(power_series<order>(size), x);
  if (std::isinf(x)) return with_sign<order>(size, x);
  const double root = std::exp(size / 2);  // its square would overflow before the result does
  return with_sign<order>(root * (root * asymptotic_series<order>(size)), x);
}

template <int order> double scaled_bessel(double x) {
  const double size = std::fabs(x);
  return with_sign<order>(size < kLarge ? std::exp(-size) * power_series<order>(size) : asymptotic_series<order>(size), x);
}

// ---- modified, of the second kind

constexpr double kEuler = 0.57721566490153286, kNaN = std::numeric_limits<double>::quiet_NaN();

// K_order(x) for 0 < x < 1: DLMF 10.31.2 for order 0; order 1 follows from the Wronskian I0 K1 + I1 K0 = 1 / x, 10.28.2.
template <int order> double k_near_zero(double x) {
  const double q = x * x / 4, value = power_series<0>(x);
  double term = 1, harmonic = 0, sum = 0;
  for (int k = 1; k < 9; ++k) {
    term *= q / (k * k);
    harmonic += 1.0 / k;
    sum += harmonic * term;
  }
  const double k0 = sum - (std::log(x / 2) + kEuler) * value;
  return order == 0 ? k0 : (1 / x - power_series<1>(x) * k0) / value;
}

template <int order, bool scaled> double second_kind(double x) {
  static const ScaledBesselK from_one(order);
  if (!(x >= 0)) return kNaN;
  if (x == 0) return std::numeric_limits<double>::infinity();
  if (x < 1) return k_near_zero<order>(x) * (scaled ? std::exp(x) : 1);
  return from_one(x) * (scaled ? 1 : std::exp(-x));
}

// ---- of the first kind and the second: the C library's

template <double (*f)(double)> double of_positive(double x) { return x < 0 ? kNaN : f(x); }

double sine_over_angle(double x) {
  if (std::isinf(x)) return 0;
  return x == 0 ? 1 : std::sin(x) / x;
}

}  // namespace

const LoopTable i0 = unary_in_double<bessel<0>>(80);
const LoopTable i1 = unary_in_double<bessel<1>>(80);
const LoopTable i0e = unary_in_double<scaled_bessel<0>>(80);
const LoopTable i1e = unary_in_double<scaled_bessel<1>>(80);
const LoopTable k0 = unary_in_double<second_kind<0, false>>(150);
const LoopTable k1 = unary_in_double<second_kind<1, false>>(150);
const LoopTable k0e = unary_in_double<second_kind<0, true>>(150);
const LoopTable k1e = unary_in_double<second_kind<1, true>>(150);
const LoopTable j0 = unary_in_double<::j0>(60);
const LoopTable j1 = unary_in_double<::j1>(60);
const LoopTable y0 = unary_in_double<of_positive<::y0>>(80);
const LoopTable y1 = unary_in_double<of_positive<::y1>>(80);
const LoopTable spherical_j0 = unary_in_double<sine_over_angle>(20);

}}}  // namespace torch::xgrad::kernels
