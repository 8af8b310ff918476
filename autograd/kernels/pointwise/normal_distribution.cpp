// DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
#include <xgrad/autograd/kernels/pointwise/normal_distribution.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// exp(x^2), with what rounding takes from the square.
double exp_of_square(double x) {
  const double square = x * x;
  return std::isinf(square) ? square : std::exp(square) * (1 + std::fma(x, x, -square));
}

// exp(-x^2 / 2)
double gaussian(double x) {
  const double square = x * x;
  return std::exp(-square / 2) * (1 - std::fma(x, x, -square) / 2);
}

double erfcx_of(double x) {
  if (x < -27) return std::numeric_limits<double>::infinity();
  if (x < 25) return exp_of_square(x) * std::erfc(x);  // 2 exp(x^2) - erfcx(-x) for negative x too
  // DLMF 7.12.1, whose terms vanish quickly here.
  const double step = -0.5 / (x * x);
  double sum = 1;
  for (int k = 8; k > 0; --k) sum = 1 + sum * step * (2 * k - 1);
  return sum / x * (M_2_SQRTPI / 2);
}

// Below -1 in factors, since erfc would multiply what rounding did to its argument by x^2.
double ndtr_of(double x) {
  if (!(x < -1)) return std::erfc(-x * M_SQRT1_2) / 2;
  return x < -40 ? 0 : erfcx_of(-x * M_SQRT1_2) / 2 * gaussian(x);
}

double log_ndtr_of(double x) {
  if (x < -1) return std::log(erfcx_of(-x * M_SQRT1_2) / 2) - x / 2 * x;
  return std::log1p(-ndtr_of(-x));
}

constexpr double kRoot2Pi = 2.5066282746310005;

// The x with Phi(x) - 1/2 = d for |d| <= 1/4: Halley's method on erf, each step of which trebles the digits that are right.
double inverse_of_centre(double d) {
  double x = d * kRoot2Pi;
  for (int step = 0; step < 4; ++step) {
    const double newton = (std::erf(x * M_SQRT1_2) / 2 - d) * kRoot2Pi * std::exp(x * x / 2);
    x -= newton / (1 + x * newton / 2);
  }
  return x;
}

// The x >= 0 with Phi(-x) = p for p <= 1/4: Newton's method on the logarithm, which is concave and nearly a parabola.
double inverse_of_tail(double p) {
  const double log_p = std::log(p), size = std::sqrt(-2 * log_p);
  double x = size - (std::log(size) + 0.9189385332046727) / size;  // from Phi(-x) ~ exp(-x^2 / 2) / (x sqrt(2 pi))
  for (int step = 0; step < 5; ++step) {
    const double scaled = erfcx_of(x * M_SQRT1_2);
    x += (std::log(scaled / 2) - x / 2 * x - log_p) * scaled * (kRoot2Pi / 2);
  }
  return x;
}

double ndtri_of(double p) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (!(p > 0 && p < 1)) return p == 0 ? -kInfinity : p == 1 ? kInfinity : std::numeric_limits<double>::quiet_NaN();
  return p < 0.25 ? -inverse_of_tail(p) : p > 0.75 ? inverse_of_tail(1 - p) : inverse_of_centre(p - 0.5);
}

}  // namespace

const LoopTable erfcx = unary_in_double<erfcx_of>(40);
const LoopTable ndtr = unary_in_double<ndtr_of>(20);
const LoopTable log_ndtr = unary_in_double<log_ndtr_of>(60);
const LoopTable ndtri = unary_in_double<ndtri_of>(300);

}}}  // namespace torch::xgrad::kernels
