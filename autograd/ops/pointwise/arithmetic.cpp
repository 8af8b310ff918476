#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>

#include <cmath>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

kernels::Factor factor(const Scalar& s) { return {s.toDouble(), s.isFloatingPoint() ? 0 : s.toLong()}; }

void check_alpha(const Operation& operation, ScalarType dtype, const Scalar& alpha) {
  XGRAD_CHECK(!alpha.isBoolean() || dtype == kBool, operation, "Boolean alpha only supported for Boolean results.");
  XGRAD_CHECK(isFloatingType(dtype) || !alpha.isFloatingPoint(), operation,
              "For integral input tensors, argument alpha must not be a floating point number, got ", alpha.toDouble());
}

// self + alpha * other
Forward add_forward(const Operation& operation, ScalarType dtype, const Operand& self, const Operand& other, const Scalar& alpha, Out out) {
  check_alpha(operation, dtype, alpha);
  const kernels::Factor parameter = factor(alpha);
  return pointwise(operation, kernels::add_scaled, dtype, {self, other}, &parameter, out);
}

void refuse_bool(const Operation& operation, ScalarType self, ScalarType other) {
  XGRAD_CHECK(self != kBool || other != kBool, operation,
              "Subtraction, the `-` operator, with two bool tensors is not supported. Use the "
              "`^` or `logical_xor()` operator instead.");
  XGRAD_CHECK(self != kBool && other != kBool, operation,
              "Subtraction, the `-` operator, with a bool tensor is not supported. If you are "
              "trying to invert a mask, use the `~` or `logical_not()` operator instead.");
}

Tensor scaled(const Tensor& gy, const Scalar& factor) { return factor.equal(1) ? gy : gy * factor; }

}  // namespace

// ---- in the memory of temporaries

namespace {

template <class B> Tensor compute(detail::Arithmetic op, const Tensor& a, const B& b, Out out) {
  switch (op) {
    case detail::Arithmetic::kAdd: return into::add(a, b, 1, out);
    case detail::Arithmetic::kSub: return into::sub(a, b, 1, out);
    case detail::Arithmetic::kRsub: return into::rsub(a, b, 1, out);
    case detail::Arithmetic::kMul: return into::mul(a, b, out);
    case detail::Arithmetic::kDiv: return into::div(a, b, out);
  }
  return Tensor();
}

}  // namespace

Tensor detail::in_memory_of(const Tensor& spare, Arithmetic op, const Tensor& a, const Tensor& b) {
  const bool saves = (op == Arithmetic::kMul || op == Arithmetic::kDiv) && (Recording::needs(a) || Recording::needs(b));
  if (saves || a.dtype() != b.dtype()) return compute(op, a, b, Out());
  const Tensor room = alias(spare);
  return compute(op, a, b, Out(room));
}

Tensor detail::in_memory_of(const Tensor& spare, Arithmetic op, const Tensor& a, const Scalar& b) {
  const Tensor room = alias(spare);
  return compute(op, a, b, Out(room));
}

// ---- sums and differences

// Their node is the commonest: it keeps alpha only where that is not 1.

Tensor into::add(const Tensor& self, const Tensor& other, const Scalar& alpha, Out out) {
  if (__builtin_expect(other.is_sparse(), 0)) return add_sparse(operation<"add">, self, other, alpha, out);
  Forward y = add_forward(operation<"add">, result_type(self, other), self, other, alpha, out);
  if (alpha.equal(1)) return record(std::move(y), wrt(self, passed_on), wrt(other, passed_on));
  return record(std::move(y), with("alpha", alpha), wrt(self, passed_on), wrt(other, [alpha](const Tensor& gy) { return scaled(gy, alpha); }));
}

Tensor into::add(const Tensor& self, const Scalar& other, const Scalar& alpha, Out out) {
  return record(add_forward(operation<"add", 1>, result_type(self, other), self, other, alpha, out), with("other", other, "alpha", alpha),
                wrt(self, passed_on));
}

