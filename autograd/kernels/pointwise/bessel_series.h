// Series that Bessel functions of several orders share. DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Terms of the expansions for large x, DLMF 10.17.1: a_k = a_(k-1) (4 order^2 - (2k - 1)^2) / (8k). Calls add(k, a_k / x^k) for k = 1, 2, ...
/// until they don't count any more; they grow again from k = 2x on.
template <class Add> void large_argument_terms(double order, double x, Add add) {
  double term = 1;
  for (int k = 1; std::fabs(term) > std::numeric_limits<double>::epsilon() / 8; ++k) {
    term *= (4 * order * order - (2 * k - 1) * (2 * k - 1)) / (8 * k * x);
    add(k, term);
  }
}

/// K_order(x) e^x for an order up to 1. From 20 on the terms for large x fall below 1e-17; before that, from 1/2 on, it is the integral of
/// exp(-x (cosh t - 1)) cosh(order t) over t > 0 (DLMF 10.32.9) by the trapezoidal rule, whose error falls exponentially with the step
/// (Trefethen and Weideman, The exponentially convergent trapezoidal rule, 2014).
class ScaledBesselK {
 public:
  explicit ScaledBesselK(double order) : order_(order) {
    for (size_t i = 0; i < kSteps; ++i) {
      const double t = static_cast<double>(i + 1) * kStep, half = std::sinh(t / 2);
      distance_[i] = 2 * half * half;
      weight_[i] = std::cosh(order * t);
    }
  }
  double operator()(double x) const {
    if (x >= 20) {
      double sum = 1;
      large_argument_terms(order_, x, [&](int, double term) { sum += term; });
      return std::sqrt(M_PI / (2 * x)) * sum;
    }
    double sum = 0.5;
    for (size_t i = 0; i < kSteps && x * distance_[i] < 45; ++i) sum += std::exp(-x * distance_[i]) * weight_[i];
    return sum * kStep;
  }

 private:
  static constexpr double kStep = 1 / 6.0;
  static constexpr size_t kSteps = 33;  // until exp(-x cosh t) < 1e-19 for x = 1/2

  double order_;
  std::array<double, kSteps> distance_, weight_;  // cosh t - 1 and cosh(order t)
};

}}}  // namespace torch::xgrad::kernels
