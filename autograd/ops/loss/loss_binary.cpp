// Cross entropy of two classes, from probabilities and from logits.
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/loss.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/pointwise/activation.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

void check_probabilities(const Operation& operation, const char* what, const Tensor& t) {
  if (t.numel() == 0) return;
  kernels::ReductionGeometry g;
  const uint64_t all = axis_mask(operation.name(), IntArrayRef(), t.dim());
  const Tensor low = prepare_reduction(t, all, false, t.dtype(), g), high = allocate_tensor(low.sizes(), t.dtype());
  kernels::reduce_min(g, t.dtype(), t.data_ptr(), low.data_ptr());
  kernels::reduce_max(g, t.dtype(), t.data_ptr(), high.data_ptr());
  const double least = low.item<double>(), most = high.item<double>();
  XGRAD_CHECK(least >= 0 && most <= 1, operation, "all elements of ", what, " should be between 0 and 1, got values from ", least, " to ", most);
}

// x (1 - x) of a saturated probability; float32's 1e-12, as in PyTorch.
constexpr double kLeastVariance = 1e-12f;

Operand or_one(const Tensor& weight) { return weight.defined() ? Operand(weight) : Operand(Scalar(1)); }

Tensor weighted(const Tensor& t, const SavedTensor& weight) { return weight.defined() ? t * *weight : t; }

SavedTensor save_optional(const Tensor& t) { return t.defined() ? save(t) : SavedTensor(); }

}  // namespace

Tensor binary_cross_entropy(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction) {
  const Operation& op = operation<"binary_cross_entropy">;
  check_reduction(op, reduction);
  const Tensor w = constant_input(op, "weight", weight);
  XGRAD_CHECK(self.dtype() == target.dtype(), op, "Found dtype ", target.dtype(), " but expected ", self.dtype());
  check_probabilities(op, "input", self);
  check_probabilities(op, "target", target);
  const Forward elements = pointwise(op, kernels::binary_cross_entropy, result_type({self, target}), {self, target, or_one(w)});
  const int64_t n = elements.value().numel();
  return record(
      reduce_elements(elements, reduction), with("reduction", reduction),
      wrt(self, [=, x = save(self), t = save(target), w = save_optional(w)](
                    const Tensor& gy) { return weighted(per_element(gy, reduction, n), w) * (*x - *t) / ((1 - *x) * *x).clamp_min(kLeastVariance); }),
      wrt(target, [=, x = save(self),
                   w = save_optional(w)](const Tensor& gy) { return weighted(per_element(gy, reduction, n), w) * ((-*x).log1p() - (*x).log()); }),
      given(w));
}

Tensor binary_cross_entropy_with_logits(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight,
                                        const std::optional<Tensor>& pos_weight, int64_t reduction) {
  const Operation& op = operation<"binary_cross_entropy_with_logits">;
  check_reduction(op, reduction);
  const Tensor w = constant_input(op, "weight", weight), positive = constant_input(op, "pos_weight", pos_weight);
  XGRAD_CHECK_AS(TypeError, self.is_floating_point() && target.is_floating_point(), op,
                 "result type Float can't be cast to the "
                 "desired output type Long; logits and targets must be of a floating dtype, got ",
                 self.dtype(), " and ", target.dtype());
  XGRAD_CHECK(!positive.defined() || positive.dtype() != kBool, op,
              "Subtraction, the `-` operator, with a bool tensor is not "
              "supported; pos_weight must hold numbers");
  const Forward elements =
      elements_as(pointwise(op, kernels::binary_cross_entropy_with_logits, result_type({self, target}), {self, target, or_one(w), or_one(positive)}),
                  target.dtype());
  const int64_t n = elements.value().numel();
  return record(reduce_elements(elements, reduction), with("reduction", reduction),
                wrt(self,
                    [=, x = save(self), t = save(target), w = save_optional(w), p = save_optional(positive)](const Tensor& gy) {
                      const Tensor slope = p.defined() ? (1 - *t) * (*x).sigmoid() - *t * *p * (-*x).sigmoid() : (*x).sigmoid() - *t;
                      return weighted(per_element(gy, reduction, n), w) * slope;
                    }),
                wrt(target,
                    [=, x = save(self), w = save_optional(w), p = save_optional(positive)](const Tensor& gy) {
                      const Tensor slope = p.defined() ? (1 - *p) * log_sigmoid(*x) - *x : -*x;
                      return weighted(per_element(gy, reduction, n), w) * slope;
                    }),
                given(w), given(positive));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kInf;

const catalogue::Entry binary_cross_entropy_entry("binary_cross_entropy", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions) {
    const std::string end = std::string(text) + ")";
    const auto run = [r = reduction](Inputs x) { return binary_cross_entropy(x[0], x[1], {}, r); };
    const auto run_weighted = [r = reduction](Inputs x) { return binary_cross_entropy(x[0], x[1], x[2], r); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}, {200}}) {
      s.add("F.binary_cross_entropy(x[0], x[1]" + end, {s.uniform(shape, 0.1, 0.9), s.uniform(shape, 0.1, 0.9)}, run);
      s.add("F.binary_cross_entropy(x[0], x[1], x[2]" + end,
            {s.uniform(shape, 0.1, 0.9), s.uniform(shape, 0.1, 0.9), catalogue::constant(s.uniform(shape, 0, 2))}, run_weighted);
    }
    s.add("F.binary_cross_entropy(x[0], x[1], x[2]" + end,
          {s.uniform({2, 3}, 0.1, 0.9), s.uniform({2, 3}, 0.1, 0.9), catalogue::constant(s.uniform({3}, 0, 2))}, run_weighted);
    s.at("F.binary_cross_entropy(x[0], x[1]" + end,
         {tensor({0.0, 1.0, 1.0, 0.0, 0.5}, kDouble), catalogue::constant(tensor({1.0, 0.0, 1.0, 0.0, 0.0}, kDouble))}, run);
  }
  s.rejects("an input that is no probability", "all elements of input should be between 0 and 1", [] {
    binary_cross_entropy(tensor({0.5, 1.5}), zeros({2}));
  });
  s.rejects("NaN", "all elements of input should be between 0 and 1", [] { binary_cross_entropy(tensor({0.5, std::nan("")}), zeros({2})); });
  s.rejects("a target that is no probability", "all elements of target should be between 0 and 1",
            [] { binary_cross_entropy(zeros({1}), tensor({-0.5})); });
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { binary_cross_entropy(ones({2}), ones({3})); });
  s.rejects("a weight that asks for a gradient", "not differentiable with respect to argument 'weight'",
            [] { binary_cross_entropy(ones({2}), ones({2}), ones({2}).requires_grad_()); });
  s.rejects("an unknown reduction", "reduction must be", [] { binary_cross_entropy(ones({2}), ones({2}), {}, 5); });
});

