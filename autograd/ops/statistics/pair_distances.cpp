#include <xgrad/autograd/ops/statistics/pair_distances.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/pair_distances.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/root_divisor.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// The derivative of the norm y, which has an axis of size 1 there, in the differences d along the last axis: 0 where y is 0.
Tensor slopes(const Tensor& d, const Tensor& y, double p) {
  if (p == 0) return d.masked_fill(ones_like(d, kBool), 0);
  if (p == 1) return d.sign();
  if (p == 2) return d / root_divisor(y);
  if (std::isinf(p)) return d.sign() * (d.abs() == y);
  if (p < 2) return d.sign() * d.abs().pow(p - 1).masked_fill(d == 0, 0) * y.pow(1 - p).masked_fill(y == 0, 0);
  const Tensor u = d / y.masked_fill(y == 0, INFINITY);
  return u * u.abs().pow(p - 2);
}

Tensor direct_distances(const Tensor& x1, const Tensor& x2, double p) {
  const Operation& op = operation<"_cdist_forward">;
  const Tensor a = contiguous_as(x1, x1.dtype()), b = contiguous_as(x2, x2.dtype());
  Tensor y = allocate_tensor({a.size(0), a.size(1), b.size(1)}, a.dtype());
  if (y.numel() > 0)
    launch(op, kernels::cross_distances, reads(a, b), writes(y), a.dtype(), a.size(0), a.size(1), b.size(1), a.size(2), p, a.data_ptr(), b.data_ptr(),
           y.data_ptr());
  return record(Forward(op, std::move(y)), with("p", p),
                wrt_all({x1, x2}, [x1 = save(x1), x2 = save(x2), p](Gradients& g, const std::vector<Tensor>& ys) {
                  const Tensor d = (*x1).unsqueeze(-2) - (*x2).unsqueeze(-3), each = slopes(d, ys[0].unsqueeze(-1), p) * g.gy().unsqueeze(-1);
                  if (g.needs(0)) g.gx(0) = each.sum(-2);
                  if (g.needs(1)) g.gx(1) = -each.sum(-3);
                }));
}

// |a|^2 - 2 a b + |b|^2 as one product.
Tensor distances_by_product(const Tensor& x1, const Tensor& x2) {
  const auto value = [&] {
    const StepsOfOne steps;
    const Tensor squares1 = x1.square().sum(-1, true), squares2 = x2.square().sum(-1, true);
    const Tensor a = cat({x1 * -2, squares1, ones_like(squares1)}, -1), b = cat({x2, ones_like(squares2), squares2}, -1);
    return Forward(operation<"_euclidean_dist">, a.matmul(b.transpose(-2, -1)).clamp_min(0).sqrt());
  };
  return record(value(), wrt_all({x1, x2}, [x1 = save(x1), x2 = save(x2)](Gradients& g, const std::vector<Tensor>& ys) {
                  const Tensor ratio = g.gy() / root_divisor(ys[0]);
                  if (g.needs(0)) g.gx(0) = *x1 * ratio.sum(-1, true) - ratio.matmul(*x2);
                  if (g.needs(1)) g.gx(1) = *x2 * ratio.sum(-2).unsqueeze(-1) - ratio.transpose(-2, -1).matmul(*x1);
                }));
}

// As one axis of batches.
Tensor batched(const Tensor& x, const Dims& batches) {
  Dims shape = batches;
  shape.push_back(x.size(-2));
  shape.push_back(x.size(-1));
  return x.expand(shape).reshape({numel_of(batches), x.size(-2), x.size(-1)});
}

}  // namespace

Tensor cdist(const Tensor& x1, const Tensor& x2, double p, std::optional<int64_t> compute_mode) {
  const Operation& op = operation<"cdist">;
  const int64_t mode = compute_mode.value_or(0), n = x1.dim() < 2 ? 0 : x1.size(-2), m = x2.dim() < 2 ? 0 : x2.size(-2);
  XGRAD_CHECK(x1.dim() >= 2, op, "cdist only supports at least 2D tensors, X1 got: ", x1.dim(), "D");
  XGRAD_CHECK(x2.dim() >= 2, op, "cdist only supports at least 2D tensors, X2 got: ", x2.dim(), "D");
  XGRAD_CHECK(x1.is_floating_point(), op, "cdist only supports floating-point dtypes, X1 got: ", x1.dtype());
  XGRAD_CHECK(x2.is_floating_point(), op, "cdist only supports floating-point dtypes, X2 got: ", x2.dtype());
  XGRAD_CHECK(x1.dtype() == x2.dtype(), op, "expected scalar type ", x1.dtype(), " but found ", x2.dtype());
  XGRAD_CHECK(x1.size(-1) == x2.size(-1), op, "X1 and X2 must have the same number of columns. X1: ", x1.size(-1), " X2: ", x2.size(-1));
  XGRAD_CHECK(p >= 0, op, "cdist only supports non-negative p values, got ", p);
  XGRAD_CHECK(mode >= 0 && mode <= 2, op, "possible modes: 0, 1, 2, but was: ", mode);
  const auto batches_of = [](const Tensor& x) { return x.sizes().slice(0, static_cast<size_t>(x.dim() - 2)); };
  const Dims batches = broadcast_shapes(op.name(), batches_of(x1), batches_of(x2));
  const Tensor a = batched(x1, batches), b = batched(x2, batches);
  const bool by_product = p == 2 && (mode == 1 || (mode == 0 && (n > 25 || m > 25)));
  Dims shape = batches;
  shape.push_back(n);
  shape.push_back(m);
  return (by_product && a.size(2) > 0 ? distances_by_product(a, b) : direct_distances(a, b, p)).reshape(shape);
}