Tensor into::sub(const Tensor& self, const Tensor& other, const Scalar& alpha, Out out) {
  const Operation& op = operation<"sub">;
  refuse_bool(op, self.dtype(), other.dtype());
  Forward y = add_forward(op, result_type(self, other), self, other, -alpha, out);
  if (alpha.equal(1)) return record(std::move(y), wrt(self, passed_on), wrt(other, [](const Tensor& gy) { return -gy; }));
  return record(std::move(y), with("alpha", alpha), wrt(self, passed_on), wrt(other, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }));
}

Tensor into::sub(const Tensor& self, const Scalar& other, const Scalar& alpha, Out out) {
  const Operation& op = operation<"sub", 1>;
  refuse_bool(op, self.dtype(), other.type());
  return record(add_forward(op, result_type(self, other), self, other, -alpha, out), with("other", other, "alpha", alpha), wrt(self, passed_on));
}

Tensor into::rsub(const Tensor& self, const Tensor& other, const Scalar& alpha, Out out) {
  const Operation& op = operation<"rsub">;
  refuse_bool(op, self.dtype(), other.dtype());
  return record(add_forward(op, result_type(self, other), other, self, -alpha, out), with("alpha", alpha),
                wrt(self, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }), wrt(other, passed_on));
}

Tensor into::rsub(const Tensor& self, const Scalar& other, const Scalar& alpha, Out out) {
  const Operation& op = operation<"rsub", 1>;
  refuse_bool(op, self.dtype(), other.type());
  return record(add_forward(op, result_type(self, other), other, self, -alpha, out), with("other", other, "alpha", alpha),
                wrt(self, [alpha](const Tensor& gy) { return scaled(-gy, alpha); }));
}

Tensor operator-(const Scalar& a, const Tensor& b) {
  const Operation& op = operation<"sub">;
  refuse_bool(op, b.dtype(), b.dtype());
  const kernels::Factor minus{-1, -1};
  return record(pointwise(op, kernels::add_scaled, b.dtype(), {a, b}, &minus), with("self", a),
                wrt_in_place(b, [](const Tensor& gy, Out out) { return into::neg(gy, out); }));
}

Tensor into::neg(const Tensor& self, Out out) {
  const Operation& op = operation<"neg">;
  XGRAD_CHECK(self.dtype() != kBool, op,
              "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, "
              "use the `~` or `logical_not()` operator instead.");
  return record(pointwise(op, kernels::neg, self.dtype(), {self}, {}, out),
                wrt_in_place(self, [](const Tensor& gy, Out out) { return into::neg(gy, out); }));
}

Tensor rsub(const Tensor& self, const Tensor& other, const Scalar& alpha) { return into::rsub(self, other, alpha, Out()); }
Tensor rsub(const Tensor& self, const Scalar& other, const Scalar& alpha) { return into::rsub(self, other, alpha, Out()); }

// ---- products and quotients

Tensor into::mul(const Tensor& self, const Tensor& other, Out out) {
  Forward y = pointwise(operation<"mul">, kernels::mul, result_type(self, other), {self, other}, {}, out);
  if (detail::operation_mode == 0) return Recording::take(y);  // as in most sweeps: nothing will save the factors
  return record(std::move(y), wrt_in_place(self, [b = save(other)](const Tensor& gy, Out out) { return into::mul(gy, *b, out); }),
                wrt_in_place(other, [a = save(self)](const Tensor& gy, Out out) { return into::mul(gy, *a, out); }));
}

Tensor into::mul(const Tensor& self, const Scalar& other, Out out) {
  if (__builtin_expect(self.is_sparse(), 0)) return mul_sparse(self, other, out);
  return record(pointwise(operation<"mul", 1>, kernels::mul, result_type(self, other), {self, other}, {}, out), with("other", other),
                wrt_in_place(self, [other](const Tensor& gy, Out out) { return into::mul(gy, other, out); }));
}

Tensor into::div(const Tensor& self, const Tensor& other, Out out) {
  return record(pointwise(operation<"div">, kernels::div, floating_result_type({self, other}), {self, other}, {}, out),
                wrt_in_place(self, [b = save(other)](const Tensor& gy, Out out) { return into::div(gy, *b, out); }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * ((*a / *b) / *b); }));
}

