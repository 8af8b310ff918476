// Cross entropy of two classes, from probabilities and from logits.
#include <xgrad/autograd/kernels/loss.h>
#include <xgrad/autograd/ops/activation.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/loss.h>
#include <xgrad/autograd/ops/loss_reduction.h>
#include <xgrad/autograd/ops/reduced_axes.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

void check_probabilities(const char* what, const Tensor& t) {
  if (t.numel() == 0) return;
  kernels::ReductionGeometry g;
  const uint64_t all = axis_mask("binary_cross_entropy", IntArrayRef(), t.dim());
  const Tensor low = prepare_reduction(t, all, false, t.dtype(), g), high = low.clone();
  kernels::reduce_min(g, t.dtype(), t.data_ptr(), low.data_ptr());
  kernels::reduce_max(g, t.dtype(), t.data_ptr(), high.data_ptr());
  const double least = low.item<double>(), most = high.item<double>();
  XGRAD_CHECK(least >= 0 && most <= 1, "[binary_cross_entropy] all elements of ", what, " should be between 0 and 1, got values from ", least, " to ", most);
}

// x (1 - x) of a saturated probability; float32's 1e-12, as in PyTorch.
constexpr double kLeastVariance = 1e-12f;

Operand or_one(const Tensor& weight) { return weight.defined() ? Operand(weight) : Operand(Scalar(1)); }

Tensor weighted(const Tensor& t, const SavedTensor& weight) { return weight.defined() ? t * *weight : t; }

SavedTensor save_optional(const Tensor& t) { return t.defined() ? save(t) : SavedTensor(); }

}  // namespace

Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction) {
  check_reduction("binary_cross_entropy", reduction);
  const Tensor w = constant_input("binary_cross_entropy", "weight", weight);
  check_probabilities("input", self);
  check_probabilities("target", target);
  const Forward elements = pointwise("binary_cross_entropy", kernels::binary_cross_entropy, result_type({self, target}), {self, target, or_one(w)});
  const int64_t n = elements.value().numel();
  return record("BinaryCrossEntropyBackward0", reduce_elements(elements, reduction),
                wrt(self, [=, x = save(self), t = save(target), w = save_optional(w)](const Tensor& gy) {
                  return weighted(per_element(gy, reduction, n), w) * (*x - *t) / ((1 - *x) * *x).clamp_min(kLeastVariance);
                }),
                wrt(target, [=, x = save(self), w = save_optional(w)](const Tensor& gy) {
                  return weighted(per_element(gy, reduction, n), w) * ((-*x).log1p() - (*x).log());
                }));
}

Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight, int64_t reduction) {
  const char* operation = "binary_cross_entropy_with_logits";
  check_reduction(operation, reduction);
  const Tensor w = constant_input(operation, "weight", weight), positive = constant_input(operation, "pos_weight", pos_weight);
  const Forward elements = pointwise(operation, kernels::binary_cross_entropy_with_logits, result_type({self, target}),
                                     {self, target, or_one(w), or_one(positive)});
  const int64_t n = elements.value().numel();
  return record("BinaryCrossEntropyWithLogitsBackward0", reduce_elements(elements, reduction),
                wrt(self, [=, x = save(self), t = save(target), w = save_optional(w), p = save_optional(positive)](const Tensor& gy) {
                  const Tensor slope = p.defined() ? (1 - *t) * (*x).sigmoid() - *t * *p * (-*x).sigmoid() : (*x).sigmoid() - *t;
                  return weighted(per_element(gy, reduction, n), w) * slope;
                }),
                wrt(target, [=, x = save(self), w = save_optional(w), p = save_optional(positive)](const Tensor& gy) {
                  const Tensor slope = p.defined() ? (1 - *p) * log_sigmoid(*x) - *x : -*x;
                  return weighted(per_element(gy, reduction, n), w) * slope;
                }));
}

}  // namespace xgrad
