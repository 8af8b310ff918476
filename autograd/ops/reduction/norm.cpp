// Norms of vectors along axes.
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/moments.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/reduction/root_divisor.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Norm {
  double p;
  uint64_t mask;
  bool keepdim;
};

// The elements with the extreme magnitude share the gradient evenly.
Tensor gradient_of_extreme(const Tensor& g, const Tensor& y, const Tensor& x, const Norm& norm) {
  const Tensor chosen = (x.abs() == y).to(x.dtype());
  return x.sign() * chosen * g / chosen.sum(masked_axes(norm.mask, x.dim()), true);
}

Tensor infinite_for_zero(const Tensor& norms) { return norms.masked_fill(norms == 0, INFINITY); }

// With u = x / norm, no power leaves the range: the derivative is sign(x) |u|^(p - 1). It is 0 where the norm is 0, and,
// for p < 2, where x is 0; there, with powers below 1, nothing leaves the range either way, and the second derivative is NaN for
// the elements that have none, not for all.
Tensor gradient(const Tensor& gy, const Tensor& norms, const Tensor& x, const Norm& norm) {
  if (norm.p == 0) return Tensor();
  const Tensor g = restore_axes(gy, x.sizes(), norm.mask, norm.keepdim), y = restore_axes(norms, x.sizes(), norm.mask, norm.keepdim);
  if (norm.p == 1) return x.sign() * g;
  if (std::isinf(norm.p)) return gradient_of_extreme(g, y, x, norm);
  if (norm.p < 2) return x.sign() * x.abs().pow(norm.p - 1).masked_fill(x == 0, 0) * (g / y.pow(norm.p - 1)).masked_fill(y == 0, 0);
  const Tensor u = x / restore_axes(norm.p == 2 ? root_divisor(norms) : infinite_for_zero(norms), x.sizes(), norm.mask, norm.keepdim);
  return norm.p == 2 ? u * g : u * u.abs().pow(norm.p - 2) * g;
}

template <class... A> Tensor norm_over(const Operation& operation, const With<A...>& attributes, const Tensor& self, const Norm& norm) {
  XGRAD_CHECK(self.is_floating_point(), operation, "input dtype should be either floating point or complex. Got ", self.dtype(), " instead.");
  kernels::ReductionGeometry g;
  const Computed x(self);
  Tensor y = prepare_reduction(*x, norm.mask, norm.keepdim, x->dtype(), g);
  // Of nothing: 0, for any p.
  const double p = reduced_numel(self.sizes(), norm.mask) == 0 ? 1 : norm.p;
  launch(operation, kernels::reduce_norm, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr(), p);
  return record(Forward(operation, rounded_to(self.dtype(), std::move(y))), attributes,
                wrt(self, [x = save(self), norm](const Tensor& gy, const Tensor& y) { return gradient(gy, y, *x, norm); }));
}

constexpr double kRenormEps = 1e-7;

// Of x * maxnorm / (norm + eps) where the norm is larger: chosen last, so that a NaN elsewhere stays there.
Tensor renorm_gradient(const Tensor& gy, const Tensor& x, const Norm& norm, const Scalar& maxnorm) {
  const std::vector<int64_t> axes = masked_axes(norm.mask, x.dim());
  const Tensor norms = linalg_vector_norm(x, norm.p, axes, true), inverse = (norms + kRenormEps).reciprocal();
  const Tensor along = gradient((x * gy).sum(axes, true), norms, x, norm);
  return where(norms > maxnorm, (gy - along * inverse) * (inverse * maxnorm), gy);
}

Tensor as_floating(const Operation& operation, const Tensor& self, ScalarType dtype) {
  XGRAD_CHECK(isFloatingType(dtype), operation, "the desired output dtype should be either floating point or complex. Got ", dtype, " instead.");
  return as_dtype(self, dtype);
}

}  // namespace

Tensor root_divisor(const Tensor& root) {
  const Tensor is_zero = root == 0;
  const auto value = [&] {
    const StepsOfOne steps;
    return Forward(operation<"masked_fill">, root.masked_fill(is_zero, INFINITY));
  };
  return record(value(), with("value", INFINITY), wrt(root, [is_zero = save(is_zero)](const Tensor& gy) { return gy.masked_fill(*is_zero, NAN); }),
                given(is_zero));
}