Tensor into::div(const Tensor& self, const Scalar& other, Out out) {
  return record(pointwise(operation<"div", 1>, kernels::div, floating_result_type({self, other}), {self, other}, {}, out), with("other", other),
                wrt_in_place(self, [other](const Tensor& gy, Out out) { return into::div(gy, other, out); }));
}

Tensor operator/(const Scalar& a, const Tensor& b) {
  const Operation& op = operation<"div">;
  XGRAD_CHECK_AS(TypeError, b.is_floating_point(), op, "result type ", get_default_dtype(), " can't be cast to the desired output type ", b.dtype());
  return record(pointwise(op, kernels::div, b.dtype(), {a, b}), with("self", a),
                wrt(b, [a, b = save(b)](const Tensor& gy) { return -gy * ((a / *b) / *b); }));
}

Tensor into::addcmul(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value, Out out) {
  const kernels::Factor parameter{value.toDouble(), value.isFloatingPoint() ? static_cast<int64_t>(value.toDouble()) : value.toLong()};
  const ScalarType dtype = result_type({self, tensor1, tensor2});
  const Operation& op = operation<"addcmul">;
  check_fits(op.name(), value, dtype);
  return record(pointwise(op, kernels::addcmul, dtype, {self, tensor1, tensor2}, &parameter, out), with("value", value), wrt(self, passed_on),
                wrt(tensor1, [value, b = save(tensor2)](const Tensor& gy) { return gy * scaled(*b, value); }),
                wrt(tensor2, [value, a = save(tensor1)](const Tensor& gy) { return gy * scaled(*a, value); }));
}

Tensor into::addcdiv(const Tensor& self, const Tensor& tensor1, const Tensor& tensor2, const Scalar& value, Out out) {
  const Operation& op = operation<"addcdiv">;
  XGRAD_CHECK(tensor1.is_floating_point() || tensor2.is_floating_point(), op, "Integer division with addcdiv is no longer supported, got ",
              tensor1.dtype(), " and ", tensor2.dtype(), "; convert one of them to a floating dtype");
  const kernels::Factor parameter{value.toDouble(), 0};
  return record(pointwise(op, kernels::addcdiv, result_type({self, tensor1, tensor2}), {self, tensor1, tensor2}, &parameter, out),
                with("value", value), wrt(self, passed_on), wrt(tensor1, [value, b = save(tensor2)](const Tensor& gy) { return gy * (value / *b); }),
                wrt(tensor2, [value, a = save(tensor1), b = save(tensor2)](const Tensor& gy) { return -gy * (scaled(*a, value) / (*b * *b)); }));
}

// ---- magnitude and sign

namespace {
Tensor abs_slope(const Tensor& x) { return record(pointwise(operation<"sgn">, kernels::abs_slope, x.dtype(), {x}), wrt(x, zero_slope)); }
}  // namespace

Tensor into::abs(const Tensor& self, Out out) {
  return record(pointwise(operation<"abs">, kernels::abs, self.dtype(), {self}, {}, out),
                wrt(self, [x = save(self)](const Tensor& gy) { return gy * abs_slope(x); }));
}

Tensor into::sign(const Tensor& self, Out out) {
  return record(pointwise(operation<"sign">, kernels::sign, self.dtype(), {self}, {}, out), wrt(self, zero_slope));
}

Tensor into::sgn(const Tensor& self, Out out) {
  return record(pointwise(operation<"sgn">, kernels::sign, self.dtype(), {self}, {}, out), wrt(self, zero_slope));
}

// ---- between two values

namespace {

void check_lerp(const Operation& operation, const Tensor& self, const char* name, const Tensor& other) {
  XGRAD_CHECK(self.dtype() == other.dtype(), operation, "expected dtype ", dtype_name(self.dtype()), " for `", name, "` but got dtype ",
              dtype_name(other.dtype()));
}

}  // namespace