Tensor pdist(const Tensor& self, double p) {
  const Operation& op = operation<"pdist">;
  XGRAD_CHECK(self.dim() == 2, op, "pdist only supports 2D tensors, got: ", self.dim(), "D");
  XGRAD_CHECK(self.is_floating_point(), op, "pdist only supports floating-point dtypes, got ", self.dtype());
  XGRAD_CHECK(p >= 0, op, "pdist only supports non-negative p values, got ", p);
  const int64_t n = self.size(0), width = self.size(1);
  const Tensor x = contiguous_as(self, self.dtype());
  Tensor y = allocate_tensor({n > 0 ? n * (n - 1) / 2 : 0}, x.dtype());
  if (y.numel() > 0) launch(op, kernels::own_distances, reads(x), writes(y), x.dtype(), n, width, p, x.data_ptr(), y.data_ptr());
  return record(Forward(op, std::move(y)), with("p", p), wrt(self, [x = save(self), p](const Tensor& gy, const Tensor& y) {
                  const int64_t n = (*x).size(0);
                  const Tensor pairs = ones({n, n}, kBool).triu(1).nonzero(), i = pairs.select(1, 0), j = pairs.select(1, 1);
                  const Tensor d = (*x).index_select(0, i) - (*x).index_select(0, j), each = slopes(d, y.unsqueeze(-1), p) * gy.unsqueeze(-1);
                  return zeros((*x).sizes(), gy.options()).index_add(0, i, each).index_add(0, j, each, -1);
                }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;

struct Order {
  double p;
  const char* text;
};
const Order kOrders[] = {{2, "2."}, {1, "1."}, {3, "3."}, {1.5, "1.5"}, {0.5, "0.5"}, {0, "0."}, {HUGE_VAL, "math.inf"}};

const catalogue::Entry cdist_entry("cdist", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [p, text] : kOrders) {
    const std::string call = std::string("torch.cdist(x[0], x[1], p=") + text;
    const auto run = [p = p](Inputs x) { return cdist(x[0], x[1], p); };
    // All coordinates differ: those of x1 are farther apart than those of x2 spread.
    s.add(call + ")", {s.distinct({3, 4}) * 5, s.distinct({2, 4}) * 0.1 + 0.2}, run);
    s.add(call + ")", {s.distinct({2, 1, 3, 2}) * 5, s.distinct({3, 2, 2}) * 0.1 + 0.2}, run);
    s.add(call + ")", {s.distinct({1, 1}), s.distinct({1, 1}) - 0.5}, run);
    for (const auto& shape : std::vector<std::vector<int64_t> >{{0, 3}, {2, 0}})
      s.at(call + ")", {s.distinct(shape), s.distinct({2, shape[1]})}, run);
    s.at(call + ")", {tensor({{1.0, 2.0}, {3.0, 4.0}}, kDouble), tensor({{3.0, 4.0}, {1.0, -2.0}, {2.0, 3.0}}, kDouble)}, run);
  }
  const char* const modes[] = {"use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"};
  for (const int64_t mode : {0, 1, 2})
    for (const int64_t rows : {2, 30})
      s.add(std::string("torch.cdist(x[0], x[1], compute_mode='") + modes[mode] + "')", {s.normal({rows, 3}), s.normal({2, 3}) + 3},
            [mode](Inputs x) { return cdist(x[0], x[1], 2, mode); });
  s.flat("torch.cdist(x[0], x[1])", {constant(s.normal({3, 2}).to(kFloat)), constant(s.normal({3, 2}).to(kFloat))},
         [](Inputs x) { return cdist(x[0], x[1]); });
  s.rejects("a vector", "cdist only supports at least 2D tensors, X1 got: 1D", [] { cdist(ones({2}), ones({2, 2})); });
  s.rejects("integers", "cdist only supports floating-point dtypes, X2 got: Long", [] { cdist(ones({2, 2}), ones({2, 2}, kLong)); });
  s.rejects("other columns", "X1 and X2 must have the same number of columns. X1: 2 X2: 3", [] { cdist(ones({2, 2}), ones({2, 3})); });
  s.rejects("a negative p", "cdist only supports non-negative p values", [] { cdist(ones({2, 2}), ones({2, 2}), -1); });
  s.rejects("another mode", "possible modes: 0, 1, 2, but was: 3", [] { cdist(ones({2, 2}), ones({2, 2}), 2, 3); });
});

const catalogue::Entry pdist_entry("pdist", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [p, text] : kOrders) {
    const std::string call = std::string("F.pdist(x[0], p=") + text + ")";
    const auto run = [p = p](Inputs x) { return pdist(x[0], p); };
    s.add(call, {s.distinct({4, 3})}, run);
    for (const auto& shape : std::vector<std::vector<int64_t> >{{1, 2}, {3, 0}}) s.at(call, {s.distinct(shape)}, run);
    s.flat(call, {constant(s.distinct({0, 2}))}, run);  // PyTorch's derivative crashes
    s.at(call, {tensor({{1.0, 2.0}, {3.0, 4.0}, {1.0, 2.0}, {2.0, 3.0}}, kDouble)}, run);
  }
  s.rejects("a vector", "pdist only supports 2D tensors, got: 1D", [] { pdist(ones({2})); });
  s.rejects("integers", "pdist only supports floating-point dtypes", [] { pdist(ones({2, 2}, kLong)); });
  s.rejects("a negative p", "pdist only supports non-negative p values", [] { pdist(ones({2, 2}), -1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
