// Cross entropy of logits, with class labels or class probabilities as targets.
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/loss/class_picks.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/reduction/softmax.h>
#include <xgrad/autograd/tensor/if_defined.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

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
  if (!weight.defined()) return total / ignored.logical_not().sum();
  const Tensor used = target.masked_fill(ignored, 0).reshape({-1});
  return total / weight.index_select(0, used).masked_fill(ignored.reshape({-1}), 0).sum();
}

Tensor with_labels(const Tensor& self, const Tensor& target, const Tensor& weight, int64_t reduction, int64_t ignore_index, double smoothing) {
  if (smoothing == 0 && (self.dim() == 1 || self.dim() == 2) && self.is_floating_point())
    return cross_entropy_of_picks(self, picks_of(self, target, if_defined(weight), reduction, ignore_index));
  const Tensor logp = log_softmax(self, class_axis(self));
  const Tensor loss = nll_loss(logp, target, if_defined(weight), reduction, ignore_index);
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
  const Operation& op = operation<"cross_entropy_loss">;
  check_reduction(op, reduction);
  XGRAD_CHECK(label_smoothing >= 0 && label_smoothing <= 1, op, "label_smoothing must be between 0.0 and 1.0. Got: ", label_smoothing);
  const Tensor w = weight.value_or(Tensor());
  if (self.sizes() != target.sizes()) return with_labels(self, target, w, reduction, ignore_index, label_smoothing);
  XGRAD_CHECK(target.is_floating_point(), op, "Expected floating point type for target with class probabilities, got ", target.dtype());
  XGRAD_CHECK(ignore_index < 0, op, "ignore_index is not supported for floating point target, got ", ignore_index);
  const int64_t classes = self.dim() == 0 ? 0 : self.size(class_axis(self));
  XGRAD_CHECK(!w.defined() || (w.dim() == 1 && w.numel() == classes), op, "weight tensor should be defined either for all ", classes,
              " classes or no classes but got weight tensor of shape: ", w.defined() ? w.sizes() : IntArrayRef());
  return with_probabilities(self, target, w, reduction, label_smoothing);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

void add_label_samples(catalogue::Samples& s, int64_t reduction, const std::string& end, double smoothing) {
  using catalogue::constant;
  const std::string call = "F.cross_entropy(x[0], x[1]", smooth = ", label_smoothing=" + std::to_string(smoothing) + end;
  const auto run = [=](Inputs x) { return cross_entropy_loss(x[0], x[1], {}, reduction, -100, smoothing); };
  const auto run_weighted = [=](Inputs x) { return cross_entropy_loss(x[0], x[1], x[2], reduction, -100, smoothing); };
  const auto run_ignoring = [=](Inputs x) { return cross_entropy_loss(x[0], x[1], x[2], reduction, 1, smoothing); };
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3}, {4, 3}, {2, 3, 4}, {2, 3, 2, 2}}) {
    const Tensor labels = s.integers(catalogue::labels_shape(shape), 0, 3), weight = s.uniform({3}, 0.5, 2);
    s.add(call + smooth, {s.normal(shape), labels}, run);
    s.add(call + ", x[2]" + smooth, {s.normal(shape), labels, constant(weight)}, run_weighted);
    s.at(call + ", x[2], ignore_index=1" + smooth, {s.normal(shape), labels, constant(weight)}, run_ignoring);
  }
  s.at(call + smooth, {tensor({{1000.0, 0.0, -1000.0}, {0.0, 0.0, 0.0}}, kDouble), tensor({1, 2})}, run);
  s.at(call + smooth, {s.normal({2, 3}), tensor({-100, -100})}, run);
  s.at(call + smooth, {s.normal({0, 3}), s.integers({0}, 0, 3)}, run);
  if (reduction != Reduction::Mean || smoothing == 0)
    s.at(call + ", x[2]" + smooth, {s.normal({2, 3}), tensor({-100, -100}), constant(ones({3}, kDouble))}, run_weighted);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  s.at(call + smooth, {tensor({{1.0, 2.0}, {nan, 5.0}}, kDouble), tensor({0, -100})}, run).deviation = "ignored-row-of-nan";
}

void add_probability_samples(catalogue::Samples& s, int64_t reduction, const std::string& end, double smoothing) {
  const std::string call = "F.cross_entropy(x[0], x[1]", smooth = ", label_smoothing=" + std::to_string(smoothing) + end;
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3}, {4, 3}, {2, 3, 4}}) {
    s.add(call + smooth, {s.normal(shape), s.uniform(shape, 0, 1)},
          [=](Inputs x) { return cross_entropy_loss(x[0], x[1], {}, reduction, -100, smoothing); });
    s.add(call + ", x[2]" + smooth, {s.normal(shape), s.uniform(shape, 0, 1), s.uniform({3}, 0.5, 2)},
          [=](Inputs x) { return cross_entropy_loss(x[0], x[1], x[2], reduction, -100, smoothing); });
  }
  s.at(call + smooth, {s.normal({0, 3}), s.uniform({0, 3}, 0, 1)},
       [=](Inputs x) { return cross_entropy_loss(x[0], x[1], {}, reduction, -100, smoothing); });
}

const catalogue::Entry cross_entropy_entry("cross_entropy_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions)
    for (const double smoothing : {0.0, 0.1, 1.0}) {
      add_label_samples(s, reduction, std::string(text) + ")", smoothing);
      add_probability_samples(s, reduction, std::string(text) + ")", smoothing);
    }
  s.rejects("a label beyond the classes", "Target 3 is out of bounds.", [] { cross_entropy_loss(ones({2, 3}), tensor({0, 3})); });
  s.rejects("another number of labels", "Expected input batch_size (2) to match target batch_size (3)", [] {
    cross_entropy_loss(ones({2, 3}), tensor({0, 0, 0}));
  });
  s.rejects("floating labels", "expected scalar type Long but found Double", [] { cross_entropy_loss(ones({2, 3}), zeros({2}, kDouble)); });
  s.rejects("integer probabilities", "Expected floating point type for target with class probabilities, got Long", [] {
    cross_entropy_loss(ones({2, 3}), ones({2, 3}, kLong));
  });
  s.rejects("probabilities with an ignored index", "ignore_index is not supported for floating point target", [] {
    cross_entropy_loss(ones({2, 3}), ones({2, 3}), {}, Reduction::Mean, 0);
  });
  s.rejects("too much smoothing", "label_smoothing must be between 0.0 and 1.0", [] {
    cross_entropy_loss(ones({2, 3}), tensor({0, 1}), {}, Reduction::Mean, -100, 1.5);
  });
  s.rejects("a weight of another size", "weight tensor should be defined either for all 3 classes or no classes", [] {
    cross_entropy_loss(ones({2, 3}), ones({2, 3}), ones({2}));
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
