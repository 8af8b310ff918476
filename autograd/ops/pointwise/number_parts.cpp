// Signs, mantissas, exponents and divisors of numbers, elementwise.
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/number_parts.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/floating.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- signs

Tensor copysign(const Tensor& self, const Tensor& other) {
  return record(floating(operation<"copysign">, kernels::copysign, self, other),
                wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) { return gy * (sgn(x) * sgn(y)); }), wrt(other, zero_slope));
}

Tensor copysign(const Tensor& self, const Scalar& other) {
  return record(floating(operation<"copysign", 1>, kernels::copysign, self, other), with("other", other),
                wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) { return gy * (sgn(x) * sgn(y)); }));
}

Tensor heaviside(const Tensor& self, const Tensor& values) {
  const Operation& op = operation<"heaviside">;
  XGRAD_CHECK(self.dtype() == values.dtype(), op, "heaviside is not yet implemented for tensors with different dtypes, got ", self.dtype(), " and ",
              values.dtype());
  return record(pointwise(op, kernels::heaviside, self.dtype(), {self, values}), wrt(self, no_derivative<"heaviside">),
                wrt(values, no_derivative<"heaviside">));
}

Tensor angle(const Tensor& self) { return record(floating(operation<"angle">, kernels::angle, self), wrt(self, zero_slope)); }

Tensor positive(const Tensor& self) {
  XGRAD_CHECK(self.dtype() != kBool, operation<"positive">, "The `+` operator, on a bool tensor is not supported.");
  return self;
}

// ---- parts that real numbers don't have

Tensor conj(const Tensor& self) { return self; }
Tensor conj_physical(const Tensor& self) { return self; }
Tensor resolve_conj(const Tensor& self) { return self; }
Tensor resolve_neg(const Tensor& self) { return self; }
Tensor real(const Tensor& self) { return self; }

// ---- mantissas and exponents

Tensor nextafter(const Tensor& self, const Tensor& other) {
  return record(pointwise(operation<"nextafter">, kernels::nextafter, result_type(self, other), {self, other}), wrt(self, no_derivative<"nextafter">),
                wrt(other, no_derivative<"nextafter">));
}

Tensor ldexp(const Tensor& self, const Tensor& other) { return self * pow(2.0, other); }

std::tuple<Tensor, Tensor> frexp(const Tensor& self) {
  const Operation& op = operation<"frexp">;
  XGRAD_CHECK(self.is_floating_point(), op, "torch.frexp() only supports floating-point dtypes, got ", self.dtype());
  const Tensor exponent = pointwise(op, kernels::frexp_exponent, self.dtype(), kInt, {self}).value();
  const Tensor mantissa = record(pointwise(op, kernels::frexp_mantissa, self.dtype(), {self}),
                                 wrt(self, [e = save(exponent)](const Tensor& gy) { return gy * exp2(-e.get().to(gy.dtype())); }), also(exponent));
  return {mantissa, exponent};
}

Tensor nan_to_num(const Tensor& self, std::optional<double> nan, std::optional<double> posinf, std::optional<double> neginf) {
  if (!self.is_floating_point()) return self.clone();
  const double largest = self.dtype() == kFloat ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const kernels::Replacements replacements{nan.value_or(0), posinf.value_or(largest), neginf.value_or(-largest)};
  return record(pointwise(operation<"nan_to_num">, kernels::nan_to_num, self.dtype(), {self}, &replacements),
                with("nan", nan, "posinf", posinf, "neginf", neginf),
                wrt_in_place(self, [x = save(self)](const Tensor& gy, Out out) { return into::where(isfinite(x), gy, 0.0, out); }));
}

// ---- divisors

Tensor gcd(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise(operation<"gcd">, kernels::gcd, result_type(self, other), {self, other}), self, other);
}

Tensor lcm(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise(operation<"lcm">, kernels::lcm, result_type(self, other), {self, other}), self, other);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <cmath>

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::vector_of;