Tensor into::lerp(const Tensor& self, const Tensor& end, const Scalar& weight, Out out) {
  const Operation& op = operation<"lerp">;
  check_lerp(op, self, "end", end);
  const double w = weight.toDouble();
  return record(pointwise(op, kernels::lerp, self.dtype(), {self, end, Scalar(w)}, {}, out), with("weight", weight),
                wrt(self, [w](const Tensor& gy) { return gy * (1 - w); }), wrt(end, [w](const Tensor& gy) { return gy * w; }));
}

Tensor into::lerp(const Tensor& self, const Tensor& end, const Tensor& weight, Out out) {
  const Operation& op = operation<"lerp", 1>;
  check_lerp(op, self, "end", end);
  check_lerp(op, self, "weight", weight);
  return record(pointwise(op, kernels::lerp, self.dtype(), {self, end, weight}, {}, out),
                wrt(self, [w = save(weight)](const Tensor& gy) { return gy * (1 - *w); }),
                wrt(end, [w = save(weight)](const Tensor& gy) { return gy * *w; }),
                wrt(weight, [a = save(self), b = save(end)](const Tensor& gy) { return gy * (*b - *a); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

const std::vector<double> kArithmeticPairs = {0.0, -0.0, 1, -1, 3.5, -2.5, 1e200, -1e-300, INFINITY, -INFINITY, NAN};

// Two tensors, and a tensor with a number.
void arithmetic_samples(Samples& s, const std::string& name, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& number,
                        const catalogue::Domain& right, bool booleans) {
  const std::string call = "torch." + name + "(x[0], ";
  catalogue::binary_samples(s, call + "x[1])", f, {}, right);
  catalogue::pair_samples(s, call + "x[1])", f, kArithmeticPairs);
  catalogue::promotion_samples(s, call + "x[1])", f, booleans);
  for (const auto& [text, value] : std::vector<std::pair<std::string, Scalar> >{{"2", 2}, {"-1.5", -1.5}, {"True", true}}) {
    if (!booleans && value.isBoolean()) continue;
    const auto with_number = [number, v = value](const Tensor& x) { return number(x, v); };
    catalogue::unary_samples(s, call + text + ")", with_number);
    catalogue::integer_samples(s, call + text + ")", with_number, booleans);
  }
  s.at(call + "math.inf)", {catalogue::vector_of(kArithmeticPairs)}, [number](Inputs x) { return number(x[0], INFINITY); });
  s.rejects(name + " of shapes that don't broadcast", "at non-singleton dimension 1", [f] { f(ones({2, 3}), ones({2, 2})); });
}

const catalogue::Entry add_entry("add", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return add(a, b); };
  const auto number = [](const Tensor& a, const Scalar& b) { return add(a, b); };
  arithmetic_samples(s, "add", tensors, number, {}, true);
  catalogue::binary_samples(s, "torch.add(x[0], x[1], alpha=-2.5)", [](const Tensor& a, const Tensor& b) { return add(a, b, -2.5); });
  s.add("torch.add(x[0], 3, alpha=0.5)", {s.normal({2, 3})}, [](Inputs x) { return add(x[0], 3, 0.5); });
  s.flat("torch.add(x[0], x[1], alpha=3)", {s.integers({4}, -5, 5), s.integers({4}, -5, 5)}, [](Inputs x) { return add(x[0], x[1], 3); });
  s.flat("torch.add(x[0], x[1], alpha=2)", {s.booleans({4}), s.booleans({4})}, [](Inputs x) { return add(x[0], x[1], 2); });
  s.add("3 + x[0]", {s.normal({2, 3})}, [](Inputs x) { return 3 + x[0]; });
  s.rejects("a floating alpha for integers", "argument alpha must not be a floating point number",
            [] { add(ones({2}, kLong), ones({2}, kLong), 1.5); });
  s.rejects("a Bool alpha for numbers", "Boolean alpha only supported for Boolean results", [] { add(ones({2}), ones({2}), true); });
  s.rejects("a floating number added to integers in place", "can't be cast to the desired output type Long", [] { ones({2}, kLong).add_(1.5); });
  s.rejects("an in-place sum that is larger", "doesn't match the broadcast shape [2, 3]", [] { ones({3}).add_(ones({2, 3})); });
});

const catalogue::Entry sub_entry("sub", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return sub(a, b); };
  const auto number = [](const Tensor& a, const Scalar& b) { return sub(a, b); };
  arithmetic_samples(s, "sub", tensors, number, {}, false);
  catalogue::binary_samples(s, "torch.sub(x[0], x[1], alpha=1.5)", [](const Tensor& a, const Tensor& b) { return sub(a, b, 1.5); });
  s.add("torch.sub(x[0], 3, alpha=2)", {s.normal({2, 3})}, [](Inputs x) { return sub(x[0], 3, 2); });
  catalogue::unary_samples(s, "1.5 - x[0]", [](const Tensor& x) { return 1.5 - x; });
  s.flat("7 - x[0]", {s.integers({4}, -5, 5)}, [](Inputs x) { return 7 - x[0]; });
  s.rejects("two masks", "with two bool tensors is not supported", [] { sub(ones({2}, kBool), ones({2}, kBool)); });
  s.rejects("a mask", "with a bool tensor is not supported", [] { sub(ones({2}), ones({2}, kBool)); });
  s.rejects("a number from a mask", "with a bool tensor is not supported", [] { sub(ones({2}, kBool), 1); });
});

