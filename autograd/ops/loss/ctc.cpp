// Connectionist temporal classification.
#include <algorithm>
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/loss/ctc.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/loss/loss_reduction.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kCtc = operation_recorded_as<"ctc_loss", "CtcLossBackward0">;

// What a batch's losses and their gradient need besides the log-probabilities.
struct Sequences {
  Tensor targets, lengths, alphas;  // int64, int64 [3, batch]: of inputs, of targets, where targets start
  int64_t times, batch, symbols, blank, states;

  kernels::CtcSequences get() const {
    const auto* of = static_cast<const int64_t*>(lengths.data_ptr());
    return {times, batch, symbols, blank, states, static_cast<const int64_t*>(targets.data_ptr()), of, of + batch, of + 2 * batch};
  }
};

Sequences checked(const Tensor& x, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths, int64_t blank) {
  XGRAD_CHECK(x.dim() == 3, kCtc, "Expected 3-dimensional tensor, but got ", x.dim(), "-dimensional tensor for argument #1 'log_probs'");
  XGRAD_CHECK(targets.dim() == 1 || targets.dim() == 2, kCtc, "Expected 1 to 2 dimensions, but got ", targets.dim(),
              "-dimensional tensor for argument #2 'targets'");
  if (!x.is_floating_point()) detail::raise<NotImplementedError>(kCtc, "\"ctc_loss_cpu\" not implemented for '", x.dtype(), "'");
  Sequences s{contiguous_as(targets, kLong), {}, {}, x.size(0), x.size(1), x.size(2), blank, 1};
  XGRAD_CHECK(blank >= 0 && blank < s.symbols, kCtc, "blank must be in label range, got ", blank, " for ", s.symbols, " labels");
  XGRAD_CHECK(static_cast<int64_t>(input_lengths.size()) == s.batch, kCtc, "input_lengths must be of size batch_size, got ", input_lengths.size(),
              " for ", s.batch);
  XGRAD_CHECK(static_cast<int64_t>(target_lengths.size()) == s.batch, kCtc, "target_lengths must be of size batch_size, got ", target_lengths.size(),
              " for ", s.batch);
  s.lengths = allocate_tensor({3, s.batch}, kLong);
  auto* const lengths = static_cast<int64_t*>(s.lengths.data_ptr());
  int64_t total = 0, longest = 0;
  for (int64_t i = 0; i < s.batch; ++i) {
    const int64_t input = input_lengths[static_cast<size_t>(i)], target = target_lengths[static_cast<size_t>(i)];
    XGRAD_CHECK(input >= 0 && input <= s.times, kCtc, "Expected input_lengths to have value at most ", s.times, ", but got value ", input);
    XGRAD_CHECK(target >= 0, kCtc, "Expected target_lengths to have value at least 0, but got value ", target);
    lengths[i] = input;
    lengths[s.batch + i] = target;
    lengths[2 * s.batch + i] = targets.dim() == 1 ? total : i * targets.size(1);
    total += target;
    longest = std::max(longest, target);
  }
  if (targets.dim() == 1)
    XGRAD_CHECK(targets.size(0) == total, kCtc, "Expected tensor to have size ", total, " at dimension 0, but got size ", targets.size(0),
                " for argument #2 'targets'");
  else
    XGRAD_CHECK(targets.size(0) == s.batch && targets.size(1) >= longest, kCtc, "Expected tensor to have size at least ", longest,
                " at dimension 1, but got size ", targets.size(1), " for argument #2 'targets' of shape ", targets.sizes());
  const auto* labels = static_cast<const int64_t*>(s.targets.data_ptr());
  for (int64_t i = 0; i < s.batch; ++i)
    for (int64_t k = 0; k < lengths[s.batch + i]; ++k) {
      const int64_t label = labels[lengths[2 * s.batch + i] + k];
      XGRAD_CHECK_AS(IndexError, label >= 0 && label < s.symbols, kCtc, "Target ", label, " is out of bounds for ", s.symbols, " labels");
    }
  s.states = 2 * longest + 1;
  return s;
}

