#include <xgrad/autograd/ops/pointwise/selection.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/core/scalar_conversion.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/selection.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- one of two by a condition

namespace {

Forward where_forward(const Tensor& condition, const Operand& a, const Operand& b, Out out = {}) {
  const Operation& op = operation<"where">;
  XGRAD_CHECK(condition.dtype() == kBool || condition.dtype() == kByte, op,
              "where expected condition to be a boolean tensor, but got a tensor with dtype ", condition.dtype());
  return pointwise(op, kernels::where, result_type({a, b}), {as_it_is(condition), a, b}, {}, out);
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  return record(where_forward(condition, self, other), given(condition),
                wrt_in_place(self, [c = save(condition)](const Tensor& gy, Out out) { return into::where(c, gy, 0.0, out); }),
                wrt_in_place(other, [c = save(condition)](const Tensor& gy, Out out) { return into::where(c, 0.0, gy, out); }));
}

Tensor into::where(const Tensor& condition, const Scalar& self, const Tensor& other, Out out) {
  return record(where_forward(condition, self, other, out), with("self", self), given(condition),
                wrt_in_place(other, [c = save(condition)](const Tensor& gy, Out out) { return into::where(c, 0.0, gy, out); }));
}

Tensor into::where(const Tensor& condition, const Tensor& self, const Scalar& other, Out out) {
  return record(where_forward(condition, self, other, out), with("other", other), given(condition),
                wrt_in_place(self, [c = save(condition)](const Tensor& gy, Out out) { return into::where(c, gy, 0.0, out); }));
}

Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) { return into::where(condition, self, other, Out()); }
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) { return into::where(condition, self, other, Out()); }

Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  return not_differentiable(where_forward(condition, self, other), with("self", self, "other", other), condition);
}

std::vector<Tensor> where(const Tensor& condition) { return nonzero(condition.dim() == 0 ? condition.unsqueeze(0) : condition).unbind(1); }

// ---- the larger and the smaller of two

namespace {

Tensor share_of(const kernels::LoopTable& table, const Tensor& gy, const Tensor& a, const Tensor& b, const kernels::Chosen& chosen = {false}) {
  return record(pointwise(operation<"selection_share">, table, gy.dtype(), {gy, a, b}, &chosen),
                wrt(gy, [&table, chosen, a = save(a), b = save(b)](const Tensor& g) { return share_of(table, g, a, b, chosen); }), given(a),
                given(b));
}

// A NaN takes the whole gradient of a pair with a number; equal values take half each.
Tensor extremum(const Operation& operation, const kernels::LoopTable& table, const kernels::LoopTable& share, const Tensor& a, const Tensor& b) {
  return record(pointwise(operation, table, result_type({a, b}), {a, b}),
                wrt(a, [&share, a = save(a), b = save(b)](const Tensor& gy) { return share_of(share, gy, a, b); }),
                wrt(b, [&share, a = save(a), b = save(b)](const Tensor& gy) { return share_of(share, gy, b, a); }));
}

// The first takes the gradient of equal values.
Tensor extremum_without_nan(const Operation& operation, const kernels::LoopTable& table, const kernels::LoopTable& share, const Tensor& a,
                            const Tensor& b) {
  return record(pointwise(operation, table, result_type({a, b}), {a, b}),
                wrt(a, [&share, a = save(a), b = save(b)](const Tensor& gy) { return share_of(share, gy, a, b, {false}); }),
                wrt(b, [&share, a = save(a), b = save(b)](const Tensor& gy) { return share_of(share, gy, a, b, {true}); }));
}

}  // namespace

Tensor maximum(const Tensor& self, const Tensor& other) {
  return extremum(operation<"maximum">, kernels::maximum, kernels::maximum_share, self, other);
}
Tensor minimum(const Tensor& self, const Tensor& other) {
  return extremum(operation<"minimum">, kernels::minimum, kernels::minimum_share, self, other);
}
Tensor fmax(const Tensor& self, const Tensor& other) {
  return extremum_without_nan(operation<"fmax">, kernels::fmax, kernels::fmax_share, self, other);
}
Tensor fmin(const Tensor& self, const Tensor& other) {
  return extremum_without_nan(operation<"fmin">, kernels::fmin, kernels::fmin_share, self, other);
}
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }

