// Orthogonal polynomials of x and their order n, elementwise. Integers and Bool give the default floating dtype, and the fraction of an order does
// not count. 0 for a negative order and NaN. Without a derivative, as in PyTorch: a result is part of no graph.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// A polynomial by its names: special_name, special::name and special_name_out.
#define XGRAD_POLYNOMIAL_OF(name, X, N)                                        \
  XGRAD_API Tensor special_##name(const X& x, const N& n);                     \
  XGRAD_API Tensor& special_##name##_out(Tensor& out, const X& x, const N& n); \
  namespace special {                                                          \
  XGRAD_API Tensor name(const X& x, const N& n);                               \
  XGRAD_API Tensor& name##_out(Tensor& y, const X& x, const N& n);             \
  }
#define XGRAD_POLYNOMIAL(name)              \
  XGRAD_POLYNOMIAL_OF(name, Tensor, Tensor) \
  XGRAD_POLYNOMIAL_OF(name, Scalar, Tensor) \
  XGRAD_POLYNOMIAL_OF(name, Tensor, Scalar)

/// Chebyshev's of the four kinds: cos(n t), sin((n + 1) t) / sin(t), cos((n + 1/2) t) / cos(t / 2) and sin((n + 1/2) t) / sin(t / 2) for
/// x = cos(t).
XGRAD_POLYNOMIAL(chebyshev_polynomial_t)
XGRAD_POLYNOMIAL(chebyshev_polynomial_u)
XGRAD_POLYNOMIAL(chebyshev_polynomial_v)
XGRAD_POLYNOMIAL(chebyshev_polynomial_w)
/// The same of 2x - 1.
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_t)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_u)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_v)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_w)
/// Hermite's, orthogonal with the weight e^(-x^2), and with e^(-x^2 / 2).
XGRAD_POLYNOMIAL(hermite_polynomial_h)
XGRAD_POLYNOMIAL(hermite_polynomial_he)
/// Laguerre's, orthogonal with the weight e^-x over x > 0.
XGRAD_POLYNOMIAL(laguerre_polynomial_l)
/// Legendre's, orthogonal over [-1, 1].
XGRAD_POLYNOMIAL(legendre_polynomial_p)

#undef XGRAD_POLYNOMIAL
#undef XGRAD_POLYNOMIAL_OF

}}  // namespace torch::xgrad
