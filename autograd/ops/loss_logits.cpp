// Cross entropy of logits and class labels without the log-probabilities between.
#include <limits>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/cross_entropy.h>
#include <xgrad/autograd/ops/class_picks.h>
#include <xgrad/autograd/ops/loss.h>
#include <xgrad/autograd/ops/softmax.h>

namespace torch { inline namespace xgrad {

namespace {

Tensor number(double value, ScalarType dtype) {
  Tensor y = allocate_tensor({}, dtype);
  dispatch_floating(dtype, "cross_entropy", [&](auto zero) { *static_cast<decltype(zero)*>(y.data_ptr()) = static_cast<decltype(zero)>(value); });
  return y;
}

// With g the gradient of the log-probabilities and p their exponentials: g - p sum(g), in one pass.
Tensor gradient_of_logits(const Tensor& gy, const Tensor& logits, const ClassPicks& picks, const Tensor& totals, double total_weight) {
  const Tensor g = contiguous_as(gy, gy.dtype());
  const Tensor x = contiguous_as(logits, logits.dtype());
  Tensor gx = allocate_tensor(x.sizes(), x.dtype());
  kernels::cross_entropy_backward(x.dtype(), picks.targets(), g.data_ptr(), picks.reduction == Reduction::None ? 1 : 0, total_weight, x.data_ptr(),
                                  picks.weights(), totals.data_ptr(), gx.data_ptr());
  const int64_t axis = x.dim() - 1;
  return record("CrossEntropyBackwardBackward0", Forward(gx),
                wrt(gy, [x = save(logits), picks = SavedPicks(picks), axis](const Tensor& v) {
                  return pick(v - (v * softmax(*x, axis)).sum(axis, true), picks.get());
                }),
                wrt(logits, [gy = save(gy), x = save(logits), picks = SavedPicks(picks), total_weight, axis](const Tensor& v) {
                  const Tensor p = softmax(*x, axis), g = scatter_picks(*gy, picks.get(), number(total_weight, (*gy).dtype()));
                  return (p * v).sum(axis, true).sub(v) * p * g.sum(axis, true);
                }));
}

}  // namespace

Tensor cross_entropy_of_picks(const Tensor& self, const ClassPicks& picks) {
  const Tensor x = contiguous_as(self, self.dtype());
  const Tensor losses = allocate_tensor(picks.labels.sizes(), x.dtype()), weights = allocate_tensor(losses.sizes(), x.dtype());
  const Tensor totals = allocate_tensor({losses.numel(), 2}, x.dtype());
  kernels::cross_entropy(x.dtype(), picks.targets(), x.data_ptr(), picks.weights(), losses.data_ptr(), weights.data_ptr(), totals.data_ptr());
  const auto sum = [](const Tensor& t) { return kernels::sum_of_losses(t.dtype(), t.data_ptr(), t.numel()); };
  const bool mean = picks.reduction == Reduction::Mean;
  const double total_weight = mean ? sum(weights) : 1;
  const auto reduced = [&] {
    const bool of_none = mean && losses.numel() == 0;  // 0 / 0 may have a sign
    return number(of_none ? std::numeric_limits<double>::quiet_NaN() : sum(losses) / total_weight, x.dtype());
  };
  const Tensor y = picks.reduction == Reduction::None ? losses : reduced();
  return record("NllLossBackward0", Forward(y), wrt(self, [x = save(self), picks = SavedPicks(picks), totals, total_weight](const Tensor& gy) {
                  return gradient_of_logits(gy, *x, picks.get(), totals, total_weight);
                }));
}

}}  // namespace torch::xgrad
