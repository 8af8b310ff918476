#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Request {
  const Operation& operation;
  const Tensor& self;
  std::optional<int64_t> dim;
  bool keepdim, ignore_nan;
};

void check(const Request& r, const Tensor& q, std::string_view interpolation) {
  const Operation& op = r.operation;
  XGRAD_CHECK(r.self.numel() > 0, op, "quantile() input tensor must be non-empty, got shape ", r.self.sizes());
  XGRAD_CHECK(q.dim() <= 1, op, "quantile() q must be a scalar or 1D tensor, got shape ", q.sizes());
  XGRAD_CHECK(r.self.is_floating_point(), op, "quantile() input tensor must be either float or double dtype, got ", r.self.dtype());
  XGRAD_CHECK(r.self.dtype() == q.dtype(), op, "quantile() q tensor must be same dtype as the input tensor, got ", q.dtype());
  XGRAD_CHECK(
      interpolation == "linear" || interpolation == "lower" || interpolation == "higher" || interpolation == "midpoint" || interpolation == "nearest",
      op, "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ", interpolation);
  XGRAD_CHECK(untraced([&] { return logical_and(q >= 0, q <= 1).all(); }).item<bool>(), op,
              "quantile() q values must be in the range [0, 1], got others");
}

// The elements to choose from in order along the last axis, which is new behind those of the result.
Tensor in_order(const Request& r, int64_t axis) {
  if (!r.dim) {
    const Tensor line = std::get<0>(r.self.flatten().sort());
    Dims shape(r.keepdim ? static_cast<int>(r.self.dim()) : 0, 1);
    shape.push_back(line.numel());
    return line.view(shape);
  }
  const Tensor lines = std::get<0>(r.self.unsqueeze(-1).transpose(axis, -1).sort());
  return r.keepdim || r.self.dim() == 0 ? lines : lines.squeeze(axis);
}

// The ranks of q in lines of n elements: the last where a NaN is among them, of those that are none if NaNs are ignored.
Tensor ranks_in(const Tensor& lines, const Tensor& q, bool ignore_nan) {
  if (ignore_nan) return clamp_min(q * (isnan(lines).logical_not().sum(-1, true) - 1), 0);
  const int64_t last = lines.size(-1) - 1;
  const auto both = broadcast_tensors({q * last, isnan(lines).any(-1, true)});
  return both[0].masked_fill(both[1], last);
}

Tensor at_ranks(const Tensor& lines, const Tensor& ranks, std::string_view interpolation) {
  const auto values = [&](const Tensor& rank) { return lines.gather(-1, rank.detach().to(kLong)); };
  if (interpolation == "lower") return values(ranks.floor());
  if (interpolation == "higher") return values(ranks.ceil());
  if (interpolation == "nearest") return values(ranks.round());
  const Tensor below = ranks.detach().floor(), weights = interpolation == "midpoint" ? full_like(ranks, 0.5) : ranks - below;
  return values(below).lerp(values(ranks.ceil()), weights);
}

Tensor quantile_of(const Request& r, const Tensor& q, std::string_view interpolation) {
  check(r, q, interpolation);
  const int64_t axis = wrap_axis(r.operation.name(), r.dim.value_or(0), r.self.dim());
  const Tensor lines = in_order(r, axis), y = at_ranks(lines, ranks_in(lines, q, r.ignore_nan), interpolation);
  return q.dim() == 0 ? y.squeeze(-1) : y.unsqueeze(0).transpose(0, -1).squeeze(-1);
}

Tensor as_tensor(const Operation& operation, const Tensor& self, double q) {
  XGRAD_CHECK(q >= 0 && q <= 1, operation, "quantile() q must be in the range [0, 1] but got ", q);
  return scalar_tensor(q, self.options());
}

}  // namespace

