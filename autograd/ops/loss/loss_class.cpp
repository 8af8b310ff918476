// Losses of log-probabilities and class labels.
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/loss.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/loss/class_picks.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

Tensor sum_of(const Operation& operation, const Tensor& t) { return reduce_elements(Forward(operation, t), Reduction::Sum).value(); }

void check_labels_fit(const Operation& operation, const Tensor& self, const Tensor& target) {
  XGRAD_CHECK_AS(ValueError, self.dim() > 0, operation, "Expected 1 or more dimensions (got 0)");
  XGRAD_CHECK(target.dtype() == kLong || target.dtype() == kByte, operation, "expected scalar type Long but found ", target.dtype());
  const bool batched = self.dim() > 1;
  XGRAD_CHECK_AS(ValueError, !batched || (target.dim() > 0 && target.size(0) == self.size(0)), operation, "Expected input batch_size (", self.size(0),
                 ") to match target batch_size (", target.dim() > 0 ? target.size(0) : 0, "), got shapes ", self.sizes(), " and ", target.sizes());
  Dims expected(self.sizes());
  expected.erase(batched ? 1 : 0);
  XGRAD_CHECK(target.sizes() == IntArrayRef(expected), operation, "Expected target size ", expected, ", got ", target.sizes());
}

void check_class_weight(const Operation& operation, const Tensor& self, const Tensor& weight) {
  if (!weight.defined()) return;
  const int64_t classes = self.size(self.dim() == 1 ? 0 : 1);
  XGRAD_CHECK(weight.dim() == 1 && weight.numel() == classes, operation, "weight tensor should be defined either for all ", classes,
              " classes or no classes but got weight tensor of shape: ", weight.sizes());
  XGRAD_CHECK(weight.dtype() == self.dtype(), operation, "expected scalar type ", self.dtype(), " but found ", weight.dtype());
}

}  // namespace

Tensor pick(const Tensor& logp, const ClassPicks& picks) {
  const Operation& op = picks.sizes.size() <= 2 ? operation<"nll_loss"> : operation<"nll_loss2d">;
  const Tensor x = contiguous_as(logp, logp.dtype());
  const kernels::ClassTargets targets = picks.targets();
  Tensor losses = allocate_tensor(picks.labels.sizes(), x.dtype()), weights = allocate_tensor(losses.sizes(), x.dtype()), total;
  launch(op, kernels::pick_class, reads(x, picks.labels, picks.weight), writes(losses, weights), x.dtype(), targets, x.data_ptr(), picks.weights(),
         losses.data_ptr(), weights.data_ptr());
  if (picks.reduction != Reduction::None) losses = sum_of(op, losses);
  if (picks.reduction == Reduction::Mean) {
    const StepsOfOne steps;
    total = sum_of(op, weights);
    losses = losses / total;
    if (picks.labels.numel() == 0) losses.fill_(std::numeric_limits<double>::quiet_NaN());  // 0 / 0 may have a sign
  }
  return record(Forward(op, losses), with("reduction", picks.reduction, "ignore_index", picks.ignored),
                wrt(logp, [x = save(logp), picks = SavedPicks(picks), total](const Tensor& gy) { return scatter_picks(gy, picks.get(), total, x); }),
                given(picks.labels), given(picks.weight));
}

Tensor scatter_picks(const Tensor& gy, const ClassPicks& picks, const Tensor& total_weight, const Tensor& logp) {
  Tensor scaled = gy;
  if (picks.reduction == Reduction::Mean) {
    const StepsOfOne steps;
    scaled = gy / total_weight;
  }
  scaled = contiguous_as(scaled, scaled.dtype());
  Tensor gx = allocate_zeros(picks.sizes, gy.dtype());
  const Operation& op = operation<"nll_loss_backward">;
  launch(op, kernels::scatter_class, reads(gx, scaled, picks.labels, picks.weight), writes(gx), gx.dtype(), picks.targets(), scaled.data_ptr(),
         picks.reduction == Reduction::None ? 1 : 0, picks.weights(), gx.data_ptr());
  return record(Forward(op, gx), wrt(gy, [picks = SavedPicks(picks)](const Tensor& v) { return pick(v, picks.get()); }), wrt(logp, zero_slope));
}

ClassPicks picks_of(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index) {
  const Operation& op = operation<"nll_loss">;
  check_reduction(op, reduction);
  const Tensor w = constant_input(op, "weight", weight);
  check_labels_fit(op, self, target);
  check_class_weight(op, self, w);
  const ClassPicks picks{Dims(self.sizes()), contiguous_as(target, target.dtype()), w.defined() ? contiguous_as(w, w.dtype()) : Tensor(),
                         ignore_index, reduction};
  const int64_t invalid = kernels::find_invalid_label(picks.targets());
  XGRAD_CHECK_AS(IndexError, invalid == ignore_index, op, "Target ", invalid, " is out of bounds. Labels go from 0 to ", picks.targets().classes - 1,
                 ", input has shape ", self.sizes());
  return picks;
}

Tensor nll_loss(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index) {
  return pick(self, picks_of(self, target, weight, reduction, ignore_index));
}

