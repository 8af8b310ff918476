// DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
#include <cmath>

#include <xgrad/autograd/kernels/pointwise/bessel.h>
#include <xgrad/autograd/kernels/pointwise/bessel_series.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// DLMF 9.4.1, for |x| < 1.
double airy_near_zero(double x) {
  const double cube = x * x * x;
  double even = 0.35502805388781724, odd = -0.25881940379280680 * x, sum = even + odd;  // Ai(0) and Ai'(0) x: 9.2.3, 9.2.4
  for (int k = 3; k < 30; k += 3) {
    even *= cube / ((k - 1) * k);
    odd *= cube / (k * (k + 1));
    sum += even + odd;
  }
  return sum;
}

// J_order(x) for an order above -1 and 1/2 < x < 20: Miller's algorithm (DLMF 10.74(iv), 3.6(iii)), scaled by what 10.23.15 says of
// (x / 2)^order = the sum of (order + 2k) Gamma(order + k) / k! J_(order + 2k)(x) over k >= 0.
double bessel_from_above(double order, double x) {
  constexpr int kStart = 30;  // J_60 of 20 is 1e-25
  double above = 0, value = 1e-200, sum = 0, ratio = std::tgamma(order + kStart) / std::tgamma(kStart + 1);
  for (int k = kStart; k > 0; --k) {
    sum += (order + 2 * k) * ratio * value;
    if (k > 1) ratio *= k / (order + k - 1);
    const double between = 2 * (order + 2 * k) / x * value - above;  // of order + 2k - 1
    value = 2 * (order + 2 * k - 1) / x * between - value;
    above = between;
  }
  return value * std::pow(x / 2, order) / (sum + ratio * value);  // ratio is Gamma(order + 1) by now
}

// For x <= -1: DLMF 9.6.6, and 9.7.9 where the terms for large arguments are small.
double airy_of_negative(double size) {
  const double root = std::sqrt(size), angle = 2 / 3.0 * size * root;
  if (angle < 20) return root / 3 * (bessel_from_above(1 / 3.0, angle) + bessel_from_above(-1 / 3.0, angle));
  double sums[2] = {1, 0};
  large_argument_terms(1 / 3.0, angle, [&](int k, double term) { sums[k % 2] += (k - 1) % 4 < 2 ? -term : term; });
  return (std::cos(angle - M_PI_4) * sums[0] + std::sin(angle - M_PI_4) * sums[1]) / std::sqrt(M_PI * root);
}

double airy(double x) {
  static const ScaledBesselK third(1 / 3.0);
  if (x <= -1) return airy_of_negative(-x);
  if (!(x >= 1)) return airy_near_zero(x);
  const double root = std::sqrt(x), exponent = 2 / 3.0 * x * root;
  return root / (std::sqrt(3.0) * M_PI) * std::exp(-exponent) * third(exponent);  // DLMF 9.6.2
}

}  // namespace

const LoopTable airy_ai = unary_in_double<airy>(250);

}}}  // namespace torch::xgrad::kernels
