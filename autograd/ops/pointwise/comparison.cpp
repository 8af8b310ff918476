#include <xgrad/autograd/ops/pointwise/comparison.h>

#include <cmath>
#include <cstring>
#include <functional>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/comparison.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

Tensor compare(const Operation& operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  return not_differentiable(pointwise(operation, table, result_type({a, b}), kBool, {a, b}), with("self", a.number(), "other", b.number()),
                            a.tensor(), b.tensor());
}

}  // namespace

Tensor eq(const Tensor& self, const Scalar& other) { return compare(operation<"eq">, kernels::eq, self, other); }
Tensor eq(const Tensor& self, const Tensor& other) { return compare(operation<"eq", 1>, kernels::eq, self, other); }
Tensor ne(const Tensor& self, const Scalar& other) { return compare(operation<"ne">, kernels::ne, self, other); }
Tensor ne(const Tensor& self, const Tensor& other) { return compare(operation<"ne", 1>, kernels::ne, self, other); }
Tensor lt(const Tensor& self, const Scalar& other) { return compare(operation<"lt">, kernels::lt, self, other); }
Tensor lt(const Tensor& self, const Tensor& other) { return compare(operation<"lt", 1>, kernels::lt, self, other); }
Tensor le(const Tensor& self, const Scalar& other) { return compare(operation<"le">, kernels::le, self, other); }
Tensor le(const Tensor& self, const Tensor& other) { return compare(operation<"le", 1>, kernels::le, self, other); }
Tensor gt(const Tensor& self, const Scalar& other) { return compare(operation<"gt">, kernels::gt, self, other); }
Tensor gt(const Tensor& self, const Tensor& other) { return compare(operation<"gt", 1>, kernels::gt, self, other); }
Tensor ge(const Tensor& self, const Scalar& other) { return compare(operation<"ge">, kernels::ge, self, other); }
Tensor ge(const Tensor& self, const Tensor& other) { return compare(operation<"ge", 1>, kernels::ge, self, other); }

// ---- whole tensors

namespace {

bool all_true(const Tensor& t) { return t.numel() == 0 || std::memchr(t.data_ptr<bool>(), false, static_cast<size_t>(t.numel())) == nullptr; }

}  // namespace

bool equal(const Tensor& self, const Tensor& other) { return self.sizes() == other.sizes() && all_true(eq(self, other)); }

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  return all_true(isclose(self, other, rtol, atol, equal_nan));
}

// ---- tests

Tensor isclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  const Operation& op = operation<"isclose">;
  XGRAD_CHECK(self.dtype() == other.dtype(), op, self.dtype(), " did not match ", other.dtype());
  XGRAD_CHECK(rtol >= 0, op, "rtol must be greater than or equal to zero, but got ", rtol);
  XGRAD_CHECK(atol >= 0, op, "atol must be greater than or equal to zero, but got ", atol);
  const kernels::Tolerance tolerance{rtol, atol, equal_nan};
  const ScalarType compute = self.is_floating_point() ? self.dtype() : kDouble;
  return not_differentiable(pointwise(op, kernels::isclose, compute, kBool, {self, other}, &tolerance),
                            with("rtol", rtol, "atol", atol, "equal_nan", equal_nan), self, other);
}

namespace {

Tensor test(const Operation& operation, const kernels::LoopTable& table, const Tensor& x) {
  return not_differentiable(pointwise(operation, table, floating_result_type({x}), kBool, {x}), x);
}

}  // namespace

Tensor isnan(const Tensor& self) { return test(operation<"isnan">, kernels::isnan, self); }
Tensor isinf(const Tensor& self) { return test(operation<"isinf">, kernels::isinf, self); }
Tensor isfinite(const Tensor& self) { return test(operation<"isfinite">, kernels::isfinite, self); }
Tensor isposinf(const Tensor& self) { return test(operation<"isposinf">, kernels::isposinf, self); }
Tensor isneginf(const Tensor& self) { return test(operation<"isneginf">, kernels::isneginf, self); }
Tensor isreal(const Tensor& self) { return ones_like(self, kBool); }
Tensor signbit(const Tensor& self) {
  return not_differentiable(pointwise(operation<"signbit">, kernels::signbit, self.dtype(), kBool, {self}), self);
}

