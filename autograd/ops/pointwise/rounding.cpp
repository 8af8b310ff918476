#include <xgrad/autograd/ops/pointwise/rounding.h>

#include <cmath>
#include <cstdlib>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/rounding.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

Tensor rounded(const Operation& operation, const kernels::LoopTable& table, const Tensor& x, Out out) {
  return record(pointwise(operation, table, x.dtype(), {x}, {}, out), wrt(x, zero_slope));
}

}  // namespace

Tensor into::floor(const Tensor& self, Out out) { return rounded(operation<"floor">, kernels::floor, self, out); }
Tensor into::ceil(const Tensor& self, Out out) { return rounded(operation<"ceil">, kernels::ceil, self, out); }
Tensor into::trunc(const Tensor& self, Out out) { return rounded(operation<"trunc">, kernels::trunc, self, out); }
Tensor into::round(const Tensor& self, Out out) { return rounded(operation<"round">, kernels::round, self, out); }

Tensor into::frac(const Tensor& self, Out out) {
  return record(pointwise(operation<"frac">, kernels::frac, self.dtype(), {self}, {}, out), wrt(self, passed_on));
}

Tensor into::round(const Tensor& self, int64_t decimals, Out out) {
  const kernels::Decimals parameter{std::pow(10.0, static_cast<double>(std::llabs(decimals))), decimals < 0};
  return record(pointwise(operation<"round", 1>, kernels::round_decimals, self.dtype(), {self}, &parameter, out), with("decimals", decimals),
                wrt(self, zero_slope));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

void rounding_samples(Samples& s, const char* name, Tensor (*f)(const Tensor&)) {
  const std::string call = std::string("torch.") + name + "(x[0])";
  std::vector<double> points = catalogue::special_values();
  points.insert(points.end(), {1.5, 2.5, -1.5, 3.49999999, 4503599627370497.5});
  catalogue::unary_samples(s, call, f, {-3, 3, {-3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3}}, points);
  catalogue::integer_samples(s, call, f, false);
  s.rejects("Bool", "not implemented for 'Bool'", [f] { f(ones({2}, kBool)); });
}

const catalogue::Entry floor_entry("floor", [](Samples& s) { rounding_samples(s, "floor", floor); });
const catalogue::Entry ceil_entry("ceil", [](Samples& s) { rounding_samples(s, "ceil", ceil); });
const catalogue::Entry trunc_entry("trunc", [](Samples& s) { rounding_samples(s, "trunc", trunc); });
const catalogue::Entry frac_entry("frac", [](Samples& s) {
  catalogue::unary_samples(s, "torch.frac(x[0])", frac, {-3, 3, {-3, -2, -1, 0, 1, 2, 3}});
  s.at("x[0].clone().frac_()", {s.uniform({4}, -3, 3)}, [](Inputs x) { return x[0].clone().frac_(); });
  s.rejects("integers", "not implemented for 'Long'", [] { frac(ones({2}, kLong)); });
});
const catalogue::Entry round_entry("round", [](Samples& s) {
  rounding_samples(s, "round", [](const Tensor& x) { return round(x); });
  for (const int64_t decimals : {2, 0, -1})
    s.at("torch.round(x[0], decimals=" + std::to_string(decimals) + ")", {s.uniform({3, 4}, -50, 50)},
         [decimals](Inputs x) { return round(x[0], decimals); });
  s.rejects("decimals of integers", "not implemented for 'Long'", [] { round(ones({2}, kLong), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
