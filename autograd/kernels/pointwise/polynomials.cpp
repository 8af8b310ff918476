// DLMF: the NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov, chapter 18.
#include <xgrad/autograd/kernels/pointwise/polynomials.h>

#include <cmath>

#include <xgrad/autograd/kernels/pointwise/in_double.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// The order without its fraction, -1 for those that give 0.
double whole_order(double order) { return order > -1 && order < 0x1p63 ? std::trunc(order) : -1; }

// p_n from p_0 = 1, p_1 = first and p_(k+1) = next(k, p_k, p_(k-1)): DLMF 18.9(i).
template <class Next> double by_recurrence(double order, double first, Next next) {
  const double n = whole_order(order);
  if (n <= 0) return n < 0 ? 0 : 1;
  double below = 1, value = first;
  for (double k = 1; k < n; ++k) {
    const double above = next(k, value, below);
    below = value;
    value = above;
  }
  return value;
}

// ---- Chebyshev's: p_(k+1) = 2 x p_k - p_(k-1) for all four, which p_1 tells apart

enum class Kind { T, U, V, W };

// Within [0, 1], as sines and cosines of the angle whose cosine is x: DLMF 18.5(i).
template <Kind kind> double chebyshev_of_angle(double x, double n) {
  const double angle = std::acos(x);
  if (kind == Kind::T) return std::cos(n * angle);
  if (kind == Kind::V) return std::cos((n + 0.5) * angle) / std::cos(angle / 2);
  if (kind == Kind::U) return angle == 0 ? n + 1 : std::sin((n + 1) * angle) / std::sin(angle);
  return angle == 0 ? 2 * n + 1 : std::sin((n + 0.5) * angle) / std::sin(angle / 2);
}

template <Kind kind> double chebyshev(double x, double order) {
  constexpr Kind mirrored = kind == Kind::V ? Kind::W : kind == Kind::W ? Kind::V : kind;
  const double n = whole_order(order);
  if (n < 0) return 0;
  if (std::signbit(x)) return std::fmod(n, 2) == 0 ? chebyshev<mirrored>(-x, n) : -chebyshev<mirrored>(-x, n);  // 18.7.3, table 18.6.1
  if (n > 8 && x <= 1) return chebyshev_of_angle<kind>(x, n);
  const double first = kind == Kind::T ? x : kind == Kind::V ? 2 * x - 1 : kind == Kind::W ? 2 * x + 1 : 2 * x;
  return by_recurrence(n, first, [x](double, double p, double below) { return 2 * x * p - below; });
}

template <Kind kind> double shifted_chebyshev(double x, double order) { return chebyshev<kind>(2 * x - 1, order); }

// ---- table 18.9.1

double hermite(double x, double order) {
  return by_recurrence(order, 2 * x, [x](double k, double p, double below) { return 2 * x * p - 2 * k * below; });
}
double hermite_of_half(double x, double order) {
  return by_recurrence(order, x, [x](double k, double p, double below) { return x * p - k * below; });
}
double laguerre_polynomial(double x, double order) {
  return by_recurrence(order, 1 - x, [x](double k, double p, double below) { return ((2 * k + 1 - x) * p - k * below) / (k + 1); });
}
double legendre_polynomial(double x, double order) {
  return by_recurrence(order, x, [x](double k, double p, double below) { return ((2 * k + 1) * x * p - k * below) / (k + 1); });
}

}  // namespace

const LoopTable chebyshev_t = binary_in_double<chebyshev<Kind::T>>(40);
const LoopTable chebyshev_u = binary_in_double<chebyshev<Kind::U>>(40);
const LoopTable chebyshev_v = binary_in_double<chebyshev<Kind::V>>(40);
const LoopTable chebyshev_w = binary_in_double<chebyshev<Kind::W>>(40);
const LoopTable shifted_chebyshev_t = binary_in_double<shifted_chebyshev<Kind::T>>(40);
const LoopTable shifted_chebyshev_u = binary_in_double<shifted_chebyshev<Kind::U>>(40);
const LoopTable shifted_chebyshev_v = binary_in_double<shifted_chebyshev<Kind::V>>(40);
const LoopTable shifted_chebyshev_w = binary_in_double<shifted_chebyshev<Kind::W>>(40);
const LoopTable hermite_h = binary_in_double<hermite>(40);
const LoopTable hermite_he = binary_in_double<hermite_of_half>(40);
const LoopTable laguerre = binary_in_double<laguerre_polynomial>(60);
const LoopTable legendre = binary_in_double<legendre_polynomial>(60);

}}}  // namespace torch::xgrad::kernels
