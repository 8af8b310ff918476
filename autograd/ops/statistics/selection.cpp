// Medians, ranks and modes.
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/order/selection.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Chosen {
  Tensor values, indices;
};

// kernel(dtype, layout, arguments..., x, values, indices)
template <class... P, class... A>
Chosen choose(const Operation& operation, void (*kernel)(P...), const Tensor& self, int64_t axis, bool keepdim, const A&... arguments) {
  const Tensor x = contiguous_computed(self);
  const Dims shape = reduced_shape(x.sizes(), uint64_t{1} << axis, keepdim);
  Chosen y{allocate_tensor(shape, x.dtype()), allocate_tensor(shape, kLong)};
  if (y.indices.numel() == 0) return {rounded_to(self.dtype(), y.values), y.indices};
  launch(operation, kernel, reads(x), writes(y.values, y.indices), x.dtype(), layout_along(x, axis), arguments..., x.data_ptr(), y.values.data_ptr(),
         y.indices.data_ptr<int64_t>());
  y.values = rounded_to(self.dtype(), std::move(y.values));
  return y;
}

template <class... A>
std::tuple<Tensor, Tensor> recorded(const Operation& operation, const With<A...>& attributes, const Tensor& self, int64_t axis, bool keepdim,
                                    const Chosen& y) {
  return {record(Forward(operation, y.values), attributes,
                 wrt(self, [sizes = Dims(self.sizes()), axis, keepdim,
                            at = save(y.indices)](const Tensor& gy) { return put_back(gy, sizes, axis, keepdim, *at); }),
                 also(y.indices)),
          y.indices};
}

void check_not_empty(const char* name, const Operation& operation, const Tensor& self, int64_t axis) {
  XGRAD_CHECK_AS(IndexError, self.dim() == 0 || self.size(axis) > 0, operation, name, "(): Expected reduction dim ", axis,
                 " to have non-zero size, got shape ", self.sizes());
}

Tensor median_of_all(const Operation& operation, bool ignore_nan, const Tensor& self) {
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, operation, "\"median_cpu\" not implemented for 'Bool'");
  const auto value = [&] {
    const StepsOfOne steps;
    if (self.numel() == 0) return full({}, std::numeric_limits<double>::quiet_NaN(), kDouble).to(self.dtype());
    return choose(operation, kernels::select_median, self.reshape({-1}), 0, false, ignore_nan).values;
  };
  return record(Forward(operation, value()), wrt(self, [x = save(self)](const Tensor& gy, const Tensor& y) {
                  const Tensor chosen = logical_or(*x == y, logical_and(isnan(*x), isnan(y)));
                  return share_evenly(gy, chosen, axis_mask("median", IntArrayRef(), chosen.dim()), false);
                }));
}

std::tuple<Tensor, Tensor> median_along(const Operation& operation, bool ignore_nan, const Tensor& self, int64_t dim, bool keepdim) {
  const int64_t axis = wrap_axis(operation.name(), dim, self.dim());
  check_not_empty("median", operation, self, axis);
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, operation, "\"median_out\" not implemented for 'Bool'");
  return recorded(operation, with("dim", dim, "keepdim", keepdim), self, axis, keepdim,
                  choose(operation, kernels::select_median, self, axis, keepdim, ignore_nan));
}

}  // namespace

Tensor median(const Tensor& self) { return median_of_all(operation<"median">, false, self); }
Tensor nanmedian(const Tensor& self) { return median_of_all(operation<"nanmedian">, true, self); }

std::tuple<Tensor, Tensor> median(const Tensor& self, int64_t dim, bool keepdim) {
  return median_along(operation<"median", 1>, false, self, dim, keepdim);
}
std::tuple<Tensor, Tensor> nanmedian(const Tensor& self, int64_t dim, bool keepdim) {
  return median_along(operation<"nanmedian", 1>, true, self, dim, keepdim);
}

std::tuple<Tensor, Tensor> kthvalue(const Tensor& self, int64_t k, int64_t dim, bool keepdim) {
  const Operation& op = operation<"kthvalue">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  check_not_empty(op.name(), op, self, axis);
  XGRAD_CHECK(k >= 1 && k <= (self.dim() == 0 ? 1 : self.size(axis)), op, "kthvalue(): selected number k out of range for dimension ", axis,
              ", got k = ", k, " for shape ", self.sizes());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool || self.dim() == 0, op, "\"kthvalue_cpu\" not implemented for 'Bool'");
  return recorded(op, with("k", k, "dim", dim, "keepdim", keepdim), self, axis, keepdim, choose(op, kernels::select_kth, self, axis, keepdim, k - 1));
}

std::tuple<Tensor, Tensor> mode(const Tensor& self, int64_t dim, bool keepdim) {
  const Operation& op = operation<"mode">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  check_not_empty(op.name(), op, self, axis);
  return recorded(op, with("dim", dim, "keepdim", keepdim), self, axis, keepdim, choose(op, kernels::select_mode, self, axis, keepdim));
}

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

