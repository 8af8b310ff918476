#include <xgrad/autograd/ops/pointwise/polynomials.h>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/polynomials.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/write_out.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

#define XGRAD_POLYNOMIAL_OF(name, table, X, N)                                                                                                       \
  Tensor special_##name(const X& x, const N& n) {                                                                                                    \
    return not_differentiable(floating(operation<"special_" #name>, kernels::table, x, n), with("x", Operand(x).number(), "n", Operand(n).number()), \
                              Operand(x).tensor(), Operand(n).tensor());                                                                             \
  }                                                                                                                                                  \
  Tensor& special_##name##_out(Tensor& out, const X& x, const N& n) {                                                                                \
    return write_out(                                                                                                                                \
        "special_" #name "_out", out, [&](Out) { return special_##name(x, n); }, x, n);                                                              \
  }                                                                                                                                                  \
  Tensor special::name(const X& x, const N& n) { return special_##name(x, n); }                                                                      \
  Tensor& special::name##_out(Tensor& y, const X& x, const N& n) { return special_##name##_out(y, x, n); }
#define XGRAD_POLYNOMIAL(name, table)              \
  XGRAD_POLYNOMIAL_OF(name, table, Tensor, Tensor) \
  XGRAD_POLYNOMIAL_OF(name, table, Scalar, Tensor) \
  XGRAD_POLYNOMIAL_OF(name, table, Tensor, Scalar)
XGRAD_POLYNOMIAL(chebyshev_polynomial_t, chebyshev_t)
XGRAD_POLYNOMIAL(chebyshev_polynomial_u, chebyshev_u)
XGRAD_POLYNOMIAL(chebyshev_polynomial_v, chebyshev_v)
XGRAD_POLYNOMIAL(chebyshev_polynomial_w, chebyshev_w)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_t, shifted_chebyshev_t)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_u, shifted_chebyshev_u)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_v, shifted_chebyshev_v)
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_w, shifted_chebyshev_w)
XGRAD_POLYNOMIAL(hermite_polynomial_h, hermite_h)
XGRAD_POLYNOMIAL(hermite_polynomial_he, hermite_he)
XGRAD_POLYNOMIAL(laguerre_polynomial_l, laguerre)
XGRAD_POLYNOMIAL(legendre_polynomial_p, legendre)

#undef XGRAD_POLYNOMIAL
#undef XGRAD_POLYNOMIAL_OF

}}  // namespace torch::xgrad

#else  // ---- samples

#include <cmath>
#include <string>

#include <xgrad/autograd/catalogue/pointwise_samples.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::vector_of;

namespace {

using OfTensors = Tensor (*)(const Tensor&, const Tensor&);
using OfNumber = Tensor (*)(const Scalar&, const Tensor&);
using OfOrder = Tensor (*)(const Tensor&, const Scalar&);
using ToOut = Tensor& (*)(Tensor&, const Tensor&, const Tensor&);

void polynomial_samples(Samples& s, const std::string& name, OfTensors f, OfNumber of_number, OfOrder of_order, ToOut to_out) {
  const std::string call = "torch.special." + name + "(";
  const auto run = [f](Inputs x) { return f(x[0], x[1]); };
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{0}, {1}}, {{}, {}}})
    s.flat(call + "x[0], x[1])", {constant(s.uniform(a, -1.5, 2)), s.integers(b, 0, 8)}, run);
  for (const double n : {-1.0, -0.5, 0.0, 1.0, 1.9, 2.0, 3.0, 7.0, 8.0, 9.0, 12.0, 25.0, double{NAN}, double{INFINITY}})
    s.flat(call + "x[0], x[1])", {constant(vector_of({0, -0.0, 1, -1, 0.5, -0.5, 0.3, -0.7, 0.99, 1e-3, 1.01, NAN})), constant(vector_of({n}))}, run);
  for (const double n : {0.0, 1.0, 2.0, 3.0})
    s.flat(call + "x[0], x[1])", {constant(vector_of({2, -2, 1e20, -1e20, INFINITY, -INFINITY})), constant(vector_of({n}))}, run);
  s.flat(call + "0.75, x[0])", {s.integers({4}, 0, 9)}, [of_number](Inputs x) { return of_number(0.75, x[0]); });
  s.flat(call + "x[0], 5)", {constant(s.normal({4}))}, [of_order](Inputs x) { return of_order(x[0], 5); });
  s.flat(call + "x[0], x[1], out=torch.empty(0, dtype=torch.float64))", {constant(s.normal({2, 3})), s.integers({3}, 0, 5)}, [to_out](Inputs x) {
    Tensor out = empty({0}, kDouble);
    return to_out(out, x[0], x[1]);
  });
  s.answers_are_within(1e-5);  // computed in float
  catalogue::promotion_samples(s, call + "x[0], x[1])", f, false);
  s.rejects("shapes that don't broadcast", "must match the size", [f] { f(ones({2}), ones({3})); });
}

#define XGRAD_POLYNOMIAL_ENTRY(name)   \
  const catalogue::Entry name##_entry( \
      "special_" #name, [](Samples& s) { polynomial_samples(s, #name, special::name, special::name, special::name, special::name##_out); })
XGRAD_POLYNOMIAL_ENTRY(chebyshev_polynomial_t);
XGRAD_POLYNOMIAL_ENTRY(chebyshev_polynomial_u);
XGRAD_POLYNOMIAL_ENTRY(chebyshev_polynomial_v);
XGRAD_POLYNOMIAL_ENTRY(chebyshev_polynomial_w);
XGRAD_POLYNOMIAL_ENTRY(shifted_chebyshev_polynomial_t);
XGRAD_POLYNOMIAL_ENTRY(shifted_chebyshev_polynomial_u);
XGRAD_POLYNOMIAL_ENTRY(shifted_chebyshev_polynomial_v);
XGRAD_POLYNOMIAL_ENTRY(shifted_chebyshev_polynomial_w);
XGRAD_POLYNOMIAL_ENTRY(hermite_polynomial_h);
XGRAD_POLYNOMIAL_ENTRY(hermite_polynomial_he);
XGRAD_POLYNOMIAL_ENTRY(laguerre_polynomial_l);
XGRAD_POLYNOMIAL_ENTRY(legendre_polynomial_p);
#undef XGRAD_POLYNOMIAL_ENTRY

}  // namespace

}}  // namespace torch::xgrad

#endif
