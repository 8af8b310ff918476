// The regularised incomplete gamma functions P = igamma and Q = 1 - P = igammac. DLMF: the NIST Digital Library of Mathematical Functions,
// https://dlmf.nist.gov. Which of P and Q is computed, and the other one from it, is decided so that nothing cancels.
#include <algorithm>
#include <array>
#include <cmath>

#include <xgrad/autograd/kernels/pointwise/gamma.h>
#include <xgrad/autograd/kernels/pointwise/gamma_series.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

using namespace gamma;

// ---- near x = a for large a: Temme's uniform expansion (DLMF 8.12.3, 8.12.7)

// With x / a = 1 + mu and eta^2 / 2 = mu - log(1 + mu), the sum of c_k(eta) a^-k, where c_k is the power series of coefficients d[k].
constexpr int kPowersOfA = 12, kPowersOfEta = 22;
constexpr int kAlphas = kPowersOfEta + 2 * kPowersOfA + 4;

struct Temme {
  double d[kPowersOfA][kPowersOfEta];
  double stirling[kPowersOfA];  // Gamma(a) = sqrt(2 pi / a) (a / e)^a (the sum of stirling[k] a^-k), DLMF 5.11.3
  Temme() {
    // 1 + mu = 1 + eta + alpha[2] eta^2 + ..., DLMF 8.12.11 and 8.12.12; the d[k] are 8.12.13, those of Gamma 5.11.5 in other words.
    long double alpha[kAlphas] = {0, 1}, wide[kPowersOfA][kAlphas] = {}, g = 1;
    for (int n = 2; n < kAlphas; ++n) {
      alpha[n] = alpha[n - 1];
      for (int k = 2; k < n; ++k) alpha[n] -= k * alpha[k] * alpha[n - k + 1];
      alpha[n] /= n + 1;
    }
    for (int k = 0; k < kPowersOfA; ++k) {
      const int length = kAlphas - 2 - 2 * k;
      if (k > 0) {
        g = alpha[2 * k + 1];
        for (int odd = 3; odd <= 2 * k + 1; odd += 2) g *= odd;
      }
      stirling[k] = static_cast<double>(g);
      const long double signed_g = k % 2 == 0 ? g : -g;
      for (int n = 0; n < length; ++n) {
        const long double first = n == 0 ? -1 / 3.0L : (n + 2) * alpha[n + 2];
        wide[k][n] = k == 0 ? first : signed_g * wide[0][n] + (n + 2) * wide[k - 1][n + 2];
      }
      std::copy_n(wide[k], kPowersOfEta, d[k]);
    }
  }
};

const Temme& temme() {
  static const Temme coefficients;
  return coefficients;
}

// mu - log(1 + mu)
double minus_log1p(double mu) {
  if (std::fabs(mu) > 0.3) return mu - std::log1p(mu);
  double sum = 0, power = mu * mu;
  for (int k = 2; std::fabs(power) > kEpsilon / 8 * std::fabs(sum) * k; ++k, power *= -mu) sum += power / k;
  return sum;
}

// P if `lower`, else Q.
double uniform_expansion(double a, double x, bool lower) {
  const double mu = (x - a) / a, half_square = minus_log1p(mu), eta = std::copysign(std::sqrt(2 * half_square), mu);
  double sum = 0;
  for (int k = kPowersOfA; k-- > 0;) {
    double c = 0;
    for (int n = kPowersOfEta; n-- > 0;) c = c * eta + temme().d[k][n];
    sum = sum / a + c;
  }
  const double correction = std::exp(-a * half_square) / std::sqrt(2 * M_PI * a) * sum;
  const double normal = std::erfc((lower ? -eta : eta) * std::sqrt(a / 2)) / 2;
  return lower ? normal - correction : normal + correction;
}

// ---- elsewhere

// x^a e^-x / Gamma(a + 1)
double prefactor(double a, double x) {
  if (a < 20) return x < 600 ? std::pow(x, a) * std::exp(-x) / std::tgamma(a + 1) : std::exp(a * std::log(x) - x - log_gamma(a + 1));
  double gamma_star = 0;
  for (int k = kPowersOfA; k-- > 0;) gamma_star = gamma_star / a + temme().stirling[k];
  return std::exp(-a * minus_log1p((x - a) / a)) / (std::sqrt(2 * M_PI * a) * gamma_star);
}

// P for small x or x below a: DLMF 8.11.4.
double lower_series(double a, double x) {
  double sum = 1, term = 1;
  for (double k = a + 1; term > kEpsilon / 8 * sum; ++k) sum += term *= x / k;
  return prefactor(a, x) * sum;
}

// Q for x above 1 and a: the continued fraction DLMF 8.9.2 in its even form, from a depth where it has converged.
double upper_fraction(double a, double x) {
  double rest = 0;
  for (int k = 24 + static_cast<int>(75 / x); k > 0; --k) rest = k * (k - a) / (x - a + (2 * k + 1) - rest);
  return prefactor(a, x) * a / (x - a + 1 - rest);
}

// Q for small x, where P is near 1 for small a: DLMF 8.7.3, with x^a / Gamma(1 + a) = 1 + expm1(...).
double upper_series(double a, double x) {
  double sum = 0, term = 1;
  for (int n = 1; n < 1000; ++n) {
    term *= -x / n;
    sum += term / (a + n);
    if (std::fabs(term) < kEpsilon / 8 * std::fabs(sum) * (a + n)) break;
  }
  const double log_factor = a * std::log(x) - (a <= 0.5 ? log_gamma_1p(a) : log_gamma(1 + a));
  return -std::expm1(log_factor) - a * std::exp(log_factor) * sum;
}

double regularised(double a, double x, bool lower) {
  if (!(a >= 0 && x >= 0) || (a == 0 && x == 0) || (std::isinf(a) && std::isinf(x))) return kNaN;
  if (x == 0 || std::isinf(a)) return lower ? 0 : 1;
  if (a == 0 || std::isinf(x)) return lower ? 1 : 0;
  if (a > 20 && std::fabs(x - a) < 0.3 * a) return uniform_expansion(a, x, lower);
  // Whether P is the smaller one, roughly.
  const bool small_lower = x > 1.1 ? x < a : x > 0.5 ? x * 1.1 < a : a * std::log(x) < -0.4;
  if (small_lower || (lower && x <= std::max(a, 1.0))) {
    const double p = lower_series(a, x);
    return lower ? p : 1 - p;
  }
  const double q = x <= 1.1 ? upper_series(a, x) : upper_fraction(a, x);
  return lower ? 1 - q : q;
}

double igamma_of(double a, double x) { return regularised(a, x, true); }
double igammac_of(double a, double x) { return regularised(a, x, false); }

}  // namespace

const LoopTable igamma = binary_in_double<igamma_of>(200);
const LoopTable igammac = binary_in_double<igammac_of>(200);

}}}  // namespace torch::xgrad::kernels