// ---- within bounds: the gradient passes where the value lies between them, bounds included

namespace {

// gy where low <= x <= high, else 0.
Tensor inside_range(const Tensor& gy, const Tensor& x, const kernels::Range& range, Out out) {
  return record(pointwise(operation<"inside_range">, kernels::inside_range, gy.dtype(), {gy, x}, &range, out),
                wrt_in_place(gy, [range, x = save(x)](const Tensor& g, Out out) { return inside_range(g, x, range, out); }), given(x));
}

template <class... T> Tensor bounded(Forward y, const With<T...>& attributes, const Tensor& x, double low, double high) {
  const kernels::Range range{low, high};
  return record(std::move(y), attributes,
                wrt_in_place(x, [range, x = save(x)](const Tensor& gy, Out out) { return inside_range(gy, x, range, out); }));
}

constexpr double kUnbounded = std::numeric_limits<double>::infinity();

Forward clamp_below(const Operation& operation, const Tensor& x, const Scalar& min, Out out) {
  const ScalarType dtype = result_type({x, min});
  check_fits(operation.name(), min, dtype);
  return pointwise(operation, kernels::clamp_min, dtype, {x, min}, {}, out);
}

Forward clamp_above(const Operation& operation, const Tensor& x, const Scalar& max, Out out) {
  const ScalarType dtype = result_type({x, max});
  check_fits(operation.name(), max, dtype);
  return pointwise(operation, kernels::clamp_max, dtype, {x, max}, {}, out);
}

Forward clamp_forward(const Tensor& x, const std::optional<Scalar>& min, const std::optional<Scalar>& max, Out out) {
  const Operation& op = operation<"clamp", 1>;
  XGRAD_CHECK(min || max, op, "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (!max) return clamp_below(op, x, *min, out);
  if (!min) return clamp_above(op, x, *max, out);
  const ScalarType dtype = result_type({x, *min, *max});
  check_fits(op.name(), *min, dtype);
  check_fits(op.name(), *max, dtype);
  return pointwise(op, kernels::clamp, dtype, {x, *min, *max}, {}, out);
}

}  // namespace

Tensor into::clamp(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max, Out out) {
  return bounded(clamp_forward(self, min, max, out), with("min", min, "max", max), self, min ? min->toDouble() : -kUnbounded,
                 max ? max->toDouble() : kUnbounded);
}

Tensor into::clamp_min(const Tensor& self, const Scalar& min, Out out) {
  return bounded(clamp_below(operation<"clamp_min">, self, min, out), with("min", min), self, min.toDouble(), kUnbounded);
}

Tensor into::clamp_max(const Tensor& self, const Scalar& max, Out out) {
  return bounded(clamp_above(operation<"clamp_max">, self, max, out), with("max", max), self, -kUnbounded, max.toDouble());
}

namespace {

Tensor clamp_min_tensor(const Operation& operation, const Tensor& x, const Tensor& min, Out out) {
  if (result_type(x, min) == kBool) return into::logical_or(x, min, out);
  return record(pointwise(operation, kernels::clamp_min, result_type({x, min}), {x, min}, {}, out),
                wrt(x, [x = save(x), m = save(min)](const Tensor& gy) { return where(ge(x, m), gy, 0.0); }),
                wrt(min, [x = save(x), m = save(min)](const Tensor& gy) { return where(lt(x, m), gy, 0.0); }));
}

Tensor clamp_max_tensor(const Operation& operation, const Tensor& x, const Tensor& max, Out out) {
  if (result_type(x, max) == kBool) return into::logical_and(x, max, out);
  return record(pointwise(operation, kernels::clamp_max, result_type({x, max}), {x, max}, {}, out),
                wrt(x, [x = save(x), m = save(max)](const Tensor& gy) { return where(le(x, m), gy, 0.0); }),
                wrt(max, [x = save(x), m = save(max)](const Tensor& gy) { return where(gt(x, m), gy, 0.0); }));
}

}  // namespace

Tensor into::clamp(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max, Out out) {
  const bool has_min = min && min->defined(), has_max = max && max->defined();
  const Operation& op = operation<"clamp">;
  XGRAD_CHECK(has_min || has_max, op, "torch.clamp: At least one of 'min' or 'max' must not be None");
  if (!has_max) return clamp_min_tensor(operation_recorded_as<"clamp_min", "ClampBackward0">, self, *min, out);
  if (!has_min) return clamp_max_tensor(operation_recorded_as<"clamp_max", "ClampBackward0">, self, *max, out);
  // Where max < min the result is max.
  return record(pointwise(op, kernels::clamp, result_type({self, *min, *max}), {self, *min, *max}, {}, out),
                wrt(self, [x = save(self), low = save(*min),
                           high = save(*max)](const Tensor& gy) { return where(logical_and(ge(x, low), le(x, high)), gy, 0.0); }),
                wrt(*min, [x = save(self), low = save(*min),
                           high = save(*max)](const Tensor& gy) { return where(logical_and(lt(x, low), lt(low, high)), gy, 0.0); }),
                wrt(*max, [x = save(self), low = save(*min), high = save(*max)](const Tensor& gy) {
                  return where(logical_or(gt(x, high), lt(high, low)), gy, 0.0);
                }));
}

Tensor into::clamp_min(const Tensor& self, const Tensor& min, Out out) { return clamp_min_tensor(operation<"clamp_min", 1>, self, min, out); }
Tensor into::clamp_max(const Tensor& self, const Tensor& max, Out out) { return clamp_max_tensor(operation<"clamp_max", 1>, self, max, out); }

Tensor into::clip(const Tensor& self, const std::optional<Scalar>& min, const std::optional<Scalar>& max, Out out) {
  return clamp(self, min, max, out);
}
Tensor into::clip(const Tensor& self, const std::optional<Tensor>& min, const std::optional<Tensor>& max, Out out) {
  return clamp(self, min, max, out);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

const catalogue::Entry where_entry("where", [](Samples& s) {
  s.sums_depend_on_layout();
  const auto sample = [&s](IntArrayRef c, IntArrayRef a, IntArrayRef b) {
    s.add("torch.where(x[0], x[1], x[2])", {s.booleans(c), s.normal(a), s.normal(b)}, [](Inputs x) { return where(x[0], x[1], x[2]); });
  };
  sample({2, 3}, {2, 3}, {2, 3});
  sample({3}, {2, 1}, {});
  sample({2, 3}, {}, {});
  sample({}, {2}, {2});
  sample({0}, {1}, {1});
  s.at("torch.where(x[0], x[1], x[2])", {s.booleans({6}).to(kByte), s.normal({6}), s.normal({6})}, [](Inputs x) { return where(x[0], x[1], x[2]); });
  s.at("torch.where(x[0], x[1], x[2])", {s.booleans({3}), catalogue::vector_of({NAN, INFINITY, 1}), catalogue::vector_of({1, NAN, INFINITY})},
       [](Inputs x) { return where(x[0], x[1], x[2]); });
  s.add("torch.where(x[0], 2.5, x[1])", {s.booleans({2, 3}), s.normal({3})}, [](Inputs x) { return where(x[0], 2.5, x[1]); });
  s.add("torch.where(x[0], x[1], -1.0)", {s.booleans({2, 3}), s.normal({3})}, [](Inputs x) { return where(x[0], x[1], -1.0); });
  s.flat("torch.where(x[0], 1, 2)", {s.booleans({4})}, [](Inputs x) { return where(x[0], 1, 2); });
  s.flat("torch.where(x[0], 1.5, 2.0)", {s.booleans({4})}, [](Inputs x) { return where(x[0], 1.5, 2.0); });
  catalogue::promotion_samples(s, "torch.where(x[0] > 3, x[0], x[1])", [](const Tensor& a, const Tensor& b) { return where(a > 3, a, b); });
  s.flat("torch.where(x[0])", {s.booleans({3, 4})}, [](Inputs x) { return where(x[0]); });
  s.rejects("a condition of numbers", "expected condition to be a boolean tensor", [] { where(ones({2}, kLong), ones({2}), ones({2})); });
});

void extremum_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&), bool nan_agrees) {
  const std::string call = "torch." + name + "(x[0], x[1])";
  // The intervals don't meet, so no pair is close to a tie; both orders.
  catalogue::binary_samples(s, call, f, {-2, 0.4}, {0.6, 2});
  catalogue::binary_samples(s, call, f, {0.6, 2}, {-2, 0.4});
  s.add(call, {s.distinct({3, 4}), s.distinct({3, 4}) + 0.05}, [f](Inputs x) { return f(x[0], x[1]); });
  catalogue::pair_samples(s, call, f, {1, -1, 0.5, 1000, INFINITY, -INFINITY});
  catalogue::promotion_samples(s, call, f);
  catalogue::Sample& with_nan =
      s.at(call, {catalogue::vector_of({NAN, 1, NAN}), catalogue::vector_of({1, NAN, NAN})}, [f](Inputs x) { return f(x[0], x[1]); });
  if (!nan_agrees) with_nan.deviation = "maximum-of-nan";
}

