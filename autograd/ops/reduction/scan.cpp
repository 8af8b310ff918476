#include <xgrad/autograd/ops/reduction/scan.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/scan.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

ScalarType widened(const Tensor& x) { return x.is_floating_point() ? x.dtype() : kLong; }

template <class... A> Tensor running_sum(const With<A...>& attributes, const Tensor& self, int64_t axis, bool from_the_end) {
  const Operation& op = operation<"cumsum">;
  const Tensor x = contiguous_computed(self);
  Tensor y = allocate_tensor(x.sizes(), widened(x));
  launch(op, kernels::running_sum, reads(x), writes(y), x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr(), from_the_end);
  return record(Forward(op, rounded_to(self.dtype(), std::move(y))), attributes,
                wrt(self, [axis, from_the_end](const Tensor& gy) { return running_sum(with(), gy, axis, !from_the_end); }));
}

// gx_k = (product of x before k) * s_k with s_k = gy_k + x_(k+1) s_(k+1): no division, so zeros do no harm.
Tensor gradient_across_zeros(const Tensor& gy, const Tensor& x, int64_t axis) {
  const int64_t n = x.size(axis);
  std::vector<Tensor> before(static_cast<size_t>(n)), gx(static_cast<size_t>(n));
  for (int64_t k = 1; k < n; ++k) {
    const Tensor previous = x.select(axis, k - 1);
    before[static_cast<size_t>(k)] = k == 1 ? previous : before[static_cast<size_t>(k - 1)] * previous;
  }
  Tensor s;
  for (int64_t k = n - 1; k >= 0; --k) {
    const Tensor g = gy.select(axis, k);
    s = s.defined() ? g + x.select(axis, k + 1) * s : g;
    gx[static_cast<size_t>(k)] = k == 0 ? s : before[static_cast<size_t>(k)] * s;
  }
  return stack(gx, axis);
}

// t moved one place on along an axis, or one back: the element at the end that is left stays there too, or 0 if `with_zero`.
Tensor moved(const Tensor& t, int64_t axis, bool back, bool with_zero) {
  const int64_t n = t.size(axis);
  const Tensor end = t.narrow(axis, back ? n - 1 : 0, 1), others = t.narrow(axis, back ? 1 : 0, n - 1);
  const Tensor entering = with_zero ? zeros(end.sizes(), t.options()) : end;
  return back ? cat({others, entering}, axis) : cat({entering, others}, axis);
}

// y[i] = x[i] + a[i] y[i - 1], or from the end x[i] + a[i] y[i + 1]; the first x as it is.
Tensor linear_recurrence(const Tensor& x, const Tensor& a, int64_t axis, bool from_the_end) {
  const Operation& op = operation<"linear_recurrence">;
  const Tensor terms = contiguous_as(x, x.dtype()), factors = contiguous_as(a, x.dtype());
  Tensor y = allocate_tensor(x.sizes(), x.dtype());
  launch(op, kernels::linear_recurrence, reads(terms, factors), writes(y), x.dtype(), layout_along(x, axis), terms.data_ptr(), factors.data_ptr(),
         y.data_ptr(), from_the_end);
  return record(Forward(op, std::move(y)), with("dim", axis, "from_the_end", from_the_end),
                wrt_all({x, a}, [a = save(a), axis, from_the_end](Gradients& g, const std::vector<Tensor>& ys) {
                  const Tensor gx = linear_recurrence(g.gy(), moved(*a, axis, !from_the_end, false), axis, !from_the_end);
                  if (g.needs(0)) g.gx(0) = gx;
                  if (g.needs(1)) g.gx(1) = gx * moved(ys[0], axis, from_the_end, true);
                }));
}

// gx_k = e^(x_k - y_k) s_k with s_k = gy_k + e^(y_k - y_(k+1)) s_(k+1): no exponent is above 0.
Tensor logcumsumexp_gradient(const Tensor& gy, const Tensor& y, const Tensor& x, int64_t axis) {
  if (x.dim() == 0 || x.numel() == 0) return gy;
  const Tensor divisor = y.masked_fill(y == -INFINITY, INFINITY);
  return (x - divisor).exp() * linear_recurrence(gy, (y - moved(divisor, axis, true, false)).exp(), axis, true);
}