Tensor norm(const Tensor& self, const Scalar& p) {
  if (self.is_sparse()) return norm(self.coalesce().values(), p);
  const Operation& op = operation<"norm">;
  return norm_over(op, with("p", p), self, {p.toDouble(), axis_mask(op.name(), IntArrayRef(), self.dim()), false});
}

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  const Operation& op = operation<"norm", 1>;
  const Norm norm{p.value_or(2).toDouble(), axis_mask(op.name(), dim, self.dim()), keepdim};
  return norm_over(op, with("p", p, "dim", dim, "keepdim", keepdim), self, norm);
}

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, ScalarType dtype) {
  const Operation& op = operation<"norm", 2>;
  const Norm norm{p.value_or(2).toDouble(), axis_mask(op.name(), IntArrayRef(), self.dim()), false};
  return norm_over(op, with("p", p, "dtype", dtype), as_floating(op, self, dtype), norm);
}

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  const Operation& op = operation<"norm", 3>;
  const Norm norm{p.value_or(2).toDouble(), axis_mask(op.name(), dim, self.dim()), keepdim};
  return norm_over(op, with("p", p, "dim", dim, "keepdim", keepdim, "dtype", dtype), as_floating(op, self, dtype), norm);
}

Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p) { return norm(self - other, p); }

Tensor renorm(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  const Operation& op = operation<"renorm">;
  XGRAD_CHECK(p.toDouble() > 0, op, "renorm: non-positive norm not supported, got ", p.toDouble());
  XGRAD_CHECK(maxnorm.toDouble() >= 0, op, "renorm: expected maxnorm to be >= 0 but got ", maxnorm.toDouble());
  XGRAD_CHECK(self.dim() > 1, op, "renorm: input needs at least 2 dimensions, got ", self.dim(), " dimensions");
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  const Norm norm{p.toDouble(), ~(uint64_t{1} << axis), true};
  const auto value = [&] {
    const StepsOfOne steps;
    const Tensor norms = linalg_vector_norm(self, p, masked_axes(norm.mask, self.dim()), true);
    return Forward(op, contiguous_as(self * where(norms > maxnorm, (norms + kRenormEps).reciprocal() * maxnorm, 1), self.dtype()));
  };
  return record(value(), with("p", p, "dim", dim, "maxnorm", maxnorm),
                wrt(self, [x = save(self), norm, maxnorm](const Tensor& gy) { return renorm_gradient(gy, *x, norm, maxnorm); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

struct Order {
  double p;
  const char* text;
};
const Order kOrders[] = {{2, "2"}, {1, "1"}, {3, "3"}, {1.5, "1.5"}, {0.5, "0.5"}, {-1, "-1"}, {HUGE_VAL, "math.inf"}, {-HUGE_VAL, "-math.inf"},
                         {0, "0"}};

// torch.norm chooses another function than at::norm for some arguments.
const std::string kNorm = "torch._C._VariableFunctions.norm(x[0], ";

const catalogue::Entry norm_entry("norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [p, text] : kOrders) {
    const std::string call = kNorm + text;
    const auto of_all = [p = p](Inputs x) { return norm(x[0], p); };
    // Distinct magnitudes away from 0.
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}}) s.add(call + ")", {s.distinct(shape) + 20}, of_all);
    s.add(call + ")", {s.avoiding({200}, -3, 3, {0})}, of_all).smooth = !std::isinf(p);
    for (const auto& r : catalogue::reductions_of({{3, 4}, {2, 2, 3}}, {{-1}, {0, 1}}))
      s.add(call + r.text, {s.distinct(r.shape) - 30}, [p = p, r](Inputs x) { return norm(x[0], Scalar(p), r.dims, r.keepdim); });
    for (const auto& x : {tensor({0.0, 0.0}, kDouble), tensor({4.0, -4.0, 0.0, 3.0}, kDouble), tensor({HUGE_VAL, 1.0}, kDouble), empty({0}, kDouble)})
      s.at(call + ")", {x}, of_all);
  }
  for (const double big : {1e200, 1e-200})
    s.at(kNorm + "2)", {tensor({big, big}, kDouble)}, [](Inputs x) { return norm(x[0]); }).deviation = "norm-range";
  s.at(kNorm + "3, (0,))", {tensor({{1e200, 1e-200}, {-2e200, 2e-200}}, kDouble)}, [](Inputs x) { return norm(x[0], Scalar(3), {0}); }).deviation =
      "norm-range";
  s.add(kNorm + "3, dtype=torch.float64)", {s.distinct({2, 3}) + 20}, [](Inputs x) { return norm(x[0], Scalar(3), kDouble); });
  s.add(kNorm + "None, (1,), True, dtype=torch.float64)", {s.distinct({2, 3}) + 20},
        [](Inputs x) { return norm(x[0], std::nullopt, {1}, true, kDouble); });
  s.flat(kNorm + "2, dtype=torch.float64)", {constant(s.normal({3}).to(kFloat))}, [](Inputs x) { return norm(x[0], Scalar(2), kDouble); });
  s.flat(kNorm + "2, dtype=torch.float32)", {s.integers({3}, -9, 9)}, [](Inputs x) { return norm(x[0], Scalar(2), kFloat); });
  s.rejects("an integer result", "the desired output dtype should be either floating point", [] { norm(ones({2}), Scalar(2), kLong); });
  s.rejects("integers", "input dtype should be either floating point or complex. Got Long instead.", [] { norm(ones({2}, kLong)); });
  s.rejects("an axis too far", "Dimension out of range", [] { norm(ones({2}), 2, {1}); });
});