const catalogue::Entry maximum_entry("maximum", [](Samples& s) {
  extremum_samples(s, "maximum", maximum, false);
  s.add("torch.max(x[0], x[1])", {s.distinct({4}), s.distinct({4}) + 0.05}, [](Inputs x) { return max(x[0], x[1]); });
});
const catalogue::Entry minimum_entry("minimum", [](Samples& s) {
  extremum_samples(s, "minimum", minimum, false);
  s.add("torch.min(x[0], x[1])", {s.distinct({4}), s.distinct({4}) + 0.05}, [](Inputs x) { return min(x[0], x[1]); });
});
const catalogue::Entry fmax_entry("fmax", [](Samples& s) { extremum_samples(s, "fmax", fmax, true); });
const catalogue::Entry fmin_entry("fmin", [](Samples& s) { extremum_samples(s, "fmin", fmin, true); });

const catalogue::Entry clamp_entry("clamp", [](Samples& s) {
  struct Bounds {
    const char* text;
    std::optional<Scalar> min, max;
  };
  for (const Bounds& b : {Bounds{"min=-0.5, max=1", -0.5, 1}, {"min=0", 0, {}}, {"max=0.5", {}, 0.5}, {"min=2, max=1", 2, 1}}) {
    const std::string call = std::string("torch.clamp(x[0], ") + b.text + ")";
    const auto f = [min = b.min, max = b.max](const Tensor& x) { return clamp(x, min, max); };
    catalogue::unary_samples(s, call, f, {-2, 3, {-0.5, 0, 0.5, 1, 2}});
    s.flat(call, {s.integers({2, 3}, -4, 5)}, [f](Inputs x) { return f(x[0]); });
    s.flat(call, {s.booleans({4})}, [f](Inputs x) { return f(x[0]); });
  }
  s.at("torch.clamp(x[0], 0, math.nan)", {catalogue::vector_of({0, 1})}, [](Inputs x) { return clamp(x[0], 0, NAN); });
  s.flat("torch.clamp(x[0], 1, 3)", {s.integers({6}, 0, 6).to(kByte)}, [](Inputs x) { return clamp(x[0], 1, 3); });
  s.flat("torch.clamp(x[0], -2, 3)", {s.integers({6}, -5, 6)}, [](Inputs x) { return clamp(x[0], -2, 3); });
  s.rejects("no bounds", "At least one of 'min' or 'max' must not be None", [] { clamp(ones({2}), std::optional<Scalar>()); });
  s.rejects("no tensors", "At least one of 'min' or 'max' must not be None", [] { clamp(ones({2}), std::optional<Tensor>()); });
  s.rejects("floating bounds of integers in place", "can't be cast to the desired output type Long", [] { ones({2}, kLong).clamp_(0.5, 1.5); });
  s.rejects("a bound outside uint8", "without overflow", [] { clamp(ones({2}, kByte), -5, 300); });
});

