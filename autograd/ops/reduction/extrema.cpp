// The largest and smallest elements, and where they are.

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/arg_extreme.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

void check_not_empty(const Operation& operation, const Tensor& self, OptionalIntArrayRef axes) {
  if (self.numel() > 0) return;
  XGRAD_CHECK_AS(IndexError, axes.has_value() && !axes.value().empty(), operation, "Expected reduction dim to be specified for input.numel() == 0. ",
                 "Specify the reduction dim with the 'dim' argument; got shape ", self.sizes());
  for (int64_t axis : axes.value())
    XGRAD_CHECK_AS(IndexError, self.dim() == 0 || self.size(axis) > 0, operation, "Expected reduction dim ", axis,
                   " to have non-zero size, got shape ", self.sizes());
}

// gy shared evenly by the elements of x that equal y, or that are NaN when y is.
Tensor spread_evenly(const Tensor& gy, const Tensor& y, const Tensor& x, uint64_t mask, bool keepdim) {
  const Tensor chosen = logical_or(x == restore_axes(y, x.sizes(), mask, keepdim), isnan(x));
  return share_evenly(gy, chosen, mask, keepdim);
}

template <class... A>
Tensor extreme(const Operation& operation, const With<A...>& attributes, bool largest, const Tensor& self, uint64_t mask, bool keepdim) {
  kernels::ReductionGeometry g;
  const Computed x(self);
  Tensor y = prepare_reduction(*x, mask, keepdim, x->dtype(), g);
  launch(operation, largest ? kernels::reduce_max : kernels::reduce_min, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr());
  return record(Forward(operation, rounded_to(self.dtype(), std::move(y))), attributes,
                wrt(self, [x = save(self), mask, keepdim](const Tensor& gy, const Tensor& y) { return spread_evenly(gy, y, *x, mask, keepdim); }));
}

Tensor extreme_of_all(const Operation& operation, bool largest, const Tensor& self) {
  check_not_empty(operation, self, std::nullopt);
  return extreme(operation, with(), largest, self, axis_mask(operation.name(), IntArrayRef(), self.dim()), false);
}

Tensor extreme_over(const Operation& operation, bool largest, const Tensor& self, IntArrayRef dim, bool keepdim) {
  const uint64_t mask = axis_mask(operation.name(), dim, self.dim());
  check_not_empty(operation, self, dim);
  return extreme(operation, with("dim", dim, "keepdim", keepdim), largest, self, mask, keepdim);
}

// Values (unless not wanted) and positions along one axis.
std::pair<Tensor, Tensor> run_arg_extreme(const Operation& operation, bool largest, const Tensor& self, int64_t axis, bool keepdim,
                                          bool want_values) {
  const Tensor x = contiguous_computed(self);
  const Dims shape = reduced_shape(x.sizes(), uint64_t{1} << axis, keepdim);
  Tensor values = want_values ? allocate_tensor(shape, x.dtype()) : Tensor();
  Tensor indices = allocate_tensor(shape, kLong);
  if (indices.numel() == 0) return {rounded_to(self.dtype(), values), indices};
  launch(operation, kernels::arg_extreme, reads(x), writes(values, indices), largest, x.dtype(), layout_along(x, axis), x.data_ptr(),
         want_values ? values.data_ptr() : nullptr, indices.data_ptr<int64_t>());
  return {rounded_to(self.dtype(), values), indices};
}

std::tuple<Tensor, Tensor> extreme_along(const Operation& operation, bool largest, const Tensor& self, int64_t dim, bool keepdim) {
  const int64_t axis = wrap_axis(operation.name(), dim, self.dim());
  check_not_empty(operation, self, axis);
  auto [values, indices] = run_arg_extreme(operation, largest, self, axis, keepdim, true);
  return {record(Forward(operation, values), with("dim", dim, "keepdim", keepdim),
                 wrt(self, [sizes = Dims(self.sizes()), axis, keepdim,
                            at = save(indices)](const Tensor& gy) { return put_back(gy, sizes, axis, keepdim, *at); }),
                 also(indices)),
          indices};
}

Tensor arg_extreme(const Operation& operation, bool largest, const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  const std::optional<int64_t> axis = dim ? std::optional(wrap_axis(operation.name(), *dim, self.dim())) : std::nullopt;
  check_not_empty(operation, self, axis ? OptionalIntArrayRef(*axis) : OptionalIntArrayRef());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, "\"", operation.name(), "_cpu\" not implemented for 'Bool'");
  if (axis)
    return not_differentiable(Forward(operation, run_arg_extreme(operation, largest, self, *axis, keepdim, false).second),
                              with("dim", dim, "keepdim", keepdim), self);
  const Tensor flat = untraced([&] { return contiguous_as(self, self.dtype()).detach().view({self.numel()}); });
  const Tensor index = run_arg_extreme(operation, largest, flat, 0, false, false).second;
  return not_differentiable(
      Forward(operation, keepdim ? untraced([&] { return index.view(reduced_shape(self.sizes(), ~uint64_t{0}, true)); }) : index),
      with("dim", dim, "keepdim", keepdim), self);
}

}  // namespace