const catalogue::Entry rsub_entry("rsub", [](Samples& s) {
  const auto tensors = [](const Tensor& a, const Tensor& b) { return rsub(a, b); };
  const auto number = [](const Tensor& a, const Scalar& b) { return rsub(a, b); };
  arithmetic_samples(s, "rsub", tensors, number, {}, false);
  s.add("torch.rsub(x[0], x[1], alpha=1.5)", {s.normal({2, 3}), s.normal({3})}, [](Inputs x) { return rsub(x[0], x[1], 1.5); });
});

const catalogue::Entry mul_entry("mul", [](Samples& s) {
  arithmetic_samples(
      s, "mul", [](const Tensor& a, const Tensor& b) { return mul(a, b); }, [](const Tensor& a, const Scalar& b) { return mul(a, b); }, {}, true);
});

const catalogue::Entry div_entry("div", [](Samples& s) {
  arithmetic_samples(
      s, "div", [](const Tensor& a, const Tensor& b) { return div(a, b); }, [](const Tensor& a, const Scalar& b) { return div(a, b); },
      {-2, 2, {-0.2, 0, 0.2}}, true);
  catalogue::unary_samples(s, "1.5 / x[0]", [](const Tensor& x) { return 1.5 / x; }, {0.3, 2});
  s.rejects("integers divided in place", "can't be cast to the desired output type Long", [] { ones({2}, kLong).div_(2); });
});

const catalogue::Entry neg_entry("neg", [](Samples& s) {
  catalogue::unary_samples(s, "torch.neg(x[0])", neg);
  catalogue::integer_samples(s, "torch.neg(x[0])", neg, false);
  s.rejects("a mask", "on a bool tensor is not supported", [] { -ones({2}, kBool); });
});

const catalogue::Entry abs_entry("abs", [](Samples& s) {
  catalogue::unary_samples(s, "torch.abs(x[0])", abs, {-2, 2, {0}});
  catalogue::integer_samples(s, "torch.abs(x[0])", abs, false);
});

const catalogue::Entry sign_entry("sign", [](Samples& s) {
  catalogue::unary_samples(s, "torch.sign(x[0])", sign, {-2, 2, {0}}, catalogue::special_values_without({NAN}));
  catalogue::integer_samples(s, "torch.sign(x[0])", sign);
  s.at("torch.sign(x[0])", {catalogue::vector_of({NAN})}, [](Inputs x) { return sign(x[0]); }).deviation = "sign-of-nan";
});