const catalogue::Entry dist_entry("dist", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [p, text] : kOrders) {
    if (p == 0) continue;  // PyTorch has no derivative
    const std::string call = std::string("torch.dist(x[0], x[1], ") + text + ")";
    const auto run = [p = p](Inputs x) { return dist(x[0], x[1], p); };
    s.add(call, {s.distinct({2, 3}) + 20, s.distinct({3}) * 0.3}, run);
    s.add(call, {s.distinct({}) + 20, s.distinct({})}, run);
  }
  s.at("torch.dist(x[0], x[1])", {ones({3}, kDouble), ones({3}, kDouble)}, [](Inputs x) { return dist(x[0], x[1]); });
  s.rejects("integers", "floating point", [] { dist(ones({2}, kLong), ones({2}, kLong)); });
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { dist(ones({2}), ones({3})); });
});

const catalogue::Entry renorm_entry("renorm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [p, text] : kOrders)
    if (p > 0)
      for (const int64_t dim : {0, -1})
        s.add(std::string("torch.renorm(x[0], ") + text + ", " + std::to_string(dim) + ", 8)", {s.distinct({3, 2, 2})},
              [p = p, dim](Inputs x) { return renorm(x[0], p, dim, 8); });
  s.at("torch.renorm(x[0], 2, 0, 5)", {tensor({{0.0, 0.0}, {3.0, 4.0}, {6.0, 8.0}}, kDouble)}, [](Inputs x) { return renorm(x[0], 2, 0, 5); });
  s.at("torch.renorm(x[0], 2, 0, 0)", {tensor({{0.0, 0.0}, {3.0, 4.0}, {kNaN, 8.0}}, kDouble)}, [](Inputs x) { return renorm(x[0], 2, 0, 0); });
  s.at("x[0].clone().renorm_(2, 1, 1)", {s.normal({2, 3})}, [](Inputs x) { return x[0].clone().renorm_(2, 1, 1); });
  s.rejects("a norm of order 0", "non-positive norm not supported", [] { renorm(ones({2, 2}), 0, 0, 1); });
  s.rejects("a negative bound", "expected maxnorm to be >= 0", [] { renorm(ones({2, 2}), 2, 0, -1); });
  s.rejects("a vector", "input needs at least 2 dimensions", [] { renorm(ones({2}), 2, 0, 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