std::tuple<Tensor, Tensor> running_extreme(const Operation& operation, bool largest, const Tensor& self, int64_t dim) {
  const int64_t axis = self.dim() == 0 ? 0 : wrap_axis(operation.name(), dim, self.dim());  // of a number any, as in PyTorch
  const Tensor x = contiguous_computed(self);
  Tensor values = allocate_tensor(x.sizes(), x.dtype()), indices = allocate_tensor(x.sizes(), kLong);
  launch(operation, kernels::running_extreme, reads(x), writes(values, indices), largest, x.dtype(), layout_along(x, axis), x.data_ptr(),
         values.data_ptr(), indices.data_ptr<int64_t>());
  return {record(Forward(operation, rounded_to(self.dtype(), std::move(values))), with("dim", dim),
                 wrt(self, [axis, at = save(indices)](
                               const Tensor& gy) { return gy.dim() == 0 ? gy.clone() : zeros(gy.sizes(), gy.options()).scatter_add(axis, *at, gy); }),
                 also(indices)),
          indices};
}

}  // namespace

Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  const Operation& op = operation<"logcumsumexp">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  XGRAD_CHECK_AS(NotImplementedError, self.is_floating_point(), op, "\"logcumsumexp_out_cpu\" not implemented for '", self.dtype(), "'");
  const Tensor x = contiguous_computed(self);
  Tensor y = allocate_tensor(x.sizes(), x.dtype());
  launch(op, kernels::running_logsumexp, reads(x), writes(y), x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr());
  return record(Forward(op, rounded_to(self.dtype(), std::move(y))), with("dim", dim),
                wrt(self, [x = save(self), axis](const Tensor& gy, const Tensor& y) { return logcumsumexp_gradient(gy, y, *x, axis); }));
}

std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim) { return running_extreme(operation<"cummax">, true, self, dim); }
std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim) { return running_extreme(operation<"cummin">, false, self, dim); }

Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("cumsum", dim, self.dim());
  return as_dtype(running_sum(with("dim", dim, "dtype", dtype), as_dtype(self, dtype), axis, false), dtype);
}

Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"cumprod">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  const Tensor x = as_dtype(self, dtype), rows = contiguous_computed(x);
  Tensor y = allocate_tensor(x.sizes(), widened(rows));
  launch(op, kernels::running_product, reads(rows), writes(y), rows.dtype(), layout_along(x, axis), rows.data_ptr(), y.data_ptr());
  return as_dtype(record(Forward(op, rounded_to(x.dtype(), std::move(y))), with("dim", dim, "dtype", dtype),
                         wrt(x,
                             [x = save(x), axis](const Tensor& gy, const Tensor& y) {
                               if ((*x).dim() == 0 || (*x).numel() == 0) return gy;
                               if ((*x == 0).any().item<bool>()) return gradient_across_zeros(gy, *x, axis);
                               return running_sum(with(), gy * y, axis, true) / *x;
                             })),
                  dtype);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;

using Scan = Tensor (*)(const Tensor&, int64_t, std::optional<ScalarType>);

struct ScanCase {
  std::vector<int64_t> shape;
  int64_t axis;
};
const ScanCase kScanCases[] = {{{}, 0},      {{}, -1},       {{1}, 0},        {{6}, 0}, {{2, 3}, 1}, {{2, 3}, 0},
                               {{3, 70}, 0}, {{2, 3, 4}, 1}, {{2, 3, 4}, -1}, {{0}, 0}, {{2, 0}, 1}, {{2, 0}, 0}};

void add_scan(catalogue::Samples& s, const std::string& call, Scan f) {
  for (const auto& [shape, axis] : kScanCases)
    s.add(call + "(x[0], " + std::to_string(axis) + ")", {s.avoiding(shape, -1.5, 1.5, {0})},
          [f, axis = axis](Inputs x) { return f(x[0], axis, std::nullopt); });
  const auto along_0 = [f](Inputs x) { return f(x[0], 0, std::nullopt); };
  s.add(call + "(x[0], 0)", {tensor({{2.0, 0.0, 0.0}, {0.0, 0.0, 2.0}, {3.0, 4.0, 5.0}, {4.0, 0.0, -3.0}}, kDouble)}, along_0);
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const double special : {inf, nan}) s.at(call + "(x[0], 0)", {tensor({1.0, 2.0, special, 3.0}, kDouble)}, along_0);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) s.flat(call + "(x[0], 0)", {s.integers({3, 2}, 0, 200).to(dtype)}, along_0);
  s.flat(call + "(x[0], 0, dtype=torch.float64)", {s.integers({3, 2}, 0, 9)}, [f](Inputs x) { return f(x[0], 0, kDouble); });
  s.flat(call + "(x[0], 0, dtype=torch.int32)", {s.integers({3, 2}, 0, 9)}, [f](Inputs x) { return f(x[0], 0, kInt); });
  s.rejects("an axis too far", "Dimension out of range", [f] { f(ones({2}), 1, std::nullopt); });
}

