// DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
#include <xgrad/autograd/kernels/pointwise/bessel.h>

#include <cmath>
#include <limits>

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
  double sum = 1, term = 1;
  for (int k = 1; std::fabs(term) > std::numeric_limits<double>::epsilon() / 8; ++k) {
    term *= ((2 * k - 1) * (2 * k - 1) - 4 * order * order) / (8 * k * x);
    sum += term;
  }
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

}  // namespace

const LoopTable i0 = unary_in_double<bessel<0>>(80);
const LoopTable i1 = unary_in_double<bessel<1>>(80);
const LoopTable i0e = unary_in_double<scaled_bessel<0>>(80);
const LoopTable i1e = unary_in_double<scaled_bessel<1>>(80);

}}}  // namespace torch::xgrad::kernels