const catalogue::Entry binary_cross_entropy_with_logits_entry("binary_cross_entropy_with_logits", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const std::string call = "F.binary_cross_entropy_with_logits(x[0], x[1]";
  using catalogue::constant;
  for (const auto& [reduction, text] : catalogue::kReductions) {
    const std::string end = std::string(text) + ")";
    const auto run = [r = reduction](Inputs x) { return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, r); };
    const auto weighted_run = [r = reduction](Inputs x) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], {}, r); };
    const auto positive_run = [r = reduction](Inputs x) { return binary_cross_entropy_with_logits(x[0], x[1], {}, x[2], r); };
    const auto both_run = [r = reduction](Inputs x) { return binary_cross_entropy_with_logits(x[0], x[1], x[2], x[3], r); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}, {200}}) {
      s.add(call + end, {s.normal(shape), s.uniform(shape, 0.1, 0.9)}, run);
      s.add(call + ", weight=x[2]" + end, {s.normal(shape), s.uniform(shape, 0.1, 0.9), constant(s.uniform(shape, 0, 2))}, weighted_run);
      s.add(call + ", pos_weight=x[2]" + end, {s.normal(shape), s.uniform(shape, 0.1, 0.9), constant(s.uniform(shape, 0, 2))}, positive_run);
    }
    s.add(call + ", weight=x[2], pos_weight=x[3]" + end,
          {s.normal({2, 3}), s.uniform({2, 3}, 0.1, 0.9), constant(s.uniform({2, 1}, 0, 2)), constant(s.uniform({3}, 0, 2))}, both_run);
    s.at(call + end, {tensor({0.0, 1000.0, -1000.0, 1000.0, -1000.0, kInf}, kDouble), constant(tensor({1.0, 0.0, 1.0, 1.0, 0.0, 0.0}, kDouble))},
         run);
    s.at(call + end, {tensor({-kInf, kInf, -kInf}, kDouble), constant(tensor({1.0, 1.0, 0.0}, kDouble))}, run).deviation = "logits-at-infinity";
  }
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { binary_cross_entropy_with_logits(ones({2}), ones({3})); });
  s.rejects("a weight that asks for a gradient", "not differentiable with respect to argument 'weight'",
            [] { binary_cross_entropy_with_logits(ones({2}), ones({2}), ones({2}).requires_grad_()); });
  s.rejects("a pos_weight that asks for a gradient", "not differentiable with respect to argument 'pos_weight'",
            [] { binary_cross_entropy_with_logits(ones({2}), ones({2}), {}, ones({2}).requires_grad_()); });
  s.rejects("an unknown reduction", "reduction must be", [] { binary_cross_entropy_with_logits(ones({2}), ones({2}), {}, {}, 5); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
