// Norms of vectors along axes.
#include <cmath>
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/moments.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/reduction/root_divisor.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

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

Tensor infinite_for_zero(const Tensor& norms) { return norms.masked_fill(norms == 0, kInfinity); }

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
  Tensor y = prepare_reduction(self, norm.mask, norm.keepdim, self.dtype(), g);
  // Of nothing: 0, for any p.
  const double p = reduced_numel(self.sizes(), norm.mask) == 0 ? 1 : norm.p;
  launch(operation, kernels::reduce_norm, reads(self), writes(y), g, self.dtype(), self.data_ptr(), y.data_ptr(), p);
  return record(Forward(operation, std::move(y)), attributes,
                wrt(self, [x = save(self), norm](const Tensor& gy, const Tensor& y) { return gradient(gy, y, *x, norm); }));
}

}  // namespace

Tensor root_divisor(const Tensor& root) {
  const auto value = [&] {
    NoGradGuard guard;
    return Forward(operation<"masked_fill">, infinite_for_zero(root));
  };
  return record(value(), with("value", kInfinity), wrt(root, [r = save(root)](const Tensor& gy) { return gy.masked_fill(*r == 0, NAN); }));
}

Tensor norm(const Tensor& self, const Scalar& p) {
  const Operation& op = operation<"norm">;
  return norm_over(op, with("p", p), self, {p.toDouble(), axis_mask(op.name(), IntArrayRef(), self.dim()), false});
}

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  const Operation& op = operation<"norm", 1>;
  const Norm norm{p.value_or(2).toDouble(), axis_mask(op.name(), dim, self.dim()), keepdim};
  return norm_over(op, with("p", p, "dim", dim, "keepdim", keepdim), self, norm);
}

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, ScalarType dtype) { return norm(self, p, IntArrayRef(), false, dtype); }

Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  XGRAD_CHECK(isFloatingType(dtype), operation<"norm">, "the desired output dtype should be either floating point or complex. Got ", dtype,
              " instead.");
  return norm(self.to(dtype), p, dim, keepdim);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

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
  s.add("torch.norm(x[0].float(), 2, dtype=torch.float64)", {s.normal({2, 3})}, [](Inputs x) { return norm(x[0].to(kFloat), 2, kDouble); }).smooth =
      false;
  s.add("torch.norm(x[0], 3, dim=1, keepdim=True, dtype=torch.float64)", {s.distinct({2, 3}) + 20},
        [](Inputs x) { return norm(x[0], 3, {1}, true, kDouble); });
  s.rejects("integers", "input dtype should be either floating point or complex. Got Long instead.", [] { norm(ones({2}, kLong)); });
  s.rejects("an axis too far", "Dimension out of range", [] { norm(ones({2}), 2, {1}); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
