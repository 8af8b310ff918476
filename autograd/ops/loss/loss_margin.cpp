// Losses that ask for a margin between numbers, vectors or classes.
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/loss/distance.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/reduction/scan.h>
#include <xgrad/autograd/tensor/pointwise.h>

namespace torch { inline namespace xgrad {

Tensor soft_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  const Operation& op = operation<"soft_margin_loss">;
  check_reduction(op, reduction);
  // In place, as in PyTorch: the result has the input's shape and dtype, which an integer's cannot.
  return reduced((-self).mul_(constant_input(op, "target", target)).exp_().add(1).log(), reduction);
}

Tensor hinge_embedding_loss(const Tensor& self, const Tensor& target, double margin, int64_t reduction) {
  check_reduction(operation<"hinge_embedding_loss">, reduction);
  const Tensor far = (margin - self).clamp_min(0), zero = zeros({}, self.options());
  // Both parts where the target is neither 1 nor -1, as in PyTorch.
  return reduced(where(target != 1, far, zero) + where(target != -1, self, zero), reduction);
}

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin, int64_t reduction) {
  check_reduction(operation<"margin_ranking_loss">, reduction);
  return reduced((-target * (input1 - input2) + margin).clamp_min(0), reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target, double margin, int64_t reduction) {
  const Operation& op = operation<"cosine_embedding_loss">;
  check_reduction(op, reduction);
  const int64_t axis = target.dim();
  XGRAD_CHECK(axis <= 1, op, "0D or 1D target tensor expected, multi-target not supported, got shape ", target.sizes());
  XGRAD_CHECK(input1.dim() == axis + 1, op, axis, "D target tensor expects ", axis + 1, "D input tensors, but found inputs with sizes ",
              input1.sizes(), " and ", input2.sizes(), ".");
  constexpr double kLeast = 1e-12f;  // PyTorch keeps it as a float
  const Tensor squares = ((input1 * input1).sum(axis) + kLeast) * ((input2 * input2).sum(axis) + kLeast);
  const Tensor cosine = (input1 * input2).sum(axis) / squares.sqrt(), zero = zeros({}, cosine.options());
  return reduced(where(target == 1, 1 - cosine, zero) + where(target == -1, (cosine - margin).clamp_min(0), zero), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin, double p, double eps, bool swap,
                           int64_t reduction) {
  const Operation& op = operation<"triplet_margin_loss">;
  check_reduction(op, reduction);
  XGRAD_CHECK(anchor.dim() == positive.dim() && positive.dim() == negative.dim(), op, "All inputs should have same dimension but got ", anchor.dim(),
              "D, ", positive.dim(), "D and ", negative.dim(), "D inputs.");
  const Tensor near = pairwise_distance(anchor, positive, p, eps);
  Tensor far = pairwise_distance(anchor, negative, p, eps);
  if (swap) far = minimum(far, pairwise_distance(positive, negative, p, eps));
  return reduced((margin + near - far).clamp_min(0), reduction);
}

namespace {

// Predictions as [samples, classes].
Tensor as_rows(const Operation& operation, const char* kernel, const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2 && (self.dim() == 0 || self.size(-1) != 0), operation,
              "Expected non-empty vector or matrix with optional 0-dim batch size, but got: ", self.sizes());
  if (!self.is_floating_point()) detail::raise<NotImplementedError>(operation, "\"", kernel, "\" not implemented for '", self.dtype(), "'");
  return self.dim() == 2 ? self : self.reshape({1, self.numel()});
}

// relu(x), except that a NaN is no excess.
Tensor positive_part(const Tensor& x) { return x.masked_fill(isnan(x), 0).relu(); }

void check_range(const Operation& operation, const char* text, const Tensor& labels, int64_t least, int64_t classes) {
  if (labels.numel() == 0) return;
  const auto [low, high] = labels.aminmax();
  const int64_t lowest = low.item<int64_t>(), highest = high.item<int64_t>();
  XGRAD_CHECK(lowest >= least && highest < classes, operation, text, ", got ", lowest < least ? lowest : highest, " for ", classes, " classes");
}

}  // namespace

Tensor multi_margin_loss(const Tensor& self, const Tensor& target, const Scalar& p, const Scalar& margin, const std::optional<Tensor>& weight,
                         int64_t reduction) {
  const Operation& op = operation<"multi_margin_loss">;
  check_reduction(op, reduction);
  const double power = p.to<double>();
  XGRAD_CHECK_AS(ValueError, power == 1 || power == 2, op, "only p == 1 and p == 2 supported, got ", power);
  const Tensor x = as_rows(op, "multi_margin_loss_cpu_kernel", self), w = constant_input(op, "weight", weight);
  const int64_t samples = x.size(0), classes = x.size(1);
  XGRAD_CHECK(target.dim() <= 1 && target.numel() == samples, op, "inconsistent target size, got: ", target.sizes(),
              " for input of size: ", self.sizes());
  XGRAD_CHECK(target.dtype() == kLong, op, "expected scalar type Long but found ", target.dtype());
  XGRAD_CHECK(!w.defined() || (w.dim() <= 1 && w.numel() == classes), op, "inconsistent weight size, got: ", w.defined() ? w.sizes() : IntArrayRef(),
              " for ", classes, " classes");
  XGRAD_CHECK(!w.defined() || w.dtype() == x.dtype(), op, "expected scalar type ", x.dtype(), " but found ", w.dtype());
  check_range(op, "target out of range", target, 0, classes);

  const Tensor labels = target.reshape({samples, 1});
  Tensor excess = positive_part(x - x.gather(1, labels) + margin);
  if (power == 2) excess = excess.square();
  if (w.defined()) excess = excess * w.reshape({-1}).index_select(0, labels.view({-1})).unsqueeze(1);
  const Tensor losses = excess.scatter(1, labels, 0).sum(1) / static_cast<double>(classes);
  return reduction == Reduction::None && target.dim() == 0 ? losses.squeeze(0) : reduced(losses, reduction);
}

Tensor multilabel_margin_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  const Operation& op = operation<"multilabel_margin_loss">;
  check_reduction(op, reduction);
  const Tensor x = as_rows(op, "multilabel_margin_loss_forward_out_frame", self);
  const int64_t samples = x.size(0), classes = x.size(1);
  XGRAD_CHECK(self.dim() == 2 ? target.sizes() == self.sizes() : target.dim() <= 1 && target.numel() == classes, op, "inconsistent size ",
              target.sizes(), " for argument #2 'target', for input of size ", self.sizes());
  XGRAD_CHECK(target.dtype() == kLong, op, "expected scalar type Long but found ", target.dtype());
  const Tensor labels = target.reshape({samples, classes});
  check_range(op, "argument #2 'target' is out of range", labels, -1, classes);

  const Tensor listed = (labels >= 0).to(kLong).cumprod(1) == 1;  // up to the first -1
  const Tensor beyond = labels.masked_fill(listed.logical_not(), classes);
  const Tensor wanted = zeros({samples, classes + 1}, kBool).scatter(1, beyond, 1).narrow(1, 0, classes);
  const Tensor of_labels = x.gather(1, labels.clamp_min(0));
  // [samples, labels, classes]
  const Tensor excess = positive_part(x.unsqueeze(1) - of_labels.unsqueeze(2) + 1);
  const Tensor counts = listed.unsqueeze(2).logical_and(wanted.logical_not().unsqueeze(1));
  const Tensor losses = excess.masked_fill(counts.logical_not(), 0).sum(OptionalIntArrayRef({1, 2})) / static_cast<double>(classes);
  return reduction == Reduction::None && self.dim() < 2 ? losses.squeeze(0) : reduced(losses, reduction);
}

}}  // namespace torch::xgrad
