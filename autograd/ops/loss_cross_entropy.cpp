// Cross entropy of logits, with class labels or class probabilities as targets.
#include <xgrad/autograd/ops/gathering.h>
#include <xgrad/autograd/ops/loss.h>
#include <xgrad/autograd/ops/loss_reduction.h>
#include <xgrad/autograd/ops/softmax.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

int64_t class_axis(const Tensor& self) { return self.dim() == 1 ? 0 : 1; }

// A weight for each class in the place of the class axis.
Tensor along_classes(const Tensor& weight, const Tensor& self) {
  Dims shape(static_cast<int>(self.dim()), 1);
  shape[static_cast<int>(class_axis(self))] = weight.numel();
  return weight.view(shape);
}

// The loss against the uniform distribution, reduced as nll_loss reduces: ignored labels take no part, and the mean
// is over the weights of the labels.
Tensor uniform_loss(const Tensor& logp, const Tensor& target, const Tensor& weight, int64_t reduction, int64_t ignore_index) {
  const Tensor ignored = target == ignore_index;
  const Tensor losses = -(weight.defined() ? logp * along_classes(weight, logp) : logp).sum(class_axis(logp)).masked_fill(ignored, 0);
  if (reduction == Reduction::None) return losses;
  const Tensor total = losses.sum();
  if (reduction == Reduction::Sum) return total;
  if (!weight.defined()) return total / ignored.logical_not().sum().item<double>();
  const Tensor used = target.masked_fill(ignored, 0).reshape({-1});
  return total / weight.index_select(0, used).masked_fill(ignored.reshape({-1}), 0).sum();
}

Tensor with_labels(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction, int64_t ignore_index, double smoothing) {
  const Tensor logp = log_softmax(self, class_axis(self));
  const Tensor loss = nll_loss(logp, target, weight.defined() ? std::optional<Tensor>(weight) : std::nullopt, reduction, ignore_index);
  if (smoothing == 0) return loss;
  const double classes = static_cast<double>(self.size(class_axis(self)));
  return loss * (1 - smoothing) + uniform_loss(logp, target, weight, reduction, ignore_index) * (smoothing / classes);
}

Tensor with_probabilities(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction, double smoothing) {
  const int64_t axis = class_axis(self);
  const double classes = static_cast<double>(self.size(axis));
  const Tensor wanted = smoothing > 0 ? target * (1 - smoothing) + smoothing / classes : target;
  Tensor terms = log_softmax(self, axis) * wanted;
  if (weight.defined()) terms = terms * along_classes(weight, self);
  if (reduction == Reduction::None) return -terms.sum(axis);
  Dims positions(self.sizes());
  positions.erase(static_cast<int>(axis));
  return reduction == Reduction::Sum ? -terms.sum() : -terms.sum() / static_cast<double>(numel_of(positions));
}

}  // namespace

Tensor cross_entropy_loss(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index,
                          double label_smoothing) {
  check_reduction("cross_entropy_loss", reduction);
  XGRAD_CHECK(label_smoothing >= 0 && label_smoothing <= 1, "[cross_entropy_loss] label_smoothing must be between 0.0 and 1.0. Got: ", label_smoothing);
  const Tensor w = weight.value_or(Tensor());
  if (self.sizes() != target.sizes()) return with_labels(self, target, w, reduction, ignore_index, label_smoothing);
  XGRAD_CHECK(target.is_floating_point(), "[cross_entropy_loss] Expected floating point type for target with class probabilities, got ", target.dtype());
  XGRAD_CHECK(ignore_index < 0, "[cross_entropy_loss] ignore_index is not supported for floating point target, got ", ignore_index);
  const int64_t classes = self.dim() == 0 ? 0 : self.size(class_axis(self));
  XGRAD_CHECK(!w.defined() || (w.dim() == 1 && w.numel() == classes), "[cross_entropy_loss] weight tensor should be defined either for all ", classes,
              " classes or no classes but got weight tensor of shape: ", w.defined() ? w.sizes() : IntArrayRef());
  return with_probabilities(self, target, w, reduction, label_smoothing);
}

}  // namespace xgrad
