// Properties of values and gradients that hold whatever they are.
#include <cstring>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/tensor/operators.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

std::vector<size_t> differentiated_positions(const Sample& sample) {
  std::vector<size_t> positions;
  for (size_t i = 0; i < sample.inputs.size(); ++i)
    if (sample.inputs[i].differentiated) positions.push_back(i);
  return positions;
}

double largest_of(const Tensor& t) {
  double m = 0;
  for (const double v : numbers_of(t)) m = std::max(m, std::abs(v));
  return m;
}

// As `difference`, with the tolerance relative to the largest element of each tensor too.
std::string scaled_difference(const std::string& what, const std::vector<Tensor>& a, const std::vector<Tensor>& b, double relative,
                              double absolute = 1e-300) {
  if (a.size() != b.size()) return what + ": another number of tensors";
  for (size_t i = 0; i < a.size(); ++i) {
    const double scale = b[i].defined() ? largest_of(b[i]) : 0;
    std::string wrong = difference(what + " " + std::to_string(i), a[i], b[i], {relative, relative * scale + absolute});
    if (!wrong.empty()) return wrong;
  }
  return "";
}

}  // namespace

std::string check_float32(const Sample& sample) {
  // At special points overflow differs, and so do the bits drawn for random numbers.
  if (!sample.smooth || sample.random) return "";
  const Outcome expected = outcome_of(sample, leaves_of(sample));
  const Outcome found = outcome_of(sample, as_leaves(floating_as(values_of_inputs(sample), kFloat), differentiated(sample)));
  std::string wrong = scaled_difference("value", floating_as(found.values, kDouble), floating_as(expected.values, kDouble), 1e-4);
  if (wrong.empty()) wrong = scaled_difference("gradient of input", floating_as(found.gradients, kDouble), expected.gradients, 1e-4);
  return wrong.empty() ? "" : "in float32: " + wrong;
}

std::string check_shared_input(const Sample& sample) {
  const std::vector<size_t> positions = differentiated_positions(sample);
  for (size_t a = 0; a < positions.size(); ++a) {
    for (size_t b = a + 1; b < positions.size(); ++b) {
      const size_t i = positions[a], j = positions[b];
      std::vector<Tensor> values = values_of_inputs(sample);
      if (values[i].sizes() != values[j].sizes()) continue;
      values[j] = values[i];
      Outcome apart;
      try {
        apart = outcome_of(sample, as_leaves(values, differentiated(sample)));
      } catch (const Error&) {
        continue;  // not a value that input can have
      }
      std::vector<Tensor> inputs = as_leaves(values, differentiated(sample));
      inputs[j] = inputs[i];
      const Outcome together = outcome_of(sample, inputs);
      std::string wrong = difference("value", together.values, apart.values);
      const Tensor &gi = apart.gradients[i], &gj = apart.gradients[j];
      const Tensor sum = !gi.defined() ? gj : !gj.defined() ? gi : gi + gj;
      if (wrong.empty()) wrong = scaled_difference("gradient", {together.gradients[i]}, {sum}, 1e-12, 1e-13);  // terms may cancel
      if (!wrong.empty()) return "one tensor as inputs " + std::to_string(i) + " and " + std::to_string(j) + ": " + wrong;
    }
  }
  return "";
}

std::string check_subsets(const Sample& sample) {
  const std::vector<size_t> positions = differentiated_positions(sample);
  if (positions.size() < 2) return "";
  const std::vector<Tensor> values = values_of_inputs(sample);
  const Outcome all = outcome_of(sample, as_leaves(values, differentiated(sample)));
  // All subsets of the first six.
  for (unsigned subset = 1; subset + 1 < 1u << std::min<size_t>(positions.size(), 6); ++subset) {
    std::vector<bool> wanted(values.size(), false);
    for (size_t k = 0; k < positions.size(); ++k) wanted[positions[k]] = k < 6 && (subset >> k & 1);
    const Outcome some = outcome_of(sample, as_leaves(values, wanted));
    std::string wrong = difference("value", some.values, all.values);
    for (size_t i = 0; i < values.size() && wrong.empty(); ++i)
      if (wanted[i]) wrong = difference("gradient of input " + std::to_string(i), some.gradients[i], all.gradients[i]);
    if (!wrong.empty()) return "with fewer gradients asked for: " + wrong;
  }
  return "";
}