using Extreme = std::tuple<Tensor, Tensor> (*)(const Tensor&, int64_t);

void add_running_extreme(catalogue::Samples& s, const std::string& call, Extreme f) {
  for (const auto& [shape, axis] : kScanCases) {
    const auto run = [f, axis = axis](Inputs x) { return f(x[0], axis); };
    const std::string text = call + "(x[0], " + std::to_string(axis) + ")";
    if (numel_of(shape) > 0) s.add(text, {s.distinct(shape)}, run);
    else s.flat(text, {constant(s.distinct(shape))}, run);  // as gradient PyTorch gives the input
  }
  const auto along_0 = [f](Inputs x) { return f(x[0], 0); };
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const Tensor& x : {tensor({2.0, 1.0, 2.0, 3.0, 3.0, 0.0, 0.0}, kDouble), tensor({1.0, nan, 3.0, nan, 0.0}, kDouble),
                          tensor({inf, 1.0, -inf, inf, -inf}, kDouble), tensor({-0.0, 0.0, -0.0}, kDouble)})
    s.at(call + "(x[0], 0)", {x}, along_0);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) s.flat(call + "(x[0], 0)", {s.integers({5, 2}, 0, 3).to(dtype)}, along_0);
  s.rejects("an axis too far", "Dimension out of range", [f] { f(ones({2}), 1); });
}

const catalogue::Entry cummax_entry("cummax", [](catalogue::Samples& s) { add_running_extreme(s, "torch.cummax", &cummax); });
const catalogue::Entry cummin_entry("cummin", [](catalogue::Samples& s) { add_running_extreme(s, "torch.cummin", &cummin); });

const catalogue::Entry logcumsumexp_entry("logcumsumexp", [](catalogue::Samples& s) {
  for (const auto& [shape, axis] : kScanCases)
    s.add("torch.logcumsumexp(x[0], " + std::to_string(axis) + ")", {s.normal(shape)}, [axis = axis](Inputs x) { return logcumsumexp(x[0], axis); });
  const auto along_0 = [](Inputs x) { return logcumsumexp(x[0], 0); };
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  s.at("torch.logcumsumexp(x[0], 0)", {tensor({{1000.0, -1000.0, 3.0}, {1000.0, -1001.0, -5.0}, {-2.0, 700.0, 3.0}}, kDouble)}, along_0);
  s.at("torch.logcumsumexp(x[0], 0)", {tensor({1.0, nan, 2.0}, kDouble)}, along_0);
  s.flat("torch.logcumsumexp(x[0], 0)", {constant(tensor({-inf, 1.0, inf, 2.0}, kDouble))}, along_0);
  s.at("torch.logcumsumexp(x[0], 0)", {tensor({-inf, -inf, 1.0, -inf}, kDouble)}, along_0).deviation = "logsumexp-of-minus-infinity";
  s.rejects("integers", "\"logcumsumexp_out_cpu\" not implemented for 'Long'", [] { logcumsumexp(ones({2}, kLong), 0); });
  s.rejects("an axis too far", "Dimension out of range", [] { logcumsumexp(ones({2}), 1); });
});

const catalogue::Entry cumsum_entry("cumsum", [](catalogue::Samples& s) {
  add_scan(s, "torch.cumsum", &cumsum);
  s.add("x[0].clone().cumsum_(1)", {s.normal({2, 3})}, [](Inputs x) { return x[0].clone().cumsum_(1); });
});
const catalogue::Entry cumprod_entry("cumprod", [](catalogue::Samples& s) {
  add_scan(s, "torch.cumprod", &cumprod);
  s.add("x[0].clone().cumprod_(1)", {s.normal({2, 3})}, [](Inputs x) { return x[0].clone().cumprod_(1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