namespace {

const catalogue::Entry copysign_entry("copysign", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return copysign(a, b); };
  catalogue::binary_samples(s, "torch.copysign(x[0], x[1])", tensors, {-2, 2, {0}}, {-2, 2, {0}});
  catalogue::pair_samples(s, "torch.copysign(x[0], x[1])", tensors, {0.0, -0.0, 1, -1, 0.5, 3, -2.5, NAN});
  catalogue::promotion_samples(s, "torch.copysign(x[0], x[1])", tensors);
  s.at("torch.copysign(x[0], x[1])", {vector_of({INFINITY, -INFINITY, INFINITY, 2}), vector_of({2, 2, -INFINITY, INFINITY})}, [](Inputs x) {
     return copysign(x[0], x[1]);
   }).deviation = "copysign-of-infinity";
  for (const auto& [text, value] : std::vector<std::pair<std::string, Scalar> >{{"2", 2}, {"-0.0", -0.0}, {"-1.5", -1.5}}) {
    const auto with_number = [v = value](const Tensor& x) { return copysign(x, v); };
    catalogue::unary_samples(s, "torch.copysign(x[0], " + text + ")", with_number, {-2, 2, {0}}, {0.0, -0.0, 1, -1, NAN});
    catalogue::integer_samples(s, "torch.copysign(x[0], " + text + ")", with_number);
  }
  s.add("x[0].clone().copysign_(x[1])", {s.avoiding({2, 3}, -2, 2, {0}), s.avoiding({3}, -2, 2, {0})},
        [](Inputs x) { return x[0].clone().copysign_(x[1]); });
});

const catalogue::Entry heaviside_entry("heaviside", [](Samples& s) {
  const std::string call = "torch.heaviside(x[0], x[1])";
  const auto f = [](Inputs x) { return heaviside(x[0], x[1]); };
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{0}, {1}}, {{}, {}}})
    for (const ScalarType t : {kDouble, kFloat, kLong, kInt, kByte, kBool})
      s.flat(call, {constant(s.integers(a, 0, 3).sub(1).to(t)), constant(s.integers(b, 0, 9).to(t))}, f);
  s.flat(call, {constant(vector_of({0.0, -0.0, 1, -1, INFINITY, -INFINITY, 0, 0})), constant(vector_of({5, 6, 7, 8, 9, NAN, INFINITY, NAN}))}, f);
  s.flat(call, {constant(vector_of({NAN})), constant(vector_of({1}))}, f).deviation = "heaviside-of-nan";
  s.rejects("two dtypes", "heaviside is not yet implemented for tensors with different dtypes", [] { heaviside(ones({2}), ones({2}, kDouble)); });
  s.rejects("its derivative", "the derivative for 'heaviside' is not implemented",
            [] { heaviside(ones({2}).set_requires_grad(true), ones({2})).sum().backward(); });
});

const catalogue::Entry angle_entry("angle", [](Samples& s) {
  catalogue::unary_samples(s, "torch.angle(x[0])", angle, {-2, 2, {0}});
  catalogue::integer_samples(s, "torch.angle(x[0])", angle);
});

void identity_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&), bool booleans = true) {
  s.add("torch." + name + "(x[0]) * 2", {s.normal({2, 3})}, [f](Inputs x) { return f(x[0]) * 2; });
  catalogue::integer_samples(s, "torch." + name + "(x[0])", f, booleans);
}

const catalogue::Entry positive_entry("positive", [](Samples& s) {
  identity_samples(s, "positive", positive, false);
  s.rejects("Bool", "The `+` operator, on a bool tensor is not supported", [] { positive(ones({2}, kBool)); });
});
const catalogue::Entry conj_entry("conj", [](Samples& s) { identity_samples(s, "conj", conj); });
const catalogue::Entry conj_physical_entry("conj_physical", [](Samples& s) { identity_samples(s, "conj_physical", conj_physical); });
const catalogue::Entry resolve_conj_entry("resolve_conj", [](Samples& s) { identity_samples(s, "resolve_conj", resolve_conj); });
const catalogue::Entry resolve_neg_entry("resolve_neg", [](Samples& s) { identity_samples(s, "resolve_neg", resolve_neg); });
const catalogue::Entry real_entry("real", [](Samples& s) { identity_samples(s, "real", real); });

const catalogue::Entry nextafter_entry("nextafter", [](Samples& s) {
  const std::string call = "torch.nextafter(x[0], x[1])";
  const auto f = [](Inputs x) { return nextafter(x[0], x[1]); };
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{}, {2}}, {{0}, {1}}, {{}, {}}}) {
    s.flat(call, {constant(s.normal(a)), constant(s.normal(b))}, f);
    s.flat(call, {constant(s.normal(a).to(kFloat)), constant(s.normal(b).to(kFloat))}, f);
  }
  s.flat(call,
         {constant(vector_of({0.0, -0.0, 0, 1, 1, INFINITY, -INFINITY, INFINITY, 1.7976931348623157e308, NAN, 1})),
          constant(vector_of({-0.0, 0.0, -1, 1, INFINITY, 0, 0, INFINITY, INFINITY, 1, NAN}))},
         f);
  s.flat(call, {constant(s.normal({2})), s.integers({2}, -3, 3)}, f);
  s.rejects("integers", "not implemented for 'Long'", [] { nextafter(ones({2}, kLong), ones({2}, kLong)); });
  s.rejects("its derivative", "the derivative for 'nextafter' is not implemented",
            [] { nextafter(ones({2}).set_requires_grad(true), ones({2})).sum().backward(); });
});