Tensor gradient(const Tensor& gy, const Tensor& log_probs, const Tensor& losses, const Sequences& s, bool zero_infinity) {
  const Tensor g = contiguous_as(gy, gy.dtype()), x = contiguous_as(log_probs, log_probs.dtype());
  const Tensor gx = allocate_tensor(x.sizes(), x.dtype());
  if (gx.numel() > 0)
    launch(kCtc, kernels::ctc_loss_backward, reads(g, x, s.alphas, losses, s.targets, s.lengths), writes(gx), x.dtype(), s.get(), g.data_ptr(),
           int64_t{1}, x.data_ptr(), static_cast<const double*>(s.alphas.data_ptr()), losses.data_ptr(), zero_infinity, gx.data_ptr());
  const auto refuse = [](const Tensor&) -> Tensor {
    detail::raise<NotImplementedError>(kCtc, "derivative for _ctc_loss_backward is not implemented");
  };
  return record(Forward(kCtc, gx), wrt(gy, refuse), wrt(log_probs, refuse));
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths, IntArrayRef target_lengths, int64_t blank,
                int64_t reduction, bool zero_infinity) {
  check_reduction(kCtc, reduction);
  Sequences s = checked(log_probs, targets, input_lengths, target_lengths, blank);
  const Tensor x = contiguous_as(log_probs, log_probs.dtype()), value = allocate_tensor({s.batch}, x.dtype());
  s.alphas = allocate_tensor({s.batch, s.times, s.states}, kDouble);
  if (s.batch > 0)
    launch(kCtc, kernels::ctc_loss, reads(x, s.targets, s.lengths), writes(s.alphas, value), x.dtype(), s.get(), x.data_ptr(),
           static_cast<double*>(s.alphas.data_ptr()), value.data_ptr());
  Tensor losses = record(Forward(kCtc, value), with("blank", blank, "zero_infinity", zero_infinity),
                         wrt(log_probs,
                             [x = save(log_probs), targets = save(s.targets), s, zero_infinity](const Tensor& gy, const Tensor& y) {
                               Sequences same = s;
                               same.targets = targets;  // throws if they were edited
                               return gradient(gy, x, y.detach(), same, zero_infinity);
                             }),
                         given(targets));
  if (zero_infinity) losses = where(losses == std::numeric_limits<double>::infinity(), zeros({}, losses.options()), losses);
  if (reduction == Reduction::Mean) losses = losses / tensor(target_lengths.vec(), kLong).clamp_min(1).to(losses.dtype());
  return reduced(losses, reduction);
}

