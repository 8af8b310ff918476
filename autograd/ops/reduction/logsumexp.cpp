#include <cmath>
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

Tensor compute(const Tensor& x, uint64_t mask, bool keepdim) {
  const StepsOfOne steps;
  const std::vector<int64_t> axes = masked_axes(mask, x.dim());
  if (reduced_numel(x.sizes(), mask) == 0) return x.sum(axes, keepdim).fill_(-INFINITY);
  Tensor largest = x.amax(axes, true);
  largest = largest.masked_fill(largest.abs() == INFINITY, 0);
  const Tensor shifted = (x - largest).exp().sum(axes, keepdim).log();
  return shifted + largest.reshape(shifted.sizes());
}

}  // namespace

Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const Operation& op = operation<"logsumexp">;
  const uint64_t mask = axis_mask(op.name(), dim, self.dim());
  const Tensor x = self.is_floating_point() ? self : self.to(get_default_dtype());
  // Of -inf alone: the gradient is 0 where PyTorch's is NaN.
  return record(Forward(op, compute(x, mask, keepdim)), with("dim", dim, "keepdim", keepdim),
                wrt(x, [x = save(x), mask, keepdim](const Tensor& gy, const Tensor& y) {
                  const Tensor safe = y.masked_fill(y == -INFINITY, INFINITY);
                  const IntArrayRef sizes = (*x).sizes();
                  return restore_axes(gy, sizes, mask, keepdim) * (*x - restore_axes(safe, sizes, mask, keepdim)).exp();
                }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry logsumexp_entry("logsumexp", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (auto& list : {catalogue::reductions_over_axes(), catalogue::reductions_of_nothing()})
    for (const auto& r : list)
      s.add("torch.logsumexp(x[0]" + r.text, {s.normal(r.shape)}, [r](Inputs x) { return logsumexp(x[0], r.dims, r.keepdim); });
  const auto along_0 = [](Inputs x) { return logsumexp(x[0], 0); };
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  s.at("torch.logsumexp(x[0], 0)", {tensor({{1000.0, -1000.0, 3.0}, {1000.0, -1001.0, -HUGE_VAL}}, kDouble)}, along_0);
  for (const double special : {HUGE_VAL, nan}) s.at("torch.logsumexp(x[0], 0)", {tensor({special, -HUGE_VAL, 1.0}, kDouble)}, along_0);
  s.at("torch.logsumexp(x[0], 0)", {full({2}, -HUGE_VAL, kDouble)}, along_0).deviation = "logsumexp-of-minus-infinity";
  s.flat("torch.logsumexp(x[0], 0)", {s.integers({3, 2}, -9, 9)}, along_0);
  s.rejects("an axis too far", "Dimension out of range", [] { logsumexp(ones({2}), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