Tensor quantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return quantile_of({operation<"quantile">, self, dim, keepdim, false}, q, interpolation);
}
Tensor quantile(const Tensor& self, double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return quantile(self, as_tensor(operation<"quantile">, self, q), dim, keepdim, interpolation);
}
Tensor nanquantile(const Tensor& self, const Tensor& q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return quantile_of({operation<"nanquantile">, self, dim, keepdim, true}, q, interpolation);
}
Tensor nanquantile(const Tensor& self, double q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return nanquantile(self, as_tensor(operation<"nanquantile">, self, q), dim, keepdim, interpolation);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

using OfTensor = Tensor (*)(const Tensor&, const Tensor&, std::optional<int64_t>, bool, std::string_view);
using OfNumber = Tensor (*)(const Tensor&, double, std::optional<int64_t>, bool, std::string_view);

void add_quantile(catalogue::Samples& s, const std::string& call, OfTensor of_tensor, OfNumber of_number) {
  for (const char* interpolation : {"linear", "lower", "higher", "midpoint", "nearest"}) {
    const std::string end = std::string(", interpolation='") + interpolation + "')", mode = interpolation;
    s.add(call + "(x[0], x[1], dim=1" + end, {s.distinct({2, 5}), constant(tensor({0.0, 0.3, 0.55, 1.0}, kDouble))},
          [=](Inputs x) { return of_tensor(x[0], x[1], 1, false, mode); });
    for (const double q : {0.0, 0.3, 0.5, 1.0})
      s.add(call + "(x[0], " + std::to_string(q) + ", dim=0" + end, {s.distinct({4, 3})},
            [=](Inputs x) { return of_number(x[0], q, 0, false, mode); });
  }
  s.add(call + "(x[0], x[1], dim=0)", {s.distinct({5, 2}), tensor({0.3, 0.55}, kDouble)},
        [=](Inputs x) { return of_tensor(x[0], x[1], 0, false, "linear"); });
  s.add(call + "(x[0], x[1])", {s.distinct({5, 2}), tensor(0.3, kDouble)},
        [=](Inputs x) { return of_tensor(x[0], x[1], std::nullopt, false, "linear"); });
  for (const auto& r : catalogue::reductions_over_one_axis()) {
    if (numel_of(r.shape) == 0) continue;
    s.add(call + "(x[0], 0.4" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return of_number(x[0], 0.4, r.dims[0], r.keepdim, "linear"); });
    s.add(call + "(x[0], x[1]" + r.text, {s.distinct(r.shape), constant(tensor({0.1, 0.7}, kDouble))},
          [=](Inputs x) { return of_tensor(x[0], x[1], r.dims[0], r.keepdim, "linear"); });
  }
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {7}, {2, 3}})
    for (const bool keepdim : {false, true}) {
      s.add(call + "(x[0], 0.4, keepdim=" + catalogue::text(keepdim) + ")", {s.distinct(shape)},
            [=](Inputs x) { return of_number(x[0], 0.4, std::nullopt, keepdim, "linear"); });
      s.add(call + "(x[0], x[1], keepdim=" + catalogue::text(keepdim) + ")", {s.distinct(shape), constant(tensor({0.1, 0.7}, kDouble))},
            [=](Inputs x) { return of_tensor(x[0], x[1], std::nullopt, keepdim, "linear"); });
    }
  s.at(call + "(x[0], 0.5, dim=1)",
       {tensor({{1.0, 2.0, kNaN, 4.0}, {3.0, 1.0, 2.0, 3.0}, {kNaN, kNaN, kNaN, kNaN}, {1.0, HUGE_VAL, 2.0, -HUGE_VAL}}, kDouble)},
       [=](Inputs x) { return of_number(x[0], 0.5, 1, false, "linear"); });
  s.flat(call + "(x[0], 0.5)", {constant(s.normal({4}).to(kFloat))}, [=](Inputs x) { return of_number(x[0], 0.5, std::nullopt, false, "linear"); });
  const auto of = [=](const Tensor& x, const Tensor& q) { of_tensor(x, q, std::nullopt, false, "linear"); };
  s.rejects("no elements", "quantile() input tensor must be non-empty", [=] { of(ones({0}), ones({})); });
  s.rejects("a matrix of q", "quantile() q must be a scalar or 1D tensor", [=] { of(ones({2}), ones({2, 2})); });
  s.rejects("integers", "quantile() input tensor must be either float or double dtype", [=] { of(ones({2}, kLong), ones({}, kLong)); });
  s.rejects("two dtypes", "quantile() q tensor must be same dtype as the input tensor", [=] { of(ones({2}), ones({}, kDouble)); });
  s.rejects("q above 1", "quantile() q values must be in the range [0, 1]", [=] { of(ones({2}), ones({1}) * 1.5); });
  s.rejects("a number above 1", "quantile() q must be in the range [0, 1] but got 2", [=] { of_number(ones({2}), 2, 0, false, "linear"); });
  s.rejects("another interpolation", "quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got cubic",
            [=] { of_number(ones({2}), 0.5, 0, false, "cubic"); });
}

const catalogue::Entry quantile_entry("quantile", [](catalogue::Samples& s) { add_quantile(s, "torch.quantile", &quantile, &quantile); });
const catalogue::Entry nanquantile_entry("nanquantile",
                                         [](catalogue::Samples& s) { add_quantile(s, "torch.nanquantile", &nanquantile, &nanquantile); });

}  // namespace

}}  // namespace torch::xgrad

#endif
