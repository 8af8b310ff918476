// Division with rounding and its rests, declared in arithmetic.h.
#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/rounding.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

bool has_zero(const Operand& x) {
  if (!x.tensor()) return x.scalar().equal(0);
  detail::note_leaving_launches("a division of integers");
  const Tensor t = contiguous_as(*x.tensor(), kLong);
  const int64_t* p = t.data_ptr<int64_t>();
  return std::find(p, p + t.numel(), 0) != p + t.numel();
}

Forward divide(const Operation& operation, const kernels::LoopTable& table, const Operand& a, const Operand& b, Out out) {
  const ScalarType dtype = result_type({a, b});
  const bool divides_nothing = a.tensor() && a.tensor()->numel() == 0;
  XGRAD_CHECK(isFloatingType(dtype) || divides_nothing || !has_zero(b), operation, "ZeroDivisionError: integer division by zero");
  return pointwise(operation, table, dtype, {a, b}, {}, out);
}

const kernels::LoopTable& rounded_division(const Operation& operation, std::string_view mode) {
  XGRAD_CHECK(mode == "floor" || mode == "trunc", operation, "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", mode,
              "'");
  return mode == "floor" ? kernels::div_floor : kernels::div_trunc;
}

const char* name_of(const kernels::LoopTable& rounded_division) { return &rounded_division == &kernels::div_floor ? "floor" : "trunc"; }

}  // namespace

Tensor into::div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode, Out out) {
  if (!rounding_mode) return div(self, other, out);
  const Operation& op = operation<"div", 2>;
  const kernels::LoopTable& table = rounded_division(op, *rounding_mode);
  return record(divide(op, table, self, other, out), with("rounding_mode", name_of(table)), wrt(self, zero_slope), wrt(other, zero_slope));
}

Tensor into::div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode, Out out) {
  if (!rounding_mode) return div(self, other, out);
  const Operation& op = operation<"div", 3>;
  const kernels::LoopTable& table = rounded_division(op, *rounding_mode);
  return record(divide(op, table, self, other, out), with("other", other, "rounding_mode", name_of(table)), wrt(self, zero_slope));
}

Tensor into::floor_divide(const Tensor& self, const Tensor& other, Out out) { return div(self, other, "floor", out); }
Tensor into::floor_divide(const Tensor& self, const Scalar& other, Out out) { return div(self, other, "floor", out); }

Tensor into::fmod(const Tensor& self, const Tensor& other, Out out) {
  return record(divide(operation<"fmod", 1>, kernels::fmod, self, other, out), wrt(self, passed_on),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * div(a, b, "trunc"); }));
}

Tensor into::fmod(const Tensor& self, const Scalar& other, Out out) {
  return record(divide(operation<"fmod">, kernels::fmod, self, other, out), with("other", other), wrt(self, passed_on));
}

Tensor into::remainder(const Tensor& self, const Tensor& other, Out out) {
  return record(divide(operation<"remainder", 1>, kernels::remainder, self, other, out), wrt(self, passed_on),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * div(a, b, "floor"); }));
}

Tensor into::remainder(const Tensor& self, const Scalar& other, Out out) {
  return record(divide(operation<"remainder">, kernels::remainder, self, other, out), with("other", other), wrt(self, passed_on));
}

Tensor remainder(const Scalar& self, const Tensor& other) {
  return record(
      divide(operation<"remainder", 1>, kernels::remainder, self, other, Out()), with("self", self),
      wrt(other, [self, b = save(other)](const Tensor& gy) { return -gy * div(full({}, self, TensorOptions(b.get().dtype())), b, "floor"); }));
}

