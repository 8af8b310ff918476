// Products over axes.
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/reduction/scan.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// Along `axis`, the product of the elements before each.
Tensor product_before(const Tensor& x, int64_t axis) {
  const Tensor one = ones_like(x.narrow(axis, 0, 1));
  return cumprod(cat({one, x.narrow(axis, 0, x.size(axis) - 1)}, axis), axis);
}

// The product of all other elements along `axis`, without a division.
Tensor product_of_others(const Tensor& x, int64_t axis) { return product_before(x, axis) * flip(product_before(flip(x, {axis}), axis), {axis}); }

bool has_zero(const Tensor& x) { return (x == 0).any().item<bool>(); }

Forward compute(const Operation& operation, const Tensor& self, uint64_t mask, bool keepdim) {
  kernels::ReductionGeometry g;
  const Computed x(self);
  Tensor y = prepare_reduction(*x, mask, keepdim, x->is_floating_point() ? x->scalar_type() : kLong, g);
  launch(operation, kernels::reduce_prod, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr());
  return Forward(operation, rounded_to(self.dtype(), std::move(y)));
}

}  // namespace

Tensor prod(const Tensor& self, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"prod">;
  const Tensor x = as_dtype(self, dtype);
  const uint64_t mask = axis_mask(op.name(), IntArrayRef(), x.dim());
  return as_dtype(record(compute(op, x, mask, false), with("dtype", dtype),
                         wrt(x,
                             [x = save(x)](const Tensor& gy, const Tensor& y) {
                               if (!has_zero(*x)) return gy * y / *x;
                               return gy * product_of_others((*x).reshape({-1}), 0).view((*x).sizes());
                             })),
                  dtype);
}

Tensor prod(const Tensor& self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"prod", 1>;
  const Tensor x = as_dtype(self, dtype);
  const int64_t axis = wrap_axis(op.name(), dim, x.dim());
  const uint64_t mask = one_axis_mask(op.name(), axis, x.dim());
  return as_dtype(record(compute(op, x, mask, keepdim), with("dim", dim, "keepdim", keepdim, "dtype", dtype),
                         wrt(x,
                             [x = save(x), axis, mask, keepdim](const Tensor& gy, const Tensor& y) {
                               if ((*x).dim() == 0) return gy;
                               const Tensor g = restore_axes(gy, (*x).sizes(), mask, keepdim);
                               if (!has_zero(*x)) return g * restore_axes(y, (*x).sizes(), mask, keepdim) / *x;
                               return g * product_of_others(*x, axis);
                             })),
                  dtype);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry prod_entry("prod", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto of_all = [](Inputs x) { return prod(x[0]); };
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}, {2, 0}})
    s.add("torch.prod(x[0])", {s.avoiding(shape, -2, 2, {0})}, of_all);
  for (const auto& r : catalogue::reductions_over_one_axis())
    s.add("torch.prod(x[0]" + r.text, {s.avoiding(r.shape, -2, 2, {0})}, [r](Inputs x) { return prod(x[0], r.dims[0], r.keepdim); });
  s.add("torch.prod(x[0], dim=1)", {empty({2, 0, 3}, kDouble)}, [](Inputs x) { return prod(x[0], 1); });
  s.add("torch.prod(x[0])", {tensor({{2.0, 0.0}, {3.0, -4.0}}, kDouble)}, of_all);
  s.add("torch.prod(x[0])", {tensor({2.0, 0.0, 3.0, 0.0}, kDouble)}, of_all);
  s.add("torch.prod(x[0])", {tensor({0.0, 0.0, 0.0}, kDouble)}, of_all);
  s.add("torch.prod(x[0])", {zeros({}, kDouble)}, of_all);
  s.add("torch.prod(x[0], dim=1)", {tensor({{2.0, 0.0, 3.0}, {1.0, 2.0, 3.0}, {0.0, 5.0, 0.0}}, kDouble)}, [](Inputs x) { return prod(x[0], 1); });
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& x : {tensor({nan, 0.0, 3.0}, kDouble), tensor({inf, 2.0, 3.0}, kDouble), tensor({nan, 2.0}, kDouble)})
    s.at("torch.prod(x[0])", {x}, of_all);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) s.flat("torch.prod(x[0])", {s.integers({2, 3}, 1, 9).to(dtype)}, of_all);
  s.flat("torch.prod(x[0], dtype=torch.float64)", {s.integers({2, 3}, 1, 9)}, [](Inputs x) { return prod(x[0], kDouble); });
  s.flat("torch.prod(x[0], 1, dtype=torch.int32)", {s.integers({2, 3}, 1, 9)}, [](Inputs x) { return prod(x[0], 1, false, kInt); });
  s.rejects("an axis too far", "Dimension out of range", [] { prod(ones({2}), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
