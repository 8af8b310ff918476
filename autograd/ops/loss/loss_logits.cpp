// Cross entropy of logits and class labels without the log-probabilities between.
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/normalisation/cross_entropy.h>
#include <xgrad/autograd/ops/loss/class_picks.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

namespace {

Tensor number(double value, ScalarType dtype) {
  Tensor y = allocate_tensor({}, dtype);
  dispatch_floating(dtype, "cross_entropy", [&](auto zero) { *static_cast<decltype(zero)*>(y.data_ptr()) = static_cast<decltype(zero)>(value); });
  return y;
}

// What was kept, with the logits' place in the graph.
Tensor with_edge_of(const Tensor& logits, const Tensor& kept) {
  Tensor t = detail::alias(kept);
  TensorImpl& impl = t.impl();
  impl.edge = detail::gradient_edge(logits);
  impl.leaf_edge = logits.impl().leaf_edge;
  impl.requires_grad = logits.impl().requires_grad;
  return t;
}

// softmax of the logits in whose place `kept` is.
Tensor probabilities(const Tensor& kept, const ClassPicks& picks) {
  Tensor p = allocate_tensor(picks.sizes, kept.dtype());
  kernels::cross_entropy_probabilities(p.dtype(), picks.targets(), kept.data_ptr(), p.data_ptr());
  const int64_t axis = p.dim() - 1;
  return record("SoftmaxBackward0", Forward(p), wrt(kept, [axis](const Tensor& gy, const Tensor& y) {
                  return y * (gy - (gy * y).sum(axis, true));
                }));
}

// Memory for the gradient of the logits: that of what was kept, if nobody reads it again.
Tensor room_for_gradient(const Tensor& kept, const ClassPicks& picks, bool last_use) {
  if (last_use && is_private(kept) && kernels::lies_as_gradient(kept.dtype(), picks.targets()))
    return tensor_on(kept.storage(), kept.dtype(), picks.sizes, contiguous_strides(picks.sizes), 0);
  return allocate_tensor(picks.sizes, kept.dtype());
}

// With g the gradient of the log-probabilities and p their exponentials: g - p sum(g), in one pass.
Tensor gradient_of_logits(const Tensor& gy, const Tensor& kept, const ClassPicks& picks, double total_weight, bool last_use) {
  const Tensor g = contiguous_as(gy, gy.dtype());
  Tensor gx = room_for_gradient(kept, picks, last_use);
  kernels::cross_entropy_backward(gx.dtype(), picks.targets(), g.data_ptr(), picks.reduction == Reduction::None ? 1 : 0, total_weight,
                                  picks.weights(), kept.data_ptr(), gx.data_ptr());
  const int64_t axis = gx.dim() - 1;
  return record("CrossEntropyBackwardBackward0", Forward(gx), wrt(gy, [kept, picks = SavedPicks(picks), axis](const Tensor& v) {
                  return pick(v - (v * probabilities(kept, picks.get())).sum(axis, true), picks.get());
                }),
                wrt(kept, [gy = save(gy), kept, picks = SavedPicks(picks), total_weight, axis](const Tensor& v) {
                  const Tensor p = probabilities(kept, picks.get()), g = scatter_picks(*gy, picks.get(), number(total_weight, (*gy).dtype()));
                  return (p * v).sum(axis, true).sub(v) * p * g.sum(axis, true);
                }));
}

}  // namespace

Tensor cross_entropy_of_picks(const Tensor& self, const ClassPicks& picks) {
  const Tensor x = contiguous_as(self, self.dtype());
  const Tensor losses = allocate_tensor(picks.labels.sizes(), x.dtype()), weights = allocate_tensor(losses.sizes(), x.dtype());
  const kernels::ClassTargets targets = picks.targets();
  const Tensor kept = Recording::needs(self) ? allocate_tensor({kernels::kept_by_cross_entropy(targets)}, x.dtype()) : Tensor();
  kernels::cross_entropy(x.dtype(), targets, x.data_ptr(), picks.weights(), losses.data_ptr(), weights.data_ptr(),
                         kept.defined() ? kept.data_ptr() : nullptr);
  const auto sum = [](const Tensor& t) { return kernels::sum_of_losses(t.dtype(), t.data_ptr(), t.numel()); };
  const bool mean = picks.reduction == Reduction::Mean;
  const double total_weight = mean ? sum(weights) : 1;
  const auto reduced = [&] {
    const bool of_none = mean && losses.numel() == 0;  // 0 / 0 may have a sign
    return number(of_none ? std::numeric_limits<double>::quiet_NaN() : sum(losses) / total_weight, x.dtype());
  };
  const Tensor y = picks.reduction == Reduction::None ? losses : reduced();
  if (!kept.defined()) return not_differentiable(Forward(y));
  return record("NllLossBackward0", Forward(y),
                wrt(self, [kept = with_edge_of(self, kept), picks = SavedPicks(picks), total_weight](const Gradients& g) {
                  return gradient_of_logits(g.gy(), kept, picks.get(), total_weight, g.releases_saved());
                }));
}

}}  // namespace torch::xgrad