// PyTorch's gradient of sgn alone is a tensor without memory.
const catalogue::Entry sgn_entry("sgn", [](Samples& s) {
  s.add("torch.sgn(x[0]) * x[0]", {s.avoiding({2, 3}, -2, 2, {0})}, [](Inputs x) { return sgn(x[0]) * x[0]; });
  s.flat("torch.sgn(x[0])", {catalogue::constant(catalogue::vector_of(catalogue::special_values_without({NAN})))},
         [](Inputs x) { return sgn(x[0]); });
  catalogue::integer_samples(s, "torch.sgn(x[0])", sgn);
  s.flat("x[0].clone().sgn_()", {s.integers({4}, -4, 5)}, [](Inputs x) { return x[0].clone().sgn_(); });
  s.flat("torch.sgn(x[0])", {catalogue::constant(catalogue::vector_of({NAN}))}, [](Inputs x) { return sgn(x[0]); }).deviation = "sign-of-nan";
});

// torch.`name`(x[0], x[1], x[2], value=...), x[2] away from 0.
void ternary_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&, const Tensor&, const Scalar&)) {
  const auto sample = [&](const std::string& value, const Scalar& v, IntArrayRef a, IntArrayRef b, IntArrayRef c) {
    s.add("torch." + name + "(x[0], x[1], x[2]" + value + ")", {s.normal(a), s.normal(b), s.uniform(c, 0.5, 2)},
          [f, v](Inputs x) { return f(x[0], x[1], x[2], v); });
  };
  sample("", 1, {2, 3}, {2, 3}, {2, 3});
  sample(", value=-1.5", -1.5, {2, 3}, {2, 3}, {2, 3});
  sample(", value=2", 2, {3}, {2, 1}, {});
  sample("", 1, {}, {}, {});
  sample("", 1, {0, 2}, {2}, {1});
}

const catalogue::Entry addcmul_entry("addcmul", [](Samples& s) {
  ternary_samples(s, "addcmul", addcmul);
  s.flat("torch.addcmul(x[0], x[1], x[2], value=2)", {s.integers({3}, -5, 5), s.integers({3}, -5, 5), s.integers({3}, -5, 5)},
         [](Inputs x) { return addcmul(x[0], x[1], x[2], 2); });
  s.rejects("Bool", "not implemented for 'Bool'", [] { addcmul(ones({2}, kBool), ones({2}, kBool), ones({2}, kBool)); });
});

const catalogue::Entry addcdiv_entry("addcdiv", [](Samples& s) {
  ternary_samples(s, "addcdiv", addcdiv);
  s.at("torch.addcdiv(x[0], x[1], x[2])", {s.normal({4}), catalogue::vector_of({1, 0, -1, 1}), catalogue::vector_of({0, 0, INFINITY, NAN})},
       [](Inputs x) { return addcdiv(x[0], x[1], x[2]); });
  s.rejects("addcdiv of integers", "Integer division with addcdiv is no longer supported",
            [] { addcdiv(ones({2}), ones({2}, kLong), ones({2}, kLong)); });
});

const catalogue::Entry lerp_entry("lerp", [](Samples& s) {
  for (const auto& [text, weight] : std::vector<std::pair<std::string, double> >{{"0.3", 0.3}, {"0.5", 0.5}, {"0.9", 0.9}, {"-1", -1}, {"2", 2}})
    catalogue::binary_samples(s, "torch.lerp(x[0], x[1], " + text + ")", [w = weight](const Tensor& a, const Tensor& b) { return lerp(a, b, w); });
  const auto sample = [&s](IntArrayRef a, IntArrayRef b, IntArrayRef w) {
    s.add("torch.lerp(x[0], x[1], x[2])", {s.normal(a), s.normal(b), s.uniform(w, -1, 2)}, [](Inputs x) { return lerp(x[0], x[1], x[2]); });
  };
  sample({2, 3}, {2, 3}, {2, 3});
  sample({2, 1}, {1, 3}, {});
  sample({0}, {1}, {1});
  s.rejects("another dtype", "for `end` but got dtype", [] { lerp(ones({2}), ones({2}, kDouble), 0.5); });
  s.rejects("another dtype of the weight", "for `weight` but got dtype", [] { lerp(ones({2}), ones({2}), ones({2}, kDouble)); });
  s.rejects("integers", "not implemented for 'Long'", [] { lerp(ones({2}, kLong), ones({2}, kLong), 0.5); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