Tensor max(const Tensor& self) { return extreme_of_all(operation<"max", 1>, true, self); }
Tensor min(const Tensor& self) { return extreme_of_all(operation<"min", 1>, false, self); }

std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim) { return extreme_along(operation<"max">, true, self, dim, keepdim); }
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim) { return extreme_along(operation<"min">, false, self, dim, keepdim); }

Tensor amax(const Tensor& self, IntArrayRef dim, bool keepdim) { return extreme_over(operation<"amax">, true, self, dim, keepdim); }
Tensor amin(const Tensor& self, IntArrayRef dim, bool keepdim) { return extreme_over(operation<"amin">, false, self, dim, keepdim); }

std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) {
  const Operation& op = operation<"aminmax">;
  const auto over = dim ? OptionalIntArrayRef(*dim) : OptionalIntArrayRef();
  const uint64_t mask = axis_mask(op.name(), over, self.dim());
  check_not_empty(op, self, over);
  if (self.dim() == 0 && dim && keepdim) return aminmax(self.unsqueeze(0), 0, true);
  return {extreme(operation_recorded_as<"amin", "AminmaxBackward0">, with("dim", dim, "keepdim", keepdim), false, self, mask, keepdim),
          extreme(operation_recorded_as<"amax", "AminmaxBackward0">, with("dim", dim, "keepdim", keepdim), true, self, mask, keepdim)};
}

Tensor argmax(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme(operation<"argmax">, true, self, dim, keepdim); }
Tensor argmin(const Tensor& self, std::optional<int64_t> dim, bool keepdim) { return arg_extreme(operation<"argmin">, false, self, dim, keepdim); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kInf;
using catalogue::kNaN;

using OfAll = Tensor (*)(const Tensor&);
using Along = std::tuple<Tensor, Tensor> (*)(const Tensor&, int64_t, bool);
using Over = Tensor (*)(const Tensor&, IntArrayRef, bool);
using Position = Tensor (*)(const Tensor&, std::optional<int64_t>, bool);

std::vector<Tensor> special_points() {
  return {tensor({{1.0, 3.0, 3.0}, {2.0, 2.0, 2.0}}, kDouble), tensor({{1.0, kNaN, 3.0}, {kNaN, 2.0, kNaN}}, kDouble),
          tensor({{kInf, kInf, 3.0}, {-kInf, -kInf, -kInf}}, kDouble), tensor({{-0.0, 0.0}, {0.0, -0.0}}, kDouble)};
}

// max and min: of all elements, and along an axis with positions.
void add_extreme(catalogue::Samples& s, const std::string& call, OfAll of_all, Along along) {
  s.sums_depend_on_layout();
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {200}, {2, 3}})
    s.add(call + "(x[0])", {s.distinct(shape)}, [=](Inputs x) { return of_all(x[0]); });
  for (const auto& r : catalogue::reductions_over_one_axis())
    s.add(call + "(x[0]" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return along(x[0], r.dims[0], r.keepdim); });
  for (const Tensor& x : special_points()) {
    s.at(call + "(x[0])", {x}, [=](Inputs x) { return of_all(x[0]); });
    for (const char* dim : {"0", "1"}) s.at(call + "(x[0], " + dim + ")", {x}, [=](Inputs x) { return along(x[0], dim[0] - '0', false); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) {
    s.flat(call + "(x[0])", {s.integers({3, 4}, 0, 200).to(dtype)}, [=](Inputs x) { return of_all(x[0]); });
    s.flat(call + "(x[0], 1)", {s.integers({3, 4}, 0, 200).to(dtype)}, [=](Inputs x) { return along(x[0], 1, false); });
  }
  s.rejects("no elements", "Expected reduction dim to be specified for input.numel() == 0", [=] { of_all(ones({2, 0})); });
  s.rejects("an empty axis", "Expected reduction dim 1 to have non-zero size", [=] { along(ones({2, 0}), 1, false); });
  s.rejects("an axis too far", "Dimension out of range", [=] { along(ones({2}), 1, false); });
}

const catalogue::Entry max_entry("max", [](catalogue::Samples& s) { add_extreme(s, "torch.max", &max, &max); });
const catalogue::Entry min_entry("min", [](catalogue::Samples& s) { add_extreme(s, "torch.min", &min, &min); });

void add_extreme_over(catalogue::Samples& s, const std::string& call, Over over) {
  s.sums_depend_on_layout();
  for (const auto& r : catalogue::reductions_over_axes())
    s.add(call + "(x[0]" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return over(x[0], r.dims, r.keepdim); });
  s.add(call + "(x[0])", {s.distinct({2, 3})}, [=](Inputs x) { return over(x[0], {}, false); });
  for (const Tensor& x : special_points()) {
    const bool nan = logical_and(isnan(x).any(), isnan(x).logical_not().any()).item<bool>();
    s.at(call + "(x[0])", {x}, [=](Inputs x) { return over(x[0], {}, false); }).deviation = nan ? "amax-of-nan" : "";
    s.at(call + "(x[0], dim=1)", {x}, [=](Inputs x) { return over(x[0], {1}, false); }).deviation = nan ? "amax-of-nan" : "";
  }
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat(call + "(x[0], dim=0)", {s.integers({3, 4}, 0, 200).to(dtype)}, [=](Inputs x) { return over(x[0], {0}, false); });
  s.rejects("no elements", "Expected reduction dim to be specified for input.numel() == 0", [=] { over(ones({2, 0}), {}, false); });
  s.rejects("an empty axis", "Expected reduction dim 1 to have non-zero size", [=] { over(ones({2, 0}), {1}, false); });
  s.rejects("an axis named twice", "appears multiple times", [=] { over(ones({2, 2}), {1, 1}, false); });
}

