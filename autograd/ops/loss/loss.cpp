// Losses of a prediction and a target of the same kind, element by element.
#include <xgrad/autograd/ops/loss/loss.h>

#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/loss.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// x - t, in which a mask counts as numbers.
Tensor difference(const Tensor& x, const Tensor& t) {
  return x.dtype() == kBool ? x.to(t.dtype()) - t : t.dtype() == kBool ? x - t.to(x.dtype()) : x - t;
}

// A loss f(self - target) whose derivative with respect to the difference is slope(difference).
template <class Slope, class... T>
Tensor loss_of_difference(const Operation& operation, const kernels::LoopTable& table, const Tensor& self, const Tensor& target, ScalarType dtype,
                          int64_t reduction, Parameters parameter, const With<T...>& attributes, Slope slope) {
  check_reduction(operation, reduction);
  const Forward elements = elements_as(pointwise(operation, table, result_type({self, target}), {self, target}, parameter), dtype);
  const int64_t n = elements.value().numel();
  return record(
      reduce_elements(elements, reduction), attributes,
      wrt(self, [=, x = save(self), t = save(target)](const Tensor& gy) { return slope(difference(*x, *t)) * per_element(gy, reduction, n); }),
      wrt(target, [=, x = save(self), t = save(target)](const Tensor& gy) { return slope(difference(*x, *t)) * -per_element(gy, reduction, n); }));
}

}  // namespace

Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  return loss_of_difference(operation<"mse_loss">, kernels::squared_difference, self, target, result_type(self, target), reduction, nullptr,
                            with("reduction", reduction), [](const Tensor& d) { return d * 2; });
}

Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  check_reduction(operation<"l1_loss">, reduction);
  return reduced((self - target).abs(), reduction);
}

Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction, double beta) {
  const Operation& op = operation<"smooth_l1_loss">;
  XGRAD_CHECK(beta >= 0, op, "smooth_l1_loss does not support negative values for beta, got ", beta);
  return loss_of_difference(op, kernels::smooth_l1, self, target, result_type(self, target), reduction, &beta,
                            with("reduction", reduction, "beta", beta),
                            [beta](const Tensor& d) { return beta == 0 ? d.sign() : where(d.abs() < beta, d / beta, d.sign()); });
}

Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction, double delta) {
  const Operation& op = operation<"huber_loss">;
  XGRAD_CHECK(delta > 0, op, "huber_loss does not support non-positive values for delta, got ", delta);
  XGRAD_CHECK_AS(TypeError, self.is_floating_point() || !isFloatingType(result_type(self, target)), op, "result type ", result_type(self, target),
                 " can't be cast to the desired output type ", self.dtype());
  return loss_of_difference(op, kernels::huber, self, target, self.dtype(), reduction, &delta, with("reduction", reduction, "delta", delta),
                            [delta](const Tensor& d) { return where(d.abs() < delta, d, d.sign() * delta); });
}

Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction, bool log_target) {
  const Operation& op = operation<"kl_div">;
  check_reduction(op, reduction);
  XGRAD_CHECK(self.is_floating_point() && target.is_floating_point(), op, "Integral inputs not supported, got ", self.dtype(), " and ",
              target.dtype());
  return reduced(log_target ? target.exp() * (target - self) : xlogy(target, target) - target * self, reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full, double eps, int64_t reduction) {
  check_reduction(operation<"poisson_nll_loss">, reduction);
  Tensor loss = log_input ? input.exp() - target * input : input - target * (input + eps).log();
  if (full) {
    const Tensor small = target <= 1, t = target.masked_fill(small, 1);  // their logarithms would have no derivative
    loss = loss + (t * t.log() - t + (t * (2 * M_PI)).log() * 0.5).masked_fill(small, 0);
  }
  return reduced(loss, reduction);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kInf;
using catalogue::kNaN;

// f(x, target, reduction, parameter); `parameter` is the end of the call in Python, without the bracket.
template <class F>
void add_difference_loss(catalogue::Samples& s, const std::string& call, const std::string& parameter, std::vector<double> kinks, F f) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions) {
    const std::string whole = call + "(x[0], x[1]" + parameter + text + ")";
    const auto run = [f, reduction = reduction](Inputs x) { return f(x[0], x[1], reduction); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}, {200}})
      s.add(whole, {s.avoiding(shape, -3, 3, kinks), zeros(shape, kDouble)}, run);
    s.add(whole, {s.avoiding({2, 3}, -3, 3, kinks), zeros({3}, kDouble)}, run);
    s.add(whole, {zeros({3}, kDouble), s.avoiding({2, 1}, -3, 3, kinks)}, run);
    s.add(whole, {s.avoiding({2, 3}, -3, 3, kinks), catalogue::constant(zeros({2, 3}, kDouble))}, run);
    s.at(whole, {tensor({0.0, 1.0, -1.0, 0.5, -0.5, 2.0, kInf, -kInf}, kDouble), zeros({8}, kDouble)}, run);
  }
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [f] { f(ones({2}), ones({3}), Reduction::Mean); });
  s.rejects("an unknown reduction", "reduction must be", [f] { f(ones({2}), ones({2}), 3); });
}