const catalogue::Entry ldexp_entry("ldexp", [](Samples& s) {
  const auto f = [](const Tensor& a, const Tensor& b) { return ldexp(a, b); };
  catalogue::binary_samples(s, "torch.ldexp(x[0], x[1])", f);
  catalogue::pair_samples(s, "torch.ldexp(x[0], x[1])", f, {0.0, -0.0, 1, -1, 0.5, 3, -2.5, INFINITY, -INFINITY, NAN});
  catalogue::promotion_samples(s, "torch.ldexp(x[0], x[1])", f);
  s.add("x[0].clone().ldexp_(x[1])", {s.normal({3}), s.integers({3}, -5, 6)}, [](Inputs x) { return x[0].clone().ldexp_(x[1]); }).deviation =
      "derivatives-in-place";
  s.rejects("in place on integers", "can't be cast to the desired output type Long", [] { ones({2}, kLong).ldexp_(ones({2}, kLong)); });
});

const catalogue::Entry frexp_entry("frexp", [](Samples& s) {
  const auto f = [](Inputs x) { return frexp(x[0]); };
  // Away from the powers of 2, where the mantissa jumps.
  for (const Dims& shape : {Dims{2, 3}, Dims{}, Dims{1}, Dims{0, 3}})
    s.add("torch.frexp(x[0])", {s.avoiding(shape, -7, 7, {-4, -2, -1, 0, 1, 2, 4})}, f);
  s.at("torch.frexp(x[0])", {vector_of({0.0, -0.0, 1, -1, 0.5, 3, -5, 1e30, 1e-30, INFINITY, -INFINITY, NAN})}, f);
  s.flat("torch.frexp(x[0])", {constant(vector_of({0.0, 3, -5, 1e-40, INFINITY, NAN}).to(kFloat))}, f);
  s.at("torch.frexp(x[0])", {vector_of({1e200, 1e-200})}, f).deviation = "frexp-range";
  s.rejects("integers", "torch.frexp() only supports floating-point dtypes", [] { frexp(ones({2}, kLong)); });
});

const catalogue::Entry nan_to_num_entry("nan_to_num", [](Samples& s) {
  catalogue::unary_samples(s, "torch.nan_to_num(x[0])", [](const Tensor& x) { return nan_to_num(x); });
  catalogue::unary_samples(s, "torch.nan_to_num(x[0], nan=2.5, posinf=7, neginf=-8)", [](const Tensor& x) { return nan_to_num(x, 2.5, 7, -8); });
  catalogue::unary_samples(s, "torch.nan_to_num(x[0], neginf=math.nan)", [](const Tensor& x) { return nan_to_num(x, {}, {}, NAN); });
  catalogue::integer_samples(s, "torch.nan_to_num(x[0], nan=2.5)", [](const Tensor& x) { return nan_to_num(x, 2.5); });
  s.flat("torch.nan_to_num(x[0])", {constant(vector_of({NAN, INFINITY, -INFINITY, 1}).to(kFloat))}, [](Inputs x) { return nan_to_num(x[0]); });
  s.at("x[0].clone().nan_to_num_(1)", {vector_of({NAN, INFINITY, 1})}, [](Inputs x) { return x[0].clone().nan_to_num_(1); });
});

void divisor_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&)) {
  const std::string call = "torch." + name + "(x[0], x[1])";
  for (const ScalarType a : {kLong, kInt, kByte})
    for (const ScalarType b : {kLong, kInt, kByte})
      s.flat(call, {s.integers({2, 8}, 0, 13).to(a), s.integers({8}, 0, 13).to(b)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call, {s.integers({20}, -40, 40), s.integers({20}, -40, 40)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call, {s.integers({}, 1, 40), s.integers({2, 0}, 1, 40)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.rejects("floating numbers", "not implemented for 'Float'", [f] { f(ones({2}), ones({2})); });
  s.rejects("Bool", "not implemented for 'Bool'", [f] { f(ones({2}, kBool), ones({2}, kBool)); });
}

const catalogue::Entry gcd_entry("gcd", [](Samples& s) { divisor_samples(s, "gcd", gcd); });
const catalogue::Entry lcm_entry("lcm", [](Samples& s) { divisor_samples(s, "lcm", lcm); });

}  // namespace

}}  // namespace torch::xgrad

#endif
