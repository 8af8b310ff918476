// Bessel functions and Airy's without a derivative, declared in special.h.
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/bessel.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/pointwise/special.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

#define XGRAD_BESSEL(name, table) \
  Tensor special_##name(const Tensor& x) { return not_differentiable(floating(operation<"special_" #name>, kernels::table, x), x); }
XGRAD_BESSEL(bessel_j0, j0)
XGRAD_BESSEL(bessel_j1, j1)
XGRAD_BESSEL(bessel_y0, y0)
XGRAD_BESSEL(bessel_y1, y1)
XGRAD_BESSEL(modified_bessel_i0, i0)
XGRAD_BESSEL(modified_bessel_i1, i1)
XGRAD_BESSEL(modified_bessel_k0, k0)
XGRAD_BESSEL(modified_bessel_k1, k1)
XGRAD_BESSEL(scaled_modified_bessel_k0, k0e)
XGRAD_BESSEL(scaled_modified_bessel_k1, k1e)
XGRAD_BESSEL(spherical_bessel_j0, spherical_j0)
XGRAD_BESSEL(airy_ai, airy_ai)
#undef XGRAD_BESSEL

}}  // namespace torch::xgrad

#else  // ---- samples

#include <cmath>
#include <string>

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;
using catalogue::vector_of;

namespace {

using OfOne = Tensor (*)(const Tensor&);

// Each point is a sample, for the tolerance grows with the largest value.
void bessel_samples(Samples& s, const std::string& name, OfOne f, const std::vector<double>& points) {
  const std::string call = "torch.special." + name + "(x[0])";
  const auto run = [f](Inputs x) { return f(x[0]); };
  for (const Dims& shape : {Dims{2, 3}, Dims{}, Dims{1}, Dims{0, 3}, Dims{2, 1, 2}})
    s.flat(call, {catalogue::constant(s.uniform(shape, 0.2, 9))}, run);
  for (const double x : points) s.flat(call, {catalogue::constant(vector_of({x}))}, run);
  s.flat(call, {catalogue::constant(s.uniform({9}, 0.2, 30).to(kFloat))}, run);
  catalogue::integer_samples(s, call, f);
}

const std::vector<double> kPositive = {0.0, -0.0, 1e-300, 1e-5, 0.3, 0.999, 1, 1.7, 2, 2.1, 4.9, 5.1, 7.9, 8.1, 13, 19.9, 20.1, 31, 77, -1, -3, NAN};
const std::vector<double> kBoth = {0.0, -0.0, 1e-300, -1e-300, 1e-5, 0.3, -0.999, 1, -1.7, 2, 4.9, -5.1, 7.9, 13, -20.1, 31, -77, NAN};

#define XGRAD_BESSEL_ENTRY(name, points) \
  const catalogue::Entry name##_entry("special_" #name, [](Samples& s) { bessel_samples(s, #name, special::name, points); })
XGRAD_BESSEL_ENTRY(modified_bessel_i0, kBoth);
XGRAD_BESSEL_ENTRY(modified_bessel_i1, kBoth);
XGRAD_BESSEL_ENTRY(modified_bessel_k0, kPositive);
XGRAD_BESSEL_ENTRY(modified_bessel_k1, kPositive);
XGRAD_BESSEL_ENTRY(scaled_modified_bessel_k0, kPositive);
XGRAD_BESSEL_ENTRY(scaled_modified_bessel_k1, kPositive);
XGRAD_BESSEL_ENTRY(spherical_bessel_j0, kBoth);
XGRAD_BESSEL_ENTRY(airy_ai, kBoth);
#undef XGRAD_BESSEL_ENTRY

#define XGRAD_BESSEL_ENTRY(name, points)                                                                                                            \
  const catalogue::Entry name##_entry("special_" #name, [](Samples& s) {                                                                            \
    s.answers_are_within(1e-4); /* bessel-in-seven-digits */                                                                                        \
    bessel_samples(s, #name, special::name, points);                                                                                                \
    s.flat("torch.special." #name "(x[0])", {catalogue::constant(vector_of({INFINITY}))}, [](Inputs x) { return special::name(x[0]); }).deviation = \
        "bessel-at-infinity";                                                                                                                       \
  })
XGRAD_BESSEL_ENTRY(bessel_j0, kBoth);
XGRAD_BESSEL_ENTRY(bessel_j1, kBoth);
XGRAD_BESSEL_ENTRY(bessel_y0, kPositive);
XGRAD_BESSEL_ENTRY(bessel_y1, kPositive);
#undef XGRAD_BESSEL_ENTRY

}  // namespace

}}  // namespace torch::xgrad

#endif