Tensor nll_loss2d(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index) {
  XGRAD_CHECK(target.dim() == 3, operation<"nll_loss2d">,
              "only batches of spatial targets supported (3D tensors) but got targets of dimension: ", target.dim());
  XGRAD_CHECK(self.dim() == 4, operation<"nll_loss2d">,
              "only batches of spatial inputs supported (4D tensors), but got input of dimension: ", self.dim());
  return nll_loss(self, target, weight, reduction, ignore_index);
}

Tensor nll_loss_nd(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index) {
  return nll_loss(self, target, weight, reduction, ignore_index);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// The shape of the labels that belong to predictions of a shape.
const catalogue::Entry nll_loss_entry("nll_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  using catalogue::constant;
  for (const auto& [reduction, text] : catalogue::kReductions) {
    const std::string end = std::string(text) + ")";
    const auto run = [r = reduction](Inputs x) { return nll_loss(x[0], x[1], {}, r); };
    const auto run_weighted = [r = reduction](Inputs x) { return nll_loss(x[0], x[1], x[2], r); };
    const auto run_ignoring = [r = reduction](Inputs x) { return nll_loss(x[0], x[1], x[2], r, 1); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{3}, {4, 3}, {1, 3}, {2, 3, 4}, {2, 3, 2, 2}, {2, 3, 2, 1, 2}}) {
      const Tensor labels = s.integers(catalogue::labels_shape(shape), 0, 3);
      s.add("F.nll_loss(x[0], x[1]" + end, {s.normal(shape), labels}, run);
      s.add("F.nll_loss(x[0], x[1], x[2]" + end, {s.normal(shape), labels, constant(s.uniform({3}, 0.5, 2))}, run_weighted);
      s.add("F.nll_loss(x[0], x[1], x[2], ignore_index=1" + end, {s.normal(shape), labels, constant(s.uniform({3}, 0.5, 2))}, run_ignoring).smooth =
          (labels != 1).all().item<bool>();
    }
    s.add("F.nll_loss(x[0], x[1]" + end, {s.normal({4, 3}), s.integers({4}, 0, 3).to(kByte)}, run);
    s.add("F.nll_loss(x[0], x[1]" + end, {s.normal({2, 3, 2, 4}), s.integers({2, 2, 4}, 0, 3)},
          [r = reduction](Inputs x) { return nll_loss2d(x[0], x[1], {}, r); });
    s.at("F.nll_loss(x[0], x[1]" + end, {s.normal({0, 3}), s.integers({0}, 0, 3)}, run);
    s.at("F.nll_loss(x[0], x[1]" + end, {s.normal({2, 3}), tensor({-100, 2})}, run);
    s.at("F.nll_loss(x[0], x[1]" + end, {s.normal({2, 3}), tensor({-100, -100})}, run);
    s.at("F.nll_loss(x[0], x[1], x[2]" + end, {s.normal({2, 3}), tensor({0, 0}), constant(tensor({0.0, 1.0, 1.0}, kDouble))}, run_weighted);
  }
  s.rejects("a label beyond the classes", "Target 3 is out of bounds.", [] { nll_loss(ones({2, 3}), tensor({0, 3})); });
  s.rejects("a negative label", "Target -1 is out of bounds.", [] { nll_loss(ones({2, 3}), tensor({0, -1})); });
  s.rejects("no classes", "Target 0 is out of bounds.", [] { nll_loss(ones({1, 0}), tensor({0})); });
  s.rejects("another number of labels", "Expected input batch_size (2) to match target batch_size (3)", [] {
    nll_loss(ones({2, 3}), tensor({0, 0, 0}));
  });
  s.rejects("labels of another shape", "Expected target size [2, 4], got [2, 5]", [] { nll_loss(ones({2, 3, 4}), zeros({2, 5}, kLong)); });
  s.rejects("no axes", "Expected 1 or more dimensions", [] { nll_loss(ones({}), zeros({}, kLong)); });
  s.rejects("labels of another dtype", "expected scalar type Long but found Int", [] { nll_loss(ones({2, 3}), zeros({2}, kInt)); });
  s.rejects("a weight of another size", "weight tensor should be defined either for all 3 classes or no classes", [] {
    nll_loss(ones({2, 3}), zeros({2}, kLong), ones({2}));
  });
  s.rejects("a weight of another dtype", "expected scalar type Float but found Double", [] {
    nll_loss(ones({2, 3}), zeros({2}, kLong), ones({3}, kDouble));
  });
  s.rejects("a weight that asks for a gradient", "not differentiable with respect to argument 'weight'", [] {
    nll_loss(ones({2, 3}), zeros({2}, kLong), ones({3}).requires_grad_());
  });
  s.rejects("an image's labels without a batch", "only batches of spatial targets supported", [] {
    nll_loss2d(ones({2, 3, 4, 4}), zeros({4, 4}, kLong));
  });
  s.rejects("integers", "not implemented for 'Long'", [] { nll_loss(ones({2, 3}, kLong), zeros({2}, kLong)); });
  s.rejects("an unknown reduction", "reduction must be", [] { nll_loss(ones({2, 3}), zeros({2}, kLong), {}, 3); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