Tensor operator%(const Scalar& a, const Tensor& b) {
  return remainder(a.isFloatingPoint() && !b.is_floating_point() ? Scalar(static_cast<int64_t>(a.toDouble())) : a, b);  // in the dtype of b
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

// `text` and `f` for two tensors, `number` for a tensor and 1.5 or 3.
void division_samples(Samples& s, const std::string& text, const catalogue::BinaryFunction& f, const catalogue::NumberFunction& number) {
  const size_t place = text.find('$');
  const auto call = [&](const std::string& divisor) { return "torch." + text.substr(0, place) + divisor + text.substr(place + 1); };
  // Quotients between two integers: 0.1 to 0.9 above 0 to 3, of either sign.
  for (const double sign : {1.0, -1.0}) {
    const auto pair = [&](IntArrayRef a, IntArrayRef b, double whole) {
      s.add(call("x[1]"), {s.uniform(a, (whole + 0.3) * 1.2, (whole + 0.4) * 1.3), s.uniform(b, 1.2 * sign, 1.25 * sign)},
            [f](Inputs x) { return f(x[0], x[1]); });
    };
    pair({2, 3}, {2, 3}, 0);
    pair({2, 3}, {3}, 1);
    pair({2, 1}, {1, 3}, 2);
    pair({}, {2}, 3);
    pair({0, 2}, {2}, 3);
    s.add(call(sign > 0 ? "1.5" : "-1.5"), {s.uniform({2, 3}, 1.6, 2.9)}, [number, sign](Inputs x) { return number(x[0], 1.5 * sign); });
  }
  catalogue::pair_samples(s, call("x[1]"), f, {0.0, -0.0, 1, -1, 0.1, 0.3, 2, -3, 5.5, -5.5, 1e200, INFINITY, -INFINITY, NAN});
  catalogue::promotion_samples(s, call("x[1]"), f, false);
  const Tensor dividends = s.integers({3, 4}, -9, 10), signs = s.integers({3, 4}, 0, 2).mul(2).sub(1);
  s.flat(call("x[1]"), {dividends, s.integers({3, 4}, 1, 5) * signs}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call("x[1]"), {s.integers({0}, -9, 10), zeros({}, kLong)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat(call("3"), {s.integers({3, 4}, -9, 10)}, [number](Inputs x) { return number(x[0], 3); });
  s.flat(call("1.5"), {s.integers({4}, -9, 10)}, [number](Inputs x) { return number(x[0], 1.5); });
  s.rejects("integer zeros", "ZeroDivisionError", [f] { f(ones({2}, kLong), zeros({2}, kLong)); });
  s.rejects("the integer 0", "ZeroDivisionError", [number] { number(ones({2}, kLong), 0); });
  s.rejects("shapes that don't broadcast", "must match", [f] { f(ones({2, 3}), ones({2})); });
}

const catalogue::Entry div_floor_entry("div_floor", [](Samples& s) {
  division_samples(
      s, "div(x[0], $, rounding_mode='floor')", [](const Tensor& a, const Tensor& b) { return div(a, b, "floor"); },
      [](const Tensor& a, const Scalar& b) { return div(a, b, "floor"); });
});
// PyTorch gives floor_divide no derivative, so the inputs are constants.
const catalogue::Entry floor_divide_entry("floor_divide", [](Samples& s) {
  s.flat("torch.floor_divide(x[0], x[1])", {s.integers({4}, -9, 10), s.integers({4}, 1, 5)}, [](Inputs x) { return floor_divide(x[0], x[1]); });
  s.flat("torch.floor_divide(x[0], 2)", {catalogue::constant(s.uniform({4}, -9, 10))}, [](Inputs x) { return floor_divide(x[0], 2); });
});
const catalogue::Entry div_trunc_entry("div_trunc", [](Samples& s) {
  division_samples(
      s, "div(x[0], $, rounding_mode='trunc')", [](const Tensor& a, const Tensor& b) { return div(a, b, "trunc"); },
      [](const Tensor& a, const Scalar& b) { return div(a, b, "trunc"); });
  s.add("torch.div(x[0], x[1], rounding_mode=None)", {s.uniform({3}, 1, 2), s.uniform({3}, 1, 2)},
        [](Inputs x) { return div(x[0], x[1], std::nullopt); });
  s.add("torch.div(x[0], 3, rounding_mode=None)", {s.uniform({3}, 1, 2)}, [](Inputs x) { return div(x[0], 3, std::nullopt); });
  s.rejects("an unknown rounding", "rounding_mode", [] { div(ones({2}), 2, "up"); });
});
const catalogue::Entry fmod_entry("fmod", [](Samples& s) {
  division_samples(
      s, "fmod(x[0], $)", [](const Tensor& a, const Tensor& b) { return fmod(a, b); }, [](const Tensor& a, const Scalar& b) { return fmod(a, b); });
});
const catalogue::Entry remainder_entry("remainder", [](Samples& s) {
  division_samples(
      s, "remainder(x[0], $)", [](const Tensor& a, const Tensor& b) { return remainder(a, b); },
      [](const Tensor& a, const Scalar& b) { return remainder(a, b); });
  s.flat("torch.remainder(7, x[0])", {s.integers({4}, 1, 6)}, [](Inputs x) { return remainder(7, x[0]); });
  s.add("torch.remainder(torch.tensor(7.5, dtype=torch.float64), x[0])", {s.uniform({4}, 2.1, 2.4)}, [](Inputs x) { return remainder(7.5, x[0]); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
