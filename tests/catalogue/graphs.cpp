// What operations leave in the graph, against PyTorch's recorded answers (tests/oracle/record_graph.py): which values and
// gradients are part of it, second derivatives, which edits of values and inputs a sweep forgives, and which graphs a second one may use.
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>

#include <doctest/doctest.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "catalogue/recorded_lines.h"
#include "catalogue/sample_text.h"

namespace torch::catalogue {

namespace {

struct Graph {
  std::string values, gradients, squares, edits, again;  // as record_graph.py describes them
  std::vector<std::vector<double>> second;
};

std::vector<double> words_as_numbers(const std::string& text) {
  std::vector<double> all;
  std::istringstream parts(text);
  if (text == "-") return all;
  for (std::string part; std::getline(parts, part, ',');) all.push_back(std::strtod(part.c_str(), nullptr));
  return all;
}

Graph graph_of(const std::vector<std::string>& words) {
  Graph g;
  const auto marks = [](const std::string& word) { return word == "-" ? "" : word; };
  g = {marks(words.at(0)), marks(words.at(1)), words.at(2), marks(words.at(3)), words.at(4), {}};
  for (size_t k = 5; k < words.size(); ++k) g.second.push_back(words_as_numbers(words[k]));
  return g;
}

// None where PyTorch refuses the call.
std::optional<Graph> answer_to(const Sample& sample) {
  static const auto answers = recorded_lines("graphs.gz");
  const auto found = answers.find(key_of(sample));
  XGRAD_CHECK(found != answers.end(), "[graphs] has no recorded answer; run `make oracle`");
  return found->second.empty() ? std::nullopt : std::optional(graph_of(found->second));
}

std::vector<Tensor> first_gradients(const std::vector<Tensor>& values, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> ys, weights, wanted;
  for (const Tensor& y : values)
    if (y.requires_grad()) ys.push_back(y), weights.push_back(weights_like(y));
  for (const Tensor& x : inputs)
    if (x.requires_grad()) wanted.push_back(x);
  std::vector<Tensor> all(inputs.size());
  if (ys.empty() || wanted.empty()) return all;
  const std::vector<Tensor> found = autograd::grad(ys, wanted, weights, std::nullopt, true, true);
  for (size_t i = 0, k = 0; i < inputs.size(); ++i)
    if (inputs[i].requires_grad()) all[i] = found[k++];
  return all;
}

// A constant that is nothing but zeros may be missing on one side, and a gradient may be part of the graph where PyTorch takes a short
// cut, as for the product of one element or a matrix without any.
bool same_kind(char found, char expected) { return (found == '2') >= (expected == '2'); }

std::string check_parts(const std::vector<Tensor>& values, const std::vector<Tensor>& gradients, const Graph& expected) {
  static const char* const kinds[] = {"none", "a constant", "part of the graph"};
  for (size_t i = 0; i < values.size(); ++i)
    if (values[i].requires_grad() != (expected.values[i] == '1')) return "value " + std::to_string(i) + " requires a gradient on one side only";
  for (size_t i = 0; i < gradients.size(); ++i) {
    const char kind = !gradients[i].defined() ? '0' : gradients[i].requires_grad() ? '2' : '1';
    if (!same_kind(kind, expected.gradients[i]))
      return "the gradient of input " + std::to_string(i) + " is " + kinds[kind - '0'] + " instead of " + kinds[expected.gradients[i] - '0'];
  }
  return "";
}

// Where PyTorch's formulas give NaN for a limit (second-derivatives-at-limits, singular-determinant and the deviations of logaddexp
// and logsumexp), or divide by the square of 1e-12 (saturated-probability).
bool is_exempt(const std::string& call, double expected) {
  static const char* const with_limits[] = {"acosh",     "asinh",      "atan",      "copysign", "det",  "digamma", "erf",  "erfc",
                                            "logaddexp", "logaddexp2", "logsumexp", "mish",     "ndtr", "pow",     "sinc", "softplus"};
  if (call.find("torch._weight_norm(") == 0) return true;  // second-derivative-of-weight-norm
  if (std::isnan(expected))
    return std::any_of(std::begin(with_limits), std::end(with_limits),
                       [&](const char* name) { return call.find(std::string(name) + "(") != call.npos; });
  return std::abs(expected) > 1e30 && call.find("F.binary_cross_entropy(") == 0;
}

std::string short_text(double v) {
  std::ostringstream text;
  text << v;
  return text.str();
}

// Elements agree to a billionth of what they and their neighbours are; any infinity or NaN stands for a NaN.
std::string check_numbers(const std::string& what, const std::string& call, const Tensor& found, const std::vector<double>& expected, double scale) {
  const std::vector<double> elements = found.defined() ? numbers_of(found) : std::vector<double>(expected.size(), 0);
  for (size_t k = 0; k < elements.size(); ++k) {
    const double a = elements[k], b = k < expected.size() ? expected[k] : expected.empty() ? 0 : a;
    const bool agree = a == b || (std::isnan(b) && !std::isfinite(a)) || std::abs(a - b) <= 1e-9 * (std::max(std::abs(a), std::abs(b)) + scale + 1);
    if (!agree && !is_exempt(call, b)) return what + ", element " + std::to_string(k) + ": " + short_text(a) + " instead of " + short_text(b);
  }
  return "";
}

double largest_number(const std::vector<std::vector<double>>& all) {
  double m = 0;
  for (const auto& numbers : all)
    for (const double v : numbers)
      if (std::isfinite(v)) m = std::max(m, std::abs(v));
  return m;
}

}  // namespace

std::string check_graph(const Sample& sample) {
  const std::optional<Graph> expected = answer_to(sample);
  if (!expected) return "";
  const std::vector<Tensor> inputs = leaves_of(sample), values = call(sample, inputs);
  const std::vector<Tensor> gradients = first_gradients(values, inputs);
  std::string wrong = check_parts(values, gradients, *expected);
  if (!wrong.empty() || expected->squares != "0" || !sample.deviation.empty()) return wrong;
  Tensor squares;
  for (const Tensor& g : gradients)
    if (g.defined() && g.requires_grad()) squares = squares.defined() ? squares + g.pow(2).sum() : g.pow(2).sum();
  std::vector<Tensor> wanted;
  for (const Tensor& x : inputs)
    if (x.requires_grad()) wanted.push_back(x);
  const std::vector<Tensor> second = autograd::grad({squares}, wanted, {}, std::nullopt, false, true);
  for (size_t i = 0, k = 0; i < inputs.size() && wrong.empty(); ++i)
    if (inputs[i].requires_grad())
      wrong = check_numbers("second gradient of input " + std::to_string(i), sample.call, second[k++], expected->second[i],
                            largest_number(expected->second));
  return wrong;
}

namespace {

std::vector<Tensor> leaves_in_own_memory(const Sample& sample) {
  std::vector<Tensor> inputs;
  for (const Input& x : sample.inputs) inputs.push_back(row_major_copy(x.value));
  return as_leaves(inputs, differentiated(sample));
}

// 0: the sweep works, 1: it throws, 2: the edit does. Gradients that a sweep gives must be those without the edit.
char after_edit(const Sample& sample, size_t place, const std::vector<Tensor>& unedited, std::string& wrong) {
  const std::vector<Tensor> inputs = leaves_in_own_memory(sample), values = call(sample, inputs);
  const Tensor edited = place < values.size() ? values[place] : inputs[place - values.size()];
  std::vector<Tensor> gradients;
  try {
    NoGradGuard guard;
    Tensor(edited).zero_();
  } catch (const Error&) {
    return '2';
  }
  try {
    gradients = gradients_of(values, inputs);
  } catch (const Error&) {
    return '1';
  }
  wrong = difference("gradient of input", gradients, unedited, {1e-12, 1e-14});  // a view of an edited tensor may sum in another order
  return '0';
}

}  // namespace

// What PyTorch doesn't notice, since it multiplies a copy there: edits-of-factors.
bool may_throw(const Sample& sample) {
  static const char* const copies[] = {"torch.matmul(", "F.linear(", "torch.kron(", "F._scaled_dot_product_attention(", "torch.norm_except_dim("};
  return std::any_of(std::begin(copies), std::end(copies), [&](const char* name) { return sample.call.find(name) == 0; });
}

std::string check_edits(const Sample& sample) {
  const std::optional<Graph> expected = answer_to(sample);
  // A number's operators keep other values in C++ than in Python.
  if (!expected || std::isdigit(sample.call[0])) return "";
  const Outcome unedited = outcome_of(sample, leaves_in_own_memory(sample));
  for (size_t k = 0; k < expected->edits.size(); ++k) {
    std::string wrong;
    const char found = after_edit(sample, k, unedited.gradients, wrong);
    const size_t n = unedited.values.size();
    const std::string what = "editing " + (k < n ? "value " + std::to_string(k) : "input " + std::to_string(k - n));
    if (!wrong.empty()) return what + ": " + wrong;
    if (found == '1' && expected->edits[k] == '0' && !may_throw(sample)) return what + " makes the sweep throw, but not in PyTorch";
  }
  return "";
}

// PyTorch saves factors that ours does without, so more may work here.
std::string check_kept_graph(const Sample& sample) {
  const std::optional<Graph> expected = answer_to(sample);
  if (!expected || expected->again == "1") return "";
  const std::vector<Tensor> inputs = leaves_of(sample), values = call(sample, inputs);
  const std::vector<Tensor> first = gradients_of(values, inputs);
  try {
    return difference("gradient of input", gradients_of(values, inputs), first, {});
  } catch (const Error& error) {
    return "a second sweep throws: " + std::string(error.what_without_backtrace());
  }
}

TEST_CASE("values, gradients and second gradients are part of the graph as in PyTorch") { for_each_sample(check_graph); }
TEST_CASE("a sweep after an edit works where PyTorch's does, and never gives another gradient") { for_each_sample(check_edits); }
TEST_CASE("a graph that a sweep did not keep can be swept again where PyTorch's can") { for_each_sample(check_kept_graph); }

}  // namespace torch::catalogue