// ---- logic: a number counts as true iff it is not 0

Tensor into::logical_and(const Tensor& self, const Tensor& other, Out out) {
  return not_differentiable(pointwise(operation<"logical_and">, kernels::logical_and, kBool, {self, other}, {}, out), self, other);
}
Tensor logical_and(const Tensor& self, const Tensor& other) { return into::logical_and(self, other, Out()); }
Tensor into::logical_or(const Tensor& self, const Tensor& other, Out out) {
  return not_differentiable(pointwise(operation<"logical_or">, kernels::logical_or, kBool, {self, other}, {}, out), self, other);
}
Tensor logical_or(const Tensor& self, const Tensor& other) { return into::logical_or(self, other, Out()); }
Tensor logical_xor(const Tensor& self, const Tensor& other) {
  return not_differentiable(pointwise(operation<"logical_xor">, kernels::logical_xor, kBool, {self, other}), self, other);
}
Tensor logical_not(const Tensor& self) { return not_differentiable(pointwise(operation<"logical_not">, kernels::logical_not, kBool, {self}), self); }

// ---- bits

namespace {

Tensor bitwise(const Operation& operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  return not_differentiable(pointwise(operation, table, result_type({a, b}), {a, b}), with("self", a.number(), "other", b.number()), a.tensor(),
                            b.tensor());
}

}  // namespace

Tensor bitwise_and(const Tensor& self, const Scalar& other) { return bitwise(operation<"bitwise_and">, kernels::bitwise_and, self, other); }
Tensor bitwise_and(const Scalar& self, const Tensor& other) { return bitwise(operation<"bitwise_and">, kernels::bitwise_and, self, other); }
Tensor bitwise_and(const Tensor& self, const Tensor& other) { return bitwise(operation<"bitwise_and">, kernels::bitwise_and, self, other); }
Tensor bitwise_or(const Tensor& self, const Scalar& other) { return bitwise(operation<"bitwise_or">, kernels::bitwise_or, self, other); }
Tensor bitwise_or(const Scalar& self, const Tensor& other) { return bitwise(operation<"bitwise_or">, kernels::bitwise_or, self, other); }
Tensor bitwise_or(const Tensor& self, const Tensor& other) { return bitwise(operation<"bitwise_or">, kernels::bitwise_or, self, other); }
Tensor bitwise_xor(const Tensor& self, const Scalar& other) { return bitwise(operation<"bitwise_xor">, kernels::bitwise_xor, self, other); }
Tensor bitwise_xor(const Scalar& self, const Tensor& other) { return bitwise(operation<"bitwise_xor">, kernels::bitwise_xor, self, other); }
Tensor bitwise_xor(const Tensor& self, const Tensor& other) { return bitwise(operation<"bitwise_xor">, kernels::bitwise_xor, self, other); }
Tensor bitwise_not(const Tensor& self) {
  return not_differentiable(pointwise(operation<"bitwise_not">, kernels::bitwise_not, self.dtype(), {self}), self);
}