std::vector<Tensor> special_rows() {
  return {tensor({{1.0, 3.0, 3.0, 1.0}, {2.0, 2.0, 2.0, 2.0}, {5.0, 4.0, 5.0, 4.0}}, kDouble),
          tensor({{1.0, kNaN, 3.0, 2.0}, {kNaN, 2.0, kNaN, 3.0}, {kNaN, kNaN, kNaN, kNaN}}, kDouble),
          tensor({{kInf, kInf, 3.0, -kInf}, {-kInf, -kInf, -kInf, kInf}}, kDouble), tensor({{-0.0, 0.0}, {0.0, -0.0}}, kDouble)};
}

void add_along(catalogue::Samples& s, const std::string& call, Along along) {
  for (const auto& r : catalogue::reductions_over_one_axis())
    s.add(call + "(x[0]" + r.text, {s.distinct(r.shape)}, [=](Inputs x) { return along(x[0], r.dims[0], r.keepdim); });
  s.add(call + "(x[0], dim=0)", {s.distinct({40, 2})}, [=](Inputs x) { return along(x[0], 0, false); });
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat(call + "(x[0], dim=1)", {s.integers({3, 50}, 0, 9).to(dtype)}, [=](Inputs x) { return along(x[0], 1, false); });
  s.rejects("an empty axis", "Expected reduction dim 1 to have non-zero size", [=] { along(ones({2, 0}), 1, false); });
  s.rejects("an axis too far", "Dimension out of range", [=] { along(ones({2}), 1, false); });
}

void add_median(catalogue::Samples& s, const std::string& call, OfAll of_all, Along along) {
  s.sums_depend_on_layout();
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {6}, {200}, {2, 3}})
    s.add(call + "(x[0])", {s.distinct(shape)}, [=](Inputs x) { return of_all(x[0]); });
  s.at(call + "(x[0])", {empty({0}, kDouble)}, [=](Inputs x) { return of_all(x[0]); });
  add_along(s, call, along);
  for (const Tensor& x : special_rows()) {
    s.at(call + "(x[0])", {x}, [=](Inputs x) { return of_all(x[0]); });
    s.at(call + "(x[0], dim=1)", {x}, [=](Inputs x) { return along(x[0], 1, false); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat(call + "(x[0])", {s.integers({3, 4}, 0, 200).to(dtype)}, [=](Inputs x) { return of_all(x[0]); });
  s.rejects("booleans", "\"median_cpu\" not implemented for 'Bool'", [=] { of_all(ones({2}, kBool)); });
  s.rejects("booleans along an axis", "\"median_out\" not implemented for 'Bool'", [=] { along(ones({2}, kBool), 0, false); });
}

const catalogue::Entry median_entry("median", [](catalogue::Samples& s) { add_median(s, "torch.median", &median, &median); });
const catalogue::Entry nanmedian_entry("nanmedian", [](catalogue::Samples& s) { add_median(s, "torch.nanmedian", &nanmedian, &nanmedian); });

const catalogue::Entry mode_entry("mode", [](catalogue::Samples& s) {
  add_along(s, "torch.mode", [](const Tensor& x, int64_t dim, bool keepdim) { return mode(x, dim, keepdim); });
  for (const Tensor& x : special_rows())
    if (!isnan(x).any().item<bool>()) s.at("torch.mode(x[0])", {x}, [](Inputs x) { return mode(x[0]); });
  s.at("torch.mode(x[0])", {tensor({{1.0, 3.0, 1.0, 3.0, 2.0}, {2.0, 5.0, 4.0, 3.0, 5.0}}, kDouble)}, [](Inputs x) { return mode(x[0]); });
  s.flat("torch.mode(x[0])", {s.booleans({3, 5})}, [](Inputs x) { return mode(x[0]); });
});

const catalogue::Entry kthvalue_entry("kthvalue", [](catalogue::Samples& s) {
  for (const int64_t k : {1, 2, 3}) {
    const std::string call = "torch.kthvalue(x[0], " + std::to_string(k);
    for (const auto& r : catalogue::reductions_over_one_axis())
      if ((r.shape.empty() ? 1 : r.shape[static_cast<size_t>(r.dims[0] < 0 ? r.dims[0] + static_cast<int64_t>(r.shape.size()) : r.dims[0])]) >= k)
        s.add(call + r.text, {s.distinct(r.shape)}, [k, r](Inputs x) { return kthvalue(x[0], k, r.dims[0], r.keepdim); });
    for (const Tensor& x : special_rows())
      if (x.size(1) >= k) s.at(call + ")", {x}, [k](Inputs x) { return kthvalue(x[0], k); });
  }
  s.add("torch.kthvalue(x[0], 17, 0)", {s.distinct({40, 2})}, [](Inputs x) { return kthvalue(x[0], 17, 0); });
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat("torch.kthvalue(x[0], 20)", {s.integers({3, 50}, 0, 9).to(dtype)}, [](Inputs x) { return kthvalue(x[0], 20); });
  s.rejects("k beyond the axis", "selected number k out of range for dimension 0", [] { kthvalue(ones({2}), 3); });
  s.rejects("k of 0", "selected number k out of range", [] { kthvalue(ones({2}), 0); });
  s.rejects("an empty axis", "Expected reduction dim 1 to have non-zero size", [] { kthvalue(ones({2, 0}), 1); });
  s.rejects("booleans", "\"kthvalue_cpu\" not implemented for 'Bool'", [] { kthvalue(ones({2}, kBool), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
