// Cross entropy of logits and class labels without the log-probabilities between.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/normalisation/cross_entropy.h>
#include <xgrad/autograd/ops/loss/class_picks.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// Memory for what is kept, and behind it for the total weight of a mean, one double. What the kernel keeps is a multiple of 16 elements.
Tensor room_to_keep(const kernels::ClassTargets& targets, ScalarType dtype) {
  const auto total = static_cast<int64_t>(sizeof(double) / elementSize(dtype));
  return allocate_tensor({kernels::kept_by_cross_entropy(targets) + total}, dtype);
}

// The place of the total weight among doubles.
int64_t total_weight_at(const Tensor& kept) { return static_cast<int64_t>(kept.nbytes() / sizeof(double)) - 1; }

// Null where there is none.
double* total_weight_in(const Tensor& kept, const ClassPicks& picks) {
  return kept.defined() && picks.reduction == Reduction::Mean ? static_cast<double*>(kept.data_ptr()) + total_weight_at(kept) : nullptr;
}
Tensor total_weight_of(const Tensor& kept, const ClassPicks& picks) {
  if (picks.reduction != Reduction::Mean) return Tensor();
  return contiguous_as(tensor_on(kept.storage(), kDouble, {}, {}, total_weight_at(kept)), kept.dtype());
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
  const Operation& op = operation<"softmax">;
  Tensor p = allocate_tensor(picks.sizes, kept.dtype());
  launch(op, kernels::cross_entropy_probabilities, reads(kept), writes(p), p.dtype(), picks.targets(), kept.data_ptr(), p.data_ptr());
  const int64_t axis = p.dim() - 1;
  return record(Forward(op, p), with("dim", axis),
                wrt(kept, [axis](const Tensor& gy, const Tensor& y) { return y * (gy - (gy * y).sum(axis, true)); }));
}

// Memory for the gradient of the logits: that of what was kept, if nobody reads it again.
Tensor room_for_gradient(const Tensor& kept, const ClassPicks& picks, bool last_use) {
  if (last_use && is_private(kept) && kernels::lies_as_gradient(kept.dtype(), picks.targets()))
    return tensor_on(kept.storage(), kept.dtype(), picks.sizes, contiguous_strides(picks.sizes), 0);
  return allocate_tensor(picks.sizes, kept.dtype());
}

// With g the gradient of the log-probabilities and p their exponentials: g - p sum(g), in one pass.
Tensor gradient_of_logits(const Tensor& gy, const Tensor& kept, const ClassPicks& picks, bool last_use) {
  const Operation& op = operation<"cross_entropy_backward">;
  const Tensor g = contiguous_as(gy, gy.dtype());
  Tensor gx = room_for_gradient(kept, picks, last_use);
  launch(op, kernels::cross_entropy_backward, reads(g, kept, picks.labels, picks.weight), writes(gx), gx.dtype(), picks.targets(), g.data_ptr(),
         picks.reduction == Reduction::None ? 1 : 0, total_weight_in(kept, picks), picks.weights(), kept.data_ptr(), gx.data_ptr());
  const int64_t axis = gx.dim() - 1;
  return record(Forward(op, gx),
                wrt(gy, [kept, picks = SavedPicks(picks),
                         axis](const Tensor& v) { return pick(v - (v * probabilities(kept, picks.get())).sum(axis, true), picks.get()); }),
                wrt(kept, [gy = save(gy), kept, picks = SavedPicks(picks), axis](const Tensor& v) {
                  const ClassPicks given = picks.get();
                  const Tensor p = probabilities(kept, given), g = scatter_picks(*gy, given, total_weight_of(kept, given));
                  return (p * v).sum(axis, true).sub(v) * p * g.sum(axis, true);
                }));
}

}  // namespace

Tensor cross_entropy_of_picks(const Tensor& self, const ClassPicks& picks) {
  const Operation& op = operation<"nll_loss">;
  const Tensor x = contiguous_as(self, self.dtype());
  const Tensor losses = allocate_tensor(picks.labels.sizes(), x.dtype()), weights = allocate_tensor(losses.sizes(), x.dtype());
  const kernels::ClassTargets targets = picks.targets();
  const Tensor kept = Recording::needs(self) ? room_to_keep(targets, x.dtype()) : Tensor();
  launch(op, kernels::cross_entropy, reads(x, picks.labels, picks.weight), writes(losses, weights, kept), x.dtype(), targets, x.data_ptr(),
         picks.weights(), losses.data_ptr(), weights.data_ptr(), kept.defined() ? kept.data_ptr() : nullptr);
  Tensor y = losses;
  if (picks.reduction != Reduction::None) {
    y = allocate_tensor({}, x.dtype());
    double* const total_weight = total_weight_in(kept, picks);
    const kernels::MemoryRange total{total_weight, total_weight ? int64_t{sizeof(double)} : 0};
    launch(op, kernels::reduce_losses, reads(losses, weights), writes(y, total), x.dtype(), losses.data_ptr(),
           picks.reduction == Reduction::Mean ? weights.data_ptr() : nullptr, losses.numel(), y.data_ptr(), total_weight);
  }
  const auto attributes = with("reduction", picks.reduction, "ignore_index", picks.ignored);
  if (!kept.defined()) return not_differentiable(Forward(op, std::move(y)), attributes, self, picks.labels, picks.weight);
  return record(Forward(op, std::move(y)), attributes,
                wrt(self, [kept = with_edge_of(self, kept), picks = SavedPicks(picks)](
                              const Gradients& g) { return gradient_of_logits(g.gy(), kept, picks.get(), g.releases_saved()); }),
                given(picks.labels), given(picks.weight));
}

}}  // namespace torch::xgrad