#define XGRAD_SHIFT(name, table)                                                                                          \
  Tensor name(const Tensor& self, const Scalar& other) { return bitwise(operation<#name>, kernels::table, self, other); } \
  Tensor name(const Scalar& self, const Tensor& other) { return bitwise(operation<#name>, kernels::table, self, other); } \
  Tensor name(const Tensor& self, const Tensor& other) { return bitwise(operation<#name>, kernels::table, self, other); }
XGRAD_SHIFT(bitwise_left_shift, left_shift)
XGRAD_SHIFT(bitwise_right_shift, right_shift)
#undef XGRAD_SHIFT

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

const std::vector<double> kComparisonPairs = {0.0, -0.0, 1, -1, 0.5, 1e200, INFINITY, -INFINITY, NAN};

void comparison_samples(Samples& s, const std::string& name, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& number) {
  const std::string call = "torch." + name + "(x[0], ";
  catalogue::pair_samples(s, call + "x[1])", f, kComparisonPairs).orders = 0;
  catalogue::promotion_samples(s, call + "x[1])", f);
  for (const auto& [a, b] : std::vector<std::pair<Dims, Dims> >{{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {2}}, {{0}, {1}}})
    s.flat(call + "x[1])", {s.integers(a, 0, 3), s.integers(b, 0, 3)}, [f](Inputs x) { return f(x[0], x[1]); });
  for (const auto& [text, value] : std::vector<std::pair<std::string, Scalar> >{{"1", 1}, {"0.5", 0.5}, {"True", true}, {"math.nan", NAN}}) {
    const auto with_number = [number, v = value](Inputs x) { return number(x[0], v); };
    s.flat(call + text + ")", {s.integers({5}, -1, 3)}, with_number);
    s.flat(call + text + ")", {s.booleans({5})}, with_number);
    s.flat(call + text + ")", {catalogue::vector_of(kComparisonPairs)}, with_number);
  }
  s.rejects(name + " of shapes that don't broadcast", "must match the size", [f] { f(ones({2}), ones({3})); });
}

// The overloads of one comparison for two tensors and for a number.
#define XGRAD_COMPARISON_ENTRY(name)                                                                                                         \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                                                                                \
    comparison_samples(                                                                                                                      \
        s, #name, [](const Tensor& a, const Tensor& b) { return name(a, b); }, [](const Tensor& a, const Scalar& b) { return name(a, b); }); \
  })
XGRAD_COMPARISON_ENTRY(eq);
XGRAD_COMPARISON_ENTRY(ne);
XGRAD_COMPARISON_ENTRY(lt);
XGRAD_COMPARISON_ENTRY(le);
XGRAD_COMPARISON_ENTRY(gt);
XGRAD_COMPARISON_ENTRY(ge);
#undef XGRAD_COMPARISON_ENTRY

void test_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&)) {
  const std::string call = "torch." + name + "(x[0])";
  s.flat(call, {catalogue::vector_of(kComparisonPairs)}, [f](Inputs x) { return f(x[0]); });
  catalogue::integer_samples(s, call, f);
}

const catalogue::Entry isnan_entry("isnan", [](Samples& s) { test_samples(s, "isnan", isnan); });
const catalogue::Entry isinf_entry("isinf", [](Samples& s) { test_samples(s, "isinf", isinf); });
const catalogue::Entry isfinite_entry("isfinite", [](Samples& s) { test_samples(s, "isfinite", isfinite); });

const catalogue::Entry isposinf_entry("isposinf", [](Samples& s) { test_samples(s, "isposinf", isposinf); });
const catalogue::Entry isneginf_entry("isneginf", [](Samples& s) { test_samples(s, "isneginf", isneginf); });
const catalogue::Entry isreal_entry("isreal", [](Samples& s) { test_samples(s, "isreal", isreal); });
const catalogue::Entry signbit_entry("signbit", [](Samples& s) { test_samples(s, "signbit", signbit); });

const catalogue::Entry isclose_entry("isclose", [](Samples& s) {
  const auto f = [](const Tensor& a, const Tensor& b) { return isclose(a, b); };
  const auto with_nan = [](const Tensor& a, const Tensor& b) { return isclose(a, b, 1e-5, 1e-8, true); };
  catalogue::pair_samples(s, "torch.isclose(x[0], x[1])", f, {0, 1e-9, 1e-7, 1, 1.000001, 1.0001, INFINITY, -INFINITY, NAN}).orders = 0;
  catalogue::pair_samples(s, "torch.isclose(x[0], x[1], equal_nan=True)", with_nan, {0, 1, INFINITY, NAN}).orders = 0;
  s.flat("torch.isclose(x[0], x[1], rtol=0.5, atol=1)", {s.integers({3, 3}, 0, 9), s.integers({3}, 0, 9)},
         [](Inputs x) { return isclose(x[0], x[1], 0.5, 1); });
  s.rejects("two dtypes", "did not match", [] { isclose(ones({2}), ones({2}, kDouble)); });
  s.rejects("a negative tolerance", "rtol must be greater than or equal to zero", [] { isclose(ones({2}), ones({2}), -1); });
});

void whole_samples(Samples& s, const std::string& name, bool (*f)(const Tensor&, const Tensor&)) {
  const auto sample = [&](const Tensor& a, const Tensor& b) {
    s.flat("torch.tensor(torch." + name + "(x[0], x[1]))", {catalogue::constant(a), catalogue::constant(b)},
           [f](Inputs x) { return full({}, f(x[0], x[1]), TensorOptions(kBool)); });
  };
  const Tensor x = s.normal({2, 3});
  sample(x, x + 0);
  sample(x, x + 1e-9);
  sample(x, x + 1);
  sample(x.slice(0, 0, 0), x.slice(0, 0, 0));
  sample(catalogue::vector_of({1, NAN}), catalogue::vector_of({1, NAN}));
  sample(s.integers({3}, 0, 9), full({3}, 10, TensorOptions(kLong)));
}

const catalogue::Entry equal_entry("equal", [](Samples& s) {
  whole_samples(s, "equal", equal);
  s.flat("torch.tensor(torch.equal(x[0], x[0][:1]))", {s.integers({3}, 0, 1)},
         [](Inputs x) { return full({}, equal(x[0], x[0].slice(0, 0, 1)), TensorOptions(kBool)); });
});
const catalogue::Entry allclose_entry("allclose", [](Samples& s) {
  whole_samples(s, "allclose", [](const Tensor& a, const Tensor& b) { return allclose(a, b); });
});

void logical_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&)) {
  const std::string call = "torch." + name + "(x[0], x[1])";
  catalogue::pair_samples(s, call, f, {0.0, -0.0, 1, 1e-300, NAN}).orders = 0;
  catalogue::promotion_samples(s, call, f);
  s.flat(call, {s.booleans({2, 4}), s.booleans({4})}, [f](Inputs x) { return f(x[0], x[1]); });
}

const catalogue::Entry logical_and_entry("logical_and", [](Samples& s) { logical_samples(s, "logical_and", logical_and); });
const catalogue::Entry logical_or_entry("logical_or", [](Samples& s) { logical_samples(s, "logical_or", logical_or); });
const catalogue::Entry logical_xor_entry("logical_xor", [](Samples& s) { logical_samples(s, "logical_xor", logical_xor); });
const catalogue::Entry logical_not_entry("logical_not", [](Samples& s) {
  s.flat("torch.logical_not(x[0])", {catalogue::vector_of(kComparisonPairs)}, [](Inputs x) { return logical_not(x[0]); });
  catalogue::integer_samples(s, "torch.logical_not(x[0])", logical_not);
});

void bitwise_samples(Samples& s, const std::string& name, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& right,
                     const std::function<Tensor(const Scalar&, const Tensor&)>& left) {
  const std::string call = "torch." + name;
  for (const ScalarType a : {kLong, kInt, kByte, kBool})
    for (const ScalarType b : {kLong, kInt, kByte, kBool})
      s.flat(call + "(x[0], x[1])", {s.integers({2, 4}, 0, 200).to(a), s.integers({4}, 0, 200).to(b)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call + "(x[0], 5)", {s.integers({4}, -9, 9)}, [right](Inputs x) { return right(x[0], 5); });
  s.flat(call + "(x[0], True)", {s.booleans({4})}, [right](Inputs x) { return right(x[0], true); });
  s.flat(call + "(5, x[0])", {s.integers({4}, -9, 9)}, [left](Inputs x) { return left(5, x[0]); });
  s.rejects("floating numbers", "not implemented for 'Float'", [f] { f(ones({2}), ones({2})); });
}

#define XGRAD_BITWISE_ENTRY(name)                                                                                                           \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                                                                               \
    bitwise_samples(                                                                                                                        \
        s, #name, [](const Tensor& a, const Tensor& b) { return name(a, b); }, [](const Tensor& a, const Scalar& b) { return name(a, b); }, \
        [](const Scalar& a, const Tensor& b) { return name(a, b); });                                                                       \
  })