const catalogue::Entry clamp_tensors_entry("clamp_tensors", [](Samples& s) {
  s.sums_depend_on_layout();
  const std::string both = "torch.clamp(x[0], x[1], x[2])";
  const auto clamped = [](Inputs x) { return clamp(x[0], x[1], x[2]); };
  s.add(both, {s.avoiding({2, 3}, -2, 2, {-0.5, -0.4, 0.5, 0.6}), s.uniform({3}, -0.5, -0.4), s.uniform({2, 1}, 0.5, 0.6)}, clamped);
  s.add(both, {s.avoiding({2, 3}, -2, 2, {-0.5, -0.4, 0.5, 0.6}), s.uniform({}, 0.5, 0.6), s.uniform({}, -0.5, -0.4)}, clamped);
  s.at(both,
       {catalogue::vector_of({1, 0, 2, 3, 1, NAN, 1}), catalogue::vector_of({1, 1, 3, 1, NAN, 0, 0}), catalogue::vector_of({2, 2, 1, 2, 2, 1, NAN})},
       clamped);
  s.add("torch.clamp(x[0], min=x[1])", {s.uniform({2, 3}, -2, 0.4), s.uniform({3}, 0.6, 1)}, [](Inputs x) { return clamp(x[0], x[1]); });
  s.add("torch.clamp(x[0], max=x[1])", {s.uniform({2, 3}, -2, 0.4), s.uniform({3}, 0.6, 1)},
        [](Inputs x) { return clamp(x[0], std::optional<Tensor>(), x[1]); });
});

