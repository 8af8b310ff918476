// Sums that several functions of the gamma family are made of, in double.
#pragma once

#include <cmath>
#include <limits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels::gamma {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

/// The Bernoulli numbers B_2, B_4, ....
inline constexpr double kBernoulli[] = {1. / 6, -1. / 30,     1. / 42,      -1. / 30,       5. / 66,       -691. / 2730,
                                        7. / 6, -3617. / 510, 43867. / 798, -174611. / 330, 854513. / 138, -236364091. / 2730};

/// The sum of (k + q)^-s over k >= 0, for s > 1 and any q.
double zeta(double s, double q);
double digamma(double x);
/// log |Gamma(x)|; std::lgamma writes a variable that threads share.
inline double log_gamma(double x) {
  int sign;
  return ::lgamma_r(x, &sign);
}
/// log Gamma(1 + a) for |a| <= 1/2, relatively exact near 0.
double log_gamma_1p(double a);

}}}  // namespace torch::xgrad::kernels::gamma
