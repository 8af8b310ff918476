#include <cmath>
#include <limits>

#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/gathering.h>
#include <xgrad/autograd/ops/reduced_axes.h>
#include <xgrad/autograd/ops/reduction.h>

namespace xgrad {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Forward compute(const Tensor& x, uint64_t mask, bool keepdim) {
  NoGradGuard guard;
  const std::vector<int64_t> axes = masked_axes(mask, x.dim());
  if (reduced_numel(x.sizes(), mask) == 0) return Forward(x.sum(axes, keepdim).fill_(-kInfinity));
  Tensor largest = x.amax(axes, true);
  largest = largest.masked_fill(largest.abs() == kInfinity, 0);
  const Tensor shifted = (x - largest).exp().sum(axes, keepdim).log();
  return Forward(shifted + largest.reshape(shifted.sizes()));
}

}  // namespace

Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const uint64_t mask = axis_mask("logsumexp", dim, self.dim());
  const Tensor x = self.is_floating_point() ? self : self.to(get_default_dtype());
  // Of -inf alone: the gradient is 0 where PyTorch's is NaN.
  return record("LogsumexpBackward0", compute(x, mask, keepdim), wrt(x, [x = save(x), mask, keepdim](const Tensor& gy, const Tensor& y) {
                  const Tensor safe = y.masked_fill(y == -kInfinity, kInfinity);
                  const IntArrayRef sizes = (*x).sizes();
                  return restore_axes(gy, sizes, mask, keepdim) * (*x - restore_axes(safe, sizes, mask, keepdim)).exp();
                }));
}

}  // namespace xgrad
