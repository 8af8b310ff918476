// Powers and roots, declared in arithmetic.h.
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/power.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor into::sqrt(const Tensor& self, Out out) {
  return record(pointwise(operation<"sqrt">, kernels::sqrt, floating_result_type(self), {self}, {}, out),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy / (y * 2); }));
}

Tensor into::rsqrt(const Tensor& self, Out out) {
  return record(pointwise(operation<"rsqrt">, kernels::rsqrt, floating_result_type(self), {self}, {}, out),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return gy * -0.5 * pow(y, 3); }));
}

Tensor into::reciprocal(const Tensor& self, Out out) {
  return record(pointwise(operation<"reciprocal">, kernels::reciprocal, floating_result_type(self), {self}, {}, out),
                wrt(self, [](const Tensor& gy, const Tensor& y) { return -gy * (y * y); }));
}

Tensor into::square(const Tensor& self, Out out) { return pow(self, 2, out); }

namespace {

// The exponents that a cheaper loop computes, as PyTorch does: x^0.5 of -0 is -0, as sqrt gives it.
const kernels::LoopTable* loop_for_exponent(const Scalar& exponent) {
  if (exponent.equal(2)) return &kernels::square;
  if (exponent.equal(3)) return &kernels::cube;
  if (exponent.equal(0.5)) return &kernels::sqrt;
  if (exponent.equal(-0.5)) return &kernels::rsqrt;
  if (exponent.equal(-1)) return &kernels::reciprocal;
  if (exponent.equal(-2)) return &kernels::reciprocal_square;
  return nullptr;
}

Forward pow_forward(const Tensor& self, const Scalar& exponent, Out out) {
  const Operation& op = operation<"pow">;
  XGRAD_CHECK(self.is_floating_point() || exponent.isFloatingPoint() || exponent.toLong() >= 0, op,
              "Integers to negative integer powers are not allowed, got the exponent ", exponent.toLong());
  const ScalarType dtype = result_type({self, exponent});
  const kernels::LoopTable* special = loop_for_exponent(exponent);
  if (special && special->of(dtype)) return pointwise(op, *special, dtype, {self}, {}, out);
  return pointwise(op, kernels::pow, dtype, {self, exponent}, {}, out);
}

// d(a^b)/da = b a^(b-1), and 0 for b = 0 whatever a is.
Tensor base_slope(const Tensor& a, const Tensor& b) { return where(b == 0, 0.0, b * pow(a, b - 1)); }

// d(a^b)/db = a^b log(a), and 0 where 0 is raised to b >= 0; the logarithm of such an a is kept out of higher derivatives too.
Tensor exponent_slope(const Tensor& a, const Tensor& b, const Tensor& y) { return y * log(where(logical_and(a == 0, b >= 0), 1.0, a)); }

}  // namespace

Tensor into::pow(const Tensor& self, const Scalar& exponent, Out out) {
  return record(pow_forward(self, exponent, out), with("exponent", exponent), wrt(self, [exponent, x = save(self)](const Tensor& gy) {
                  if (exponent.equal(0)) return zeros_like(gy);
                  if (exponent.equal(2)) return gy * (*x * 2);
                  const Scalar less = exponent.isFloatingPoint() ? Scalar(exponent.toDouble() - 1) : Scalar(exponent.toLong() - 1);
                  return gy * (pow(x, less) * exponent);
                }));
}

Tensor into::pow(const Tensor& self, const Tensor& exponent, Out out) {
  return record(pointwise(operation<"pow", 1>, kernels::pow, result_type({self, exponent}), {self, exponent}, {}, out),
                wrt(self, [a = save(self), b = save(exponent)](const Tensor& gy) { return gy * base_slope(a, b); }),
                wrt(exponent, [a = save(self), b = save(exponent)](const Tensor& gy, const Tensor& y) { return gy * exponent_slope(a, b, y); }));
}

Tensor pow(const Scalar& self, const Tensor& exponent) {
  const ScalarType dtype = result_type({self, exponent});
  const Operation& op = operation<"pow", 2>;
  const Forward powers = pointwise(op, kernels::pow, dtype, {self, exponent});  // row-major in PyTorch, whatever the exponent's order
  return record(Forward(op, contiguous_as(powers.value(), dtype)), with("self", self),
                wrt(exponent, [self, b = save(exponent)](const Tensor& gy, const Tensor& y) {
                  if (self.equal(0)) return gy * exponent_slope(full({}, 0, y.dtype()), b, y);
                  return gy * (y * std::log(self.toDouble()));
                }));
}

// ---- in float64

Tensor float_power(const Tensor& self, const Tensor& exponent) { return pow(self.to(kDouble), exponent.to(kDouble)); }
Tensor float_power(const Tensor& self, const Scalar& exponent) { return pow(self.to(kDouble), exponent.toDouble()); }
Tensor float_power(const Scalar& self, const Tensor& exponent) { return pow(self.toDouble(), exponent.to(kDouble)); }

namespace {
void check_base(const Tensor& self) {
  XGRAD_CHECK(self.dtype() == kDouble, "[float_power_] the base given to float_power_ has dtype ", self.dtype(),
              " but the operation's result requires dtype Double");
}
}  // namespace