namespace {

std::vector<int64_t> lengths_of(const char* name, const Tensor& lengths) {
  XGRAD_CHECK(isIntegralType(lengths.scalar_type(), false), kCtc, name, " must be integral, got ", lengths.dtype());
  const Tensor all = contiguous_as(lengths, kLong);
  const auto* first = static_cast<const int64_t*>(all.data_ptr());
  return {first, first + all.numel()};
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths, int64_t blank,
                int64_t reduction, bool zero_infinity) {
  const std::vector<int64_t> inputs = lengths_of("input_lengths", input_lengths), outputs = lengths_of("target_lengths", target_lengths);
  if (log_probs.dim() == 3) return ctc_loss(log_probs, targets, inputs, outputs, blank, reduction, zero_infinity);
  const Tensor loss = ctc_loss(log_probs.unsqueeze(1), targets, inputs, outputs, blank, reduction, zero_infinity);
  return reduction == Reduction::None ? loss.squeeze(0) : loss;
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry ctc_loss_entry("ctc_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : catalogue::kReductions)
    for (const bool zero_infinity : {false, true}) {
      // The gradient is that of what comes from log_softmax.
      const std::string end = std::string(text) + ", zero_infinity=" + catalogue::text(zero_infinity) + ")";
      const auto call = [&](const std::string& lengths, const std::string& blank) {
        return "F.ctc_loss(x[0].log_softmax(-1), x[1], " + lengths + ", blank=" + blank + end;
      };
      const auto run = [r = reduction, zero_infinity](std::vector<int64_t> in, std::vector<int64_t> out, int64_t blank) {
        return [=](Inputs x) { return ctc_loss(x[0].log_softmax(-1), x[1], in, out, blank, r, zero_infinity); };
      };
      s.add(call("[6, 5], [2, 3]", "0"), {s.normal({6, 2, 4}), tensor({{1, 2, 0}, {3, 3, 1}})}, run({6, 5}, {2, 3}, 0)).orders = 1;
      s.add(call("[6, 5], [2, 3]", "2"), {s.normal({6, 2, 4}), tensor({1, 1, 0, 3, 0})}, run({6, 5}, {2, 3}, 2)).orders = 1;
      s.add(call("[3, 4], [0, 1]", "0"), {s.normal({4, 2, 3}), tensor({2})}, run({3, 4}, {0, 1}, 0)).orders = 1;
      // The first target doesn't fit.
      const Tensor logits = s.normal({4, 2, 3}), targets = tensor({{1, 1, 2}, {2, 0, 0}});
      if (zero_infinity) s.at(call("[2, 4], [3, 1]", "0"), {logits, targets}, run({2, 4}, {3, 1}, 0)).orders = 1;
      else s.flat(call("[2, 4], [3, 1]", "0"), {catalogue::constant(logits), targets}, run({2, 4}, {3, 1}, 0));
      s.add("F.ctc_loss(x[0].log_softmax(-1), x[1], torch.tensor(5), torch.tensor(2)" + end, {s.normal({5, 4}), tensor({1, 2})},
            [r = reduction, zero_infinity](Inputs x) {
              return ctc_loss(x[0].log_softmax(-1), x[1], full({}, 5, kLong), full({}, 2, kLong), 0, r, zero_infinity);
            })
          .orders = 1;
    }
  using Lengths = std::vector<int64_t>;
  const auto rejected = [&s](const char* what, const char* text, Tensor targets, Lengths in, Lengths out, int64_t blank = 0) {
    s.rejects(what, text, [=] { ctc_loss(ones({5, 2, 4}), targets, in, out, blank); });
  };
  const Tensor rows = ones({2, 2}, kLong), list = ones({3}, kLong);
  rejected("more times than there are", "Expected input_lengths to have value at most 5, but got value 6", rows, {5, 6}, {2, 2});
  rejected("lengths of another batch", "input_lengths must be of size batch_size", rows, {5}, {2, 2});
  rejected("targets of another batch", "target_lengths must be of size batch_size", rows, {5, 5}, {2});
  rejected("a target too short", "Expected tensor to have size at least 3 at dimension 1, but got size 2", rows, {5, 5}, {2, 3});
  rejected("a list too short", "Expected tensor to have size 4 at dimension 0, but got size 3", list, {5, 5}, {2, 2});
  rejected("a label too large", "is out of bounds", rows * 4, {5, 5}, {2, 2});
  rejected("no such blank", "blank must be in label range", rows, {5, 5}, {2, 2}, 4);
  s.rejects("two axes and lists", "Expected 3-dimensional tensor", [] { ctc_loss(ones({5, 4}), ones({1}, kLong), {5}, {1}); });
  s.rejects("integers", "\"ctc_loss_cpu\" not implemented for 'Long'", [=] { ctc_loss(ones({5, 2, 4}, kLong), rows, {5, 5}, {2, 2}); });
  s.rejects("lengths that are no integers", "input_lengths must be integral", [=] { ctc_loss(ones({5, 2, 4}), rows, ones({2}), ones({2}, kLong)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