const catalogue::Entry amax_entry("amax", [](catalogue::Samples& s) { add_extreme_over(s, "torch.amax", &amax); });
const catalogue::Entry amin_entry("amin", [](catalogue::Samples& s) { add_extreme_over(s, "torch.amin", &amin); });

const catalogue::Entry aminmax_entry("aminmax", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const char* reason = "aminmax-derivative";
  for (const auto& r : catalogue::reductions_over_one_axis())
    s.add("torch.aminmax(x[0]" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return aminmax(x[0], r.dims[0], r.keepdim); }).deviation = reason;
  s.add("torch.aminmax(x[0])", {s.distinct({2, 3})}, [](Inputs x) { return aminmax(x[0]); }).deviation = reason;
  s.flat("torch.aminmax(x[0])", {s.integers({2, 3}, -9, 9)}, [](Inputs x) { return aminmax(x[0]); });
  s.flat("torch.aminmax(x[0], dim=0)", {s.integers({2, 3}, -9, 9)}, [](Inputs x) { return aminmax(x[0], 0); });
  s.rejects("no elements", "Expected reduction dim to be specified", [] { aminmax(ones({0})); });
});

void add_position(catalogue::Samples& s, const std::string& call, Position position) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {200}, {2, 3}})
    s.flat(call + "(x[0])", {s.distinct(shape)}, [=](Inputs x) { return position(x[0], std::nullopt, false); });
  s.flat(call + "(x[0], None, True)", {s.distinct({2, 3})}, [=](Inputs x) { return position(x[0], std::nullopt, true); });
  for (const auto& r : catalogue::reductions_over_one_axis())
    s.flat(call + "(x[0]" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return position(x[0], r.dims[0], r.keepdim); });
  for (const Tensor& x : special_points()) {
    s.flat(call + "(x[0])", {x}, [=](Inputs x) { return position(x[0], std::nullopt, false); });
    for (const char* dim : {"0", "1"}) s.flat(call + "(x[0], " + dim + ")", {x}, [=](Inputs x) { return position(x[0], dim[0] - '0', false); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat(call + "(x[0], 1)", {s.integers({3, 4}, 0, 200).to(dtype)}, [=](Inputs x) { return position(x[0], 1, false); });
  s.rejects("booleans", "not implemented for 'Bool'", [=] { position(ones({2}, kBool), 0, false); });
  s.rejects("no elements", "Expected reduction dim to be specified", [=] { position(ones({0}), std::nullopt, false); });
  s.rejects("an empty axis", "to have non-zero size", [=] { position(ones({2, 0}), 1, false); });
}

const catalogue::Entry argmax_entry("argmax", [](catalogue::Samples& s) { add_position(s, "torch.argmax", &argmax); });
const catalogue::Entry argmin_entry("argmin", [](catalogue::Samples& s) { add_position(s, "torch.argmin", &argmin); });

}  // namespace

}}  // namespace torch::xgrad

#endif