const catalogue::Entry mse_loss_entry("mse_loss", [](catalogue::Samples& s) {
  add_difference_loss(s, "F.mse_loss", "", {}, [](const Tensor& x, const Tensor& t, int64_t r) { return mse_loss(x, t, r); });
  s.at("F.mse_loss(x[0], x[1])", {tensor({1.0, kNaN}, kDouble), zeros({2}, kDouble)}, [](Inputs x) { return mse_loss(x[0], x[1]); });
  s.rejects("integers", "not implemented for 'Long'", [] { mse_loss(ones({2}, kLong), ones({2}, kLong)); });
});

const catalogue::Entry l1_loss_entry("l1_loss", [](catalogue::Samples& s) {
  add_difference_loss(s, "F.l1_loss", "", {0}, [](const Tensor& x, const Tensor& t, int64_t r) { return l1_loss(x, t, r); });
});

const catalogue::Entry smooth_l1_loss_entry("smooth_l1_loss", [](catalogue::Samples& s) {
  for (const double beta : {1.0, 0.5, 2.0})
    add_difference_loss(s, "F.smooth_l1_loss", ", beta=" + std::to_string(beta), {beta, -beta},
                        [beta](const Tensor& x, const Tensor& t, int64_t r) { return smooth_l1_loss(x, t, r, beta); });
  const auto absolute = [](Inputs x) { return smooth_l1_loss(x[0], x[1], Reduction::Mean, 0); };
  s.add("F.smooth_l1_loss(x[0], x[1], beta=0.)", {s.avoiding({5}, -3, 3, {0}), zeros({5}, kDouble)}, absolute);
  s.at("F.smooth_l1_loss(x[0], x[1], beta=0.)", {zeros({2}, kDouble), zeros({2}, kDouble)}, absolute).deviation = "smooth-l1-kink";
  s.rejects("a negative beta", "does not support negative values for beta", [] { smooth_l1_loss(ones({2}), ones({2}), Reduction::Mean, -1); });
});

const catalogue::Entry huber_loss_entry("huber_loss", [](catalogue::Samples& s) {
  for (const double delta : {1.0, 0.5, 2.0})
    add_difference_loss(s, "F.huber_loss", ", delta=" + std::to_string(delta), {delta, -delta},
                        [delta](const Tensor& x, const Tensor& t, int64_t r) { return huber_loss(x, t, r, delta); });
  s.rejects("delta 0", "does not support non-positive values for delta", [] { huber_loss(ones({2}), ones({2}), Reduction::Mean, 0); });
});

const catalogue::Entry kl_div_entry("kl_div", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions)
    for (const bool log_target : {false, true}) {
      const std::string call = "torch.kl_div(x[0], x[1], " + std::to_string(reduction) + ", log_target=" + catalogue::text(log_target) + ")";
      const auto run = [reduction = reduction, log_target](Inputs x) { return kl_div(x[0], x[1], reduction, log_target); };
      for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {4}, {2, 3}, {0}})
        s.add(call, {s.normal(shape), s.uniform(shape, 0.1, 1)}, run);
      s.add(call, {s.normal({2, 3}), s.uniform({3}, 0.1, 1)}, run);
      s.at(call, {tensor({1.0, -kInf, 0.5}, kDouble), catalogue::constant(zeros({3}, kDouble))}, run);
    }
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { kl_div(ones({2}), ones({3})); });
  s.rejects("an unknown reduction", "reduction must be", [] { kl_div(ones({2}), ones({2}), -1); });
});

const catalogue::Entry poisson_nll_loss_entry("poisson_nll_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions)
    for (const bool log_input : {true, false})
      for (const bool full : {false, true}) {
        const std::string call =
            std::string("F.poisson_nll_loss(x[0], x[1], log_input=") + catalogue::text(log_input) + ", full=" + catalogue::text(full) + text + ")";
        const auto run = [reduction = reduction, log_input, full](Inputs x) {
          return poisson_nll_loss(x[0], x[1], log_input, full, 1e-8, reduction);
        };
        for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {4}, {2, 3}, {0}})
          s.add(call, {s.uniform(shape, 0.5, 2), s.avoiding(shape, 0.2, 5, {1})}, run);
        s.add(call, {s.uniform({2, 3}, 0.5, 2), s.uniform({3}, 1.2, 5)}, run);
        s.at(call, {s.uniform({4}, 0.5, 2), catalogue::constant(tensor({0.0, 1.0, 2.0, 9.0}, kDouble))}, run);
      }
  s.at("F.poisson_nll_loss(x[0], x[1], full=True)", {ones({2}, kDouble), tensor({0.0, -1.0}, kDouble)}, [](Inputs x) {
     return poisson_nll_loss(x[0], x[1], true, true, 1e-8, Reduction::Mean);
   }).deviation = "poisson-nll-of-small-targets";
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { poisson_nll_loss(ones({2}), ones({3}), true, false, 1e-8, 1); });
  s.rejects("an unknown reduction", "reduction must be", [] { poisson_nll_loss(ones({2}), ones({2}), true, false, 1e-8, 3); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
