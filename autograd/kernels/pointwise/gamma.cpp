// Formulas by their numbers in the NIST Digital Library of Mathematical Functions (DLMF), https://dlmf.nist.gov.
#include <xgrad/autograd/kernels/pointwise/gamma.h>

#include <array>
#include <cmath>
#include <iterator>

#include <xgrad/autograd/kernels/pointwise/gamma_series.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace gamma {
namespace {

// (q + n)^-s with what rounding takes from the sum, which a large s would multiply.
double power_of_sum(double q, int n, double s) {
  const double sum = q + n, from_n = sum - q, lost = (q - (sum - from_n)) + (n - from_n);
  return std::pow(sum, -s) * (1 - s * lost / sum);
}

// The sum of (k + w)^-s by integrals and derivatives (DLMF 2.10.1); power: w^-s.
double euler_maclaurin(double s, double w, double power) {
  double factor = power * s / w, sum = 0;
  for (int j = 1; j <= static_cast<int>(std::size(kBernoulli)); ++j) {
    factor /= (2 * j - 1) * (2 * j);  // s (s + 1) ... (s + 2 j - 2) w^(-s - 2 j + 1) / (2 j)!
    const double term = kBernoulli[j - 1] * factor;
    sum += term;
    if (std::fabs(term) <= kEpsilon / 4 * std::fabs(sum)) break;
    factor *= (s + 2 * j - 1) * (s + 2 * j) / (w * w);
  }
  return (sum + power / 2) + power * w / (s - 1);
}

// The sum for q > 0: terms up to where the Euler-Maclaurin formula (DLMF 25.11.5) gives the rest, smallest terms first. After 12 of
// them either the terms have vanished, or s is small beside 2 pi (q + 12) and the formula converges.
double zeta_of_positive(double s, double q) {
  double terms[12], rest = 0;
  int n = 0;
  bool vanished = false;
  for (; n < 12 && !vanished; ++n) {
    terms[n] = power_of_sum(q, n, s);
    vanished = terms[n] <= terms[0] * (kEpsilon / 16);
  }
  if (!vanished) rest = euler_maclaurin(s, q + n, power_of_sum(q, n, s));
  while (n > 0) rest += terms[--n];
  return rest;
}

}  // namespace

double zeta(double s, double q) {
  if (std::isnan(s) || std::isnan(q) || s < 1) return kNaN;
  if (s == 1) return kInfinity;
  if (q <= 0 && q == std::floor(q)) return kInfinity;
  if (q < 0 && s != std::floor(s)) return kNaN;
  if (std::isinf(s)) return q > 1 ? 0 : q == 1 ? 1 : kInfinity;
  if (std::isinf(q)) return 0;
  if (q > 0) return zeta_of_positive(s, q);
  // The negative among the k + q are the opposites of ceil(q) - q, one more, ... up to -q.
  const double sign = std::fmod(s, 2) == 0 ? 1 : -1;
  const double negative = zeta_of_positive(s, std::ceil(q) - q) - zeta_of_positive(s, 1 - q);
  return zeta_of_positive(s, q - std::floor(q)) + sign * negative;
}

namespace {

// digamma is 0 here: a double and what it lacks.
constexpr double kRoot = 1.4616321449683622, kRootRest = 9.549995429965697e-17;

// Around its root, where other sums would cancel: the Taylor series, whose coefficients are values of zeta (DLMF 5.15.1).
double digamma_near_root(double x) {
  constexpr int kTerms = 42;
  static const auto coefficients = [] {
    std::array<double, kTerms> c;
    for (int k = 0; k < kTerms; ++k) c[static_cast<size_t>(k)] = (k % 2 == 0 ? 1 : -1) * zeta(k + 2, kRoot);
    return c;
  }();
  const double d = (x - kRoot) - kRootRest;
  double sum = 0;
  for (int k = kTerms; k-- > 0;) sum = sum * d + coefficients[static_cast<size_t>(k)];
  return sum * d;
}

}  // namespace

double digamma(double x) {
  if (x == 0) return std::copysign(kInfinity, -x);
  if (x < 0) {
    if (x == std::floor(x)) return kNaN;
    // DLMF 5.5.4; the tangent's argument is exact, between -1/2 and 1/2.
    return digamma(1 - x) - M_PI / std::tan(M_PI * (x - std::nearbyint(x)));
  }
  if (std::fabs(x - kRoot) < 0.6) return digamma_near_root(x);
  double before = 0;
  for (; x < 7; ++x) before += 1 / x;  // DLMF 5.5.2
  if (std::isinf(x)) return x;
  // DLMF 5.11.2
  const double square = x * x;
  double sum = 0;
  for (int j = static_cast<int>(std::size(kBernoulli)); j-- > 0;) sum = (sum + kBernoulli[j] / (2 * (j + 1))) / square;
  return std::log(x) - 0.5 / x - sum - before;
}

double log_gamma_1p(double a) {
  // DLMF 5.7.3; zeta(k) - 1 makes the terms vanish faster: the rest of the sum is that of log(1 + a).
  constexpr int kTerms = 30;
  static const auto coefficients = [] {
    std::array<double, kTerms> c;
    for (int k = 0; k < kTerms; ++k) c[static_cast<size_t>(k)] = (k % 2 == 0 ? 1 : -1) * zeta(k + 2, 2) / (k + 2);
    return c;
  }();
  constexpr double kOneMinusEuler = 0.42278433509846713;  // 1 - 0.5772156649...
  double sum = 0;
  for (int k = kTerms; k-- > 0;) sum = sum * a + coefficients[static_cast<size_t>(k)];
  return sum * a * a + kOneMinusEuler * a - std::log1p(a);
}

}  // namespace gamma

namespace {

double polygamma_of(double x, int64_t n) {
  if (n == 0) return gamma::digamma(x);
  const auto order = static_cast<double>(n);
  const double size = std::tgamma(order + 1) * gamma::zeta(order + 1, x);  // DLMF 5.15.1
  return n % 2 == 0 ? -size : size;
}

struct Polygamma : PolygammaOrder {
  template <class T> T operator()(T a) const { return static_cast<T>(polygamma_of(static_cast<double>(a), n)); }
};

}  // namespace

const LoopTable polygamma = unary_table<Polygamma>(kFloating, 300);
const LoopTable zeta = binary_in_double<gamma::zeta>(300);

}}}  // namespace torch::xgrad::kernels