std::string check_threads(const Sample& sample) {
  const int usual = get_num_threads();
  const auto run = [&sample](int threads) {
    set_num_threads(threads);
    return outcome_of(sample, leaves_of(sample));
  };
  const Outcome one = run(1), three = run(3);
  set_num_threads(usual);
  std::string wrong = difference("value", three.values, one.values);
  if (wrong.empty()) wrong = difference("gradient of input", three.gradients, one.gradients);
  return wrong.empty() ? "" : "with three threads: " + wrong;
}

std::string check_inputs_kept(const Sample& sample) {
  std::vector<Tensor> copies;
  std::vector<int64_t> versions;
  for (const Input& x : sample.inputs) {
    copies.push_back(row_major_copy(x.value));
    versions.push_back(x.value._version());
  }
  outcome_of(sample, leaves_of(sample));
  for (size_t i = 0; i < copies.size(); ++i) {
    const Tensor& x = sample.inputs[i].value;
    if (x._version() != versions[i]) return "input " + std::to_string(i) + " was edited";
    if (std::memcmp(row_major_copy(x).data_ptr(), copies[i].data_ptr(), copies[i].nbytes()))
      return "input " + std::to_string(i) + " has other elements";
  }
  return "";
}

std::string check_grad_mode(const Sample& sample) {
  const std::vector<Tensor> inputs = leaves_of(sample), expected = call(sample, inputs);
  NoGradGuard no_grad;
  const std::vector<Tensor> found = call(sample, inputs);
  for (size_t i = 0; i < found.size(); ++i) {
    const bool is_input = std::any_of(inputs.begin(), inputs.end(), [&](const Tensor& x) { return x.is_same(found[i]); });
    if (!is_input && found[i].defined() && found[i].requires_grad()) return "without grad mode: value " + std::to_string(i) + " requires a gradient";
  }
  const std::string wrong = difference("value", found, expected);
  return wrong.empty() ? "" : "without grad mode: " + wrong;
}

std::string check_second_sweep(const Sample& sample) {
  const std::vector<Tensor> inputs = leaves_of(sample), outputs = call(sample, inputs);
  std::vector<Tensor> ys, weights;
  for (const Tensor& y : outputs) {
    if (!y.defined() || !y.requires_grad()) continue;
    ys.push_back(y);
    weights.push_back(weights_like(y));
  }
  if (ys.empty()) return "";
  const std::vector<Tensor> first = gradients_of(outputs, inputs, true);
  std::string wrong = difference("gradient of input", gradients_of(outputs, inputs, true), first);
  if (!wrong.empty()) return "in a second sweep: " + wrong;
  autograd::backward(ys, weights, true);
  autograd::backward(ys, weights);
  for (size_t i = 0; i < inputs.size() && wrong.empty(); ++i) {
    if (!inputs[i].requires_grad()) continue;
    const Tensor expected = first[i].defined() ? first[i] + first[i] : first[i];
    wrong = difference("gradient of input " + std::to_string(i), inputs[i].grad(), expected);
  }
  return wrong.empty() ? "" : "after two sweeps: " + wrong;
}

std::string check_single_outputs(const Sample& sample) {
  const std::vector<Tensor> inputs = leaves_of(sample), outputs = call(sample, inputs);
  if (outputs.size() < 2) return "";
  const std::vector<Tensor> all = gradients_of(outputs, inputs, true);
  std::vector<Tensor> sum(inputs.size());
  for (const Tensor& y : outputs) {
    const std::vector<Tensor> one = gradients_of({y}, inputs, true);
    for (size_t i = 0; i < inputs.size(); ++i)
      if (one[i].defined()) sum[i] = sum[i].defined() ? sum[i] + one[i] : one[i];
  }
  const std::string wrong = scaled_difference("gradient of input", sum, all, 1e-12);
  return wrong.empty() ? "" : "output by output: " + wrong;
}

TEST_CASE("float32 inputs give the same to float32's precision") { for_each_sample(check_float32); }
TEST_CASE("one tensor as two inputs gets the sum of their gradients") { for_each_sample(check_shared_input); }
TEST_CASE("a gradient does not depend on which others are asked for") { for_each_sample(check_subsets); }
TEST_CASE("gradients of single outputs add up to those of all") { for_each_sample(check_single_outputs); }
TEST_CASE("one thread and three give the same bits") { for_each_sample(check_threads); }
TEST_CASE("inputs are not changed") { for_each_sample(check_inputs_kept); }
TEST_CASE("without grad mode the values are the same and there is no graph") { for_each_sample(check_grad_mode); }
TEST_CASE("a retained graph can be swept again, and gradients add up") { for_each_sample(check_second_sweep); }

}  // namespace torch::catalogue