Tensor& Tensor::float_power_(const Tensor& exponent) const {
  check_base(*this);
  return pow_(exponent.to(kDouble));
}
Tensor& Tensor::float_power_(const Scalar& exponent) const {
  check_base(*this);
  return pow_(exponent.toDouble());
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

const catalogue::Entry sqrt_entry("sqrt", [](Samples& s) {
  catalogue::unary_samples(s, "torch.sqrt(x[0])", sqrt, {0.2, 4});
  catalogue::integer_samples(s, "torch.sqrt(x[0])", sqrt);
  s.rejects("in place on integers", "can't be cast", [] { ones({2}, kLong).sqrt_(); });
});
const catalogue::Entry rsqrt_entry("rsqrt", [](Samples& s) {
  catalogue::unary_samples(s, "torch.rsqrt(x[0])", rsqrt, {0.2, 4});
  catalogue::integer_samples(s, "torch.rsqrt(x[0])", rsqrt);
});
const catalogue::Entry reciprocal_entry("reciprocal", [](Samples& s) {
  catalogue::unary_samples(s, "torch.reciprocal(x[0])", reciprocal, {-2, 2, {0}});
  catalogue::integer_samples(s, "torch.reciprocal(x[0])", reciprocal);
});
const catalogue::Entry square_entry("square", [](Samples& s) {
  catalogue::unary_samples(s, "torch.square(x[0])", square);
  catalogue::integer_samples(s, "torch.square(x[0])", square);
});

const catalogue::Entry pow_entry("pow", [](Samples& s) {
  for (const auto& [text, exponent] : std::vector<std::pair<std::string, Scalar> >{
           {"2", 2}, {"3", 3}, {"0", 0}, {"1", 1}, {"-1", -1}, {"-2", -2}, {"0.5", 0.5}, {"-0.5", -0.5}, {"1.5", 1.5}, {"-2.5", -2.5}, {"7", 7}}) {
    s.add("torch.pow(x[0], " + text + ")", {s.uniform({2, 3}, 0.3, 2)}, [e = exponent](Inputs x) { return pow(x[0], e); });
    s.at("torch.pow(x[0], " + text + ")", {catalogue::vector_of(catalogue::special_values())}, [e = exponent](Inputs x) { return pow(x[0], e); });
  }
  for (const int64_t exponent : {0, 1, 2, 3, 5}) {
    const std::string call = "torch.pow(x[0], " + std::to_string(exponent) + ")";
    catalogue::integer_samples(s, call, [exponent](const Tensor& x) { return pow(x, exponent); });
  }
  s.flat("torch.pow(x[0], 2.5)", {s.integers({4}, 0, 5)}, [](Inputs x) { return pow(x[0], 2.5); });

  const auto tensors = [](const Tensor& a, const Tensor& b) { return pow(a, b); };
  catalogue::binary_samples(s, "torch.pow(x[0], x[1])", tensors, {0.3, 2}, {-2, 2});
  catalogue::pair_samples(s, "torch.pow(x[0], x[1])", tensors, {0.0, 1, -1, 2, -2, 0.5, 3, -3, INFINITY, -INFINITY, NAN});
  catalogue::promotion_samples(s, "torch.pow(x[0], x[1])", tensors, false);
  s.flat("torch.pow(x[0], x[1])", {s.integers({20}, -2, 3), s.integers({20}, -3, 4)}, [](Inputs x) { return pow(x[0], x[1]); });

  for (const auto& [text, base] : std::vector<std::pair<std::string, Scalar> >{{"2", 2}, {"0.5", 0.5}, {"1", 1}, {"3", 3}}) {
    s.add("torch.pow(" + text + ", x[0])", {s.uniform({2, 3}, -2, 2)}, [b = base](Inputs x) { return pow(b, x[0]); });
    s.at("torch.pow(" + text + ", x[0])", {catalogue::vector_of({0, 1, -1, 1000, INFINITY, -INFINITY, NAN})},
         [b = base](Inputs x) { return pow(b, x[0]); });
  }
  s.at("torch.pow(0, x[0])", {catalogue::vector_of({-1, 0, 0.5, 1, 2})}, [](Inputs x) { return pow(0, x[0]); });
  s.flat("torch.pow(2, x[0])", {s.integers({4}, 0, 5)}, [](Inputs x) { return pow(2, x[0]); });
  s.rejects("integers to a negative power", "Integers to negative integer powers are not allowed", [] { pow(ones({2}, kLong), -1); });
  s.rejects("Bool to a Bool power", "not implemented for 'Bool'", [] { pow(ones({2}, kBool), ones({2}, kBool)); });
});

const catalogue::Entry float_power_entry("float_power", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return float_power(a, b); };
  catalogue::binary_samples(s, "torch.float_power(x[0], x[1])", tensors, {0.3, 2}, {-2, 2});
  catalogue::promotion_samples(s, "torch.float_power(x[0], x[1])", tensors);
  for (const auto& [text, exponent] : std::vector<std::pair<std::string, Scalar> >{{"2", 2}, {"-2", -2}, {"1.5", 1.5}, {"0", 0}}) {
    s.add("torch.float_power(x[0], " + text + ")", {s.uniform({2, 3}, 0.3, 2)}, [e = exponent](Inputs x) { return float_power(x[0], e); });
    catalogue::integer_samples(s, "torch.float_power(x[0], " + text + ")", [e = exponent](const Tensor& x) { return float_power(x, e); });
  }
  s.add("torch.float_power(2, x[0])", {s.uniform({2, 3}, -2, 2)}, [](Inputs x) { return float_power(2, x[0]); });
  s.flat("torch.float_power(2, x[0])", {s.integers({4}, -3, 4)}, [](Inputs x) { return float_power(2, x[0]); });
  s.rejects("float32 in place", "the base given to float_power_ has dtype Float but the operation's result requires dtype Double",
            [] { ones({2}).float_power_(2); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