XGRAD_BITWISE_ENTRY(bitwise_and);
XGRAD_BITWISE_ENTRY(bitwise_or);
XGRAD_BITWISE_ENTRY(bitwise_xor);
#undef XGRAD_BITWISE_ENTRY

void shift_samples(Samples& s, const std::string& name, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& right,
                   const std::function<Tensor(const Scalar&, const Tensor&)>& left) {
  const std::string call = "torch." + name;
  for (const ScalarType a : {kLong, kInt, kByte})
    for (const ScalarType b : {kLong, kInt, kByte})
      s.flat(call + "(x[0], x[1])", {s.integers({2, 4}, 0, 200).to(a), s.integers({4}, 0, 12).to(b)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call + "(x[0], x[1])", {s.integers({20}, -99, 99), s.integers({20}, 0, 64)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call + "(x[0], x[1])", {s.integers({}, -99, 99).to(kInt), s.integers({3}, 0, 32).to(kInt)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call + "(x[0], 2)", {s.integers({4}, -99, 99)}, [right](Inputs x) { return right(x[0], 2); });
  s.flat(call + "(90, x[0])", {s.integers({4}, 0, 9)}, [left](Inputs x) { return left(90, x[0]); });
  s.rejects("floating numbers", "not implemented for 'Float'", [f] { f(ones({2}), ones({2})); });
  s.rejects("Bool", "not implemented for 'Bool'", [f] { f(ones({2}, kBool), ones({2}, kBool)); });
}

#define XGRAD_SHIFT_ENTRY(name)                                                                                                             \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                                                                               \
    shift_samples(                                                                                                                          \
        s, #name, [](const Tensor& a, const Tensor& b) { return name(a, b); }, [](const Tensor& a, const Scalar& b) { return name(a, b); }, \
        [](const Scalar& a, const Tensor& b) { return name(a, b); });                                                                       \
  })
XGRAD_SHIFT_ENTRY(bitwise_left_shift);
XGRAD_SHIFT_ENTRY(bitwise_right_shift);
#undef XGRAD_SHIFT_ENTRY

// In place, and as operators of numbers.
const catalogue::Entry bits_in_place_entry("bits_in_place", [](Samples& s) {
  const auto sample = [&s](const char* call, const auto& f) { s.flat(call, {s.integers({2, 4}, 0, 99), s.integers({4}, 0, 9)}, f); };
  sample("x[0].clone().bitwise_and_(x[1])", [](Inputs x) { return x[0].clone().bitwise_and_(x[1]); });
  sample("x[0].clone().bitwise_or_(6)", [](Inputs x) { return x[0].clone().bitwise_or_(6); });
  sample("x[0].clone().bitwise_xor_(x[1])", [](Inputs x) { return x[0].clone().bitwise_xor_(x[1]); });
  sample("x[0].clone().bitwise_left_shift_(x[1])", [](Inputs x) { return x[0].clone().bitwise_left_shift_(x[1]); });
  sample("x[0].clone().bitwise_right_shift_(2)", [](Inputs x) { return x[0].clone().bitwise_right_shift_(2); });
  sample("x[0].clone().logical_and_(x[1])", [](Inputs x) { return x[0].clone().logical_and_(x[1]); });
  sample("x[0].clone().logical_or_(x[1])", [](Inputs x) { return x[0].clone().logical_or_(x[1]); });
  sample("x[0].clone().logical_xor_(x[1])", [](Inputs x) { return x[0].clone().logical_xor_(x[1]); });
  sample("x[0].clone().bitwise_or_(x[1]).bitwise_and_(x[1]).bitwise_xor_(x[1])", [](Inputs x) {
    Tensor y = x[0].clone();
    y |= x[1];
    y &= x[1];
    return y ^= x[1];
  });
  sample("5 & x[0] ^ (6 | x[1])", [](Inputs x) { return (5 & x[0]) ^ (6 | x[1]); });
  sample("6 ^ x[0]", [](Inputs x) { return 6 ^ x[0]; });
  sample("99 % (x[0] + 1)", [](Inputs x) { return 99 % (x[0] + 1); });
  s.rejects("a wider dtype in place", "can't be cast to the desired output type Bool", [] { ones({2}, kBool).bitwise_and_(ones({2}, kLong)); });
});
const catalogue::Entry bitwise_not_entry("bitwise_not", [](Samples& s) {
  catalogue::integer_samples(s, "torch.bitwise_not(x[0])", bitwise_not);
  s.rejects("floating numbers", "not implemented for 'Float'", [] { ~ones({2}); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