const catalogue::Entry clip_entry("clip", [](Samples& s) {
  s.add("torch.clip(x[0], -1, 1)", {s.avoiding({6}, -2, 2, {-1, 1})}, [](Inputs x) { return clip(x[0], -1, 1); });
  s.add("torch.clip(x[0], max=x[1])", {s.uniform({4}, -2, 0.4), s.uniform({4}, 0.6, 1)}, [](Inputs x) { return clip(x[0], {}, x[1]); });
});

void bound_samples(Samples& s, const std::string& name, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& number) {
  s.sums_depend_on_layout();
  const std::string call = "torch." + name + "(x[0], ";
  catalogue::binary_samples(s, call + "x[1])", f, {-2, 0.4}, {0.6, 2});
  catalogue::binary_samples(s, call + "x[1])", f, {0.6, 2}, {-2, 0.4});
  catalogue::pair_samples(s, call + "x[1])", f, {0.5, 1, -1, INFINITY, -INFINITY, NAN});
  catalogue::promotion_samples(s, call + "x[1])", f, false);
  catalogue::unary_samples(s, call + "0.5)", [number](const Tensor& x) { return number(x, 0.5); }, {-2, 2, {0.5}});
}

const catalogue::Entry clamp_min_entry("clamp_min", [](Samples& s) {
  bound_samples(
      s, "clamp_min", [](const Tensor& x, const Tensor& m) { return clamp_min(x, m); },
      [](const Tensor& x, const Scalar& m) { return clamp_min(x, m); });
});
const catalogue::Entry clamp_max_entry("clamp_max", [](Samples& s) {
  bound_samples(
      s, "clamp_max", [](const Tensor& x, const Tensor& m) { return clamp_max(x, m); },
      [](const Tensor& x, const Scalar& m) { return clamp_max(x, m); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
