#include "catalogue/outcome.h"

#include <cmath>
#include <stdexcept>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch::catalogue {

std::vector<bool> differentiated(const Sample& sample) {
  std::vector<bool> wanted;
  for (const Input& x : sample.inputs) wanted.push_back(x.differentiated);
  return wanted;
}

std::vector<Tensor> as_leaves(const std::vector<Tensor>& inputs, const std::vector<bool>& wanted) {
  std::vector<Tensor> leaves;
  for (size_t i = 0; i < inputs.size(); ++i) {
    leaves.push_back(inputs[i].detach());
    if (wanted[i]) leaves.back().requires_grad_();
  }
  return leaves;
}

std::vector<Tensor> values_of_inputs(const Sample& sample) {
  std::vector<Tensor> values;
  for (const Input& x : sample.inputs) values.push_back(x.value);
  return values;
}

std::vector<Tensor> leaves_of(const Sample& sample) { return as_leaves(values_of_inputs(sample), differentiated(sample)); }

Tensor weights_like(const Tensor& y) {
  Tensor c = empty(y.sizes(), kDouble);
  double* p = c.data_ptr<double>();
  for (int64_t k = 0; k < c.numel(); ++k) p[k] = std::cos(static_cast<double>(k + 1));
  return y.dtype() == kDouble ? c : c.to(y.dtype());
}

std::vector<Tensor> call(const Sample& sample, const std::vector<Tensor>& inputs) {
  if (sample.random) manual_seed(0);
  try {
    return sample.run(inputs);
  } catch (const std::out_of_range& e) {  // of the sample, which takes a part that these inputs don't give
    throw IndexError(e.what());
  }
}

std::vector<Tensor> gradients_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, bool retain_graph) {
  std::vector<Tensor> ys, weights, wanted;
  for (const Tensor& y : outputs) {
    if (!y.defined() || !y.requires_grad()) continue;
    ys.push_back(y);
    weights.push_back(weights_like(y));
  }
  for (const Tensor& x : inputs)
    if (x.requires_grad()) wanted.push_back(x);
  std::vector<Tensor> found(wanted.size()), gradients;
  if (!ys.empty() && !wanted.empty()) found = autograd::grad(ys, wanted, weights, retain_graph, false, true);
  size_t next = 0;
  for (const Tensor& x : inputs) gradients.push_back(x.requires_grad() ? found[next++] : Tensor());
  return gradients;
}

Outcome outcome_of(const Sample& sample, const std::vector<Tensor>& inputs) {
  Outcome outcome;
  outcome.values = call(sample, inputs);
  outcome.gradients = gradients_of(outcome.values, inputs);
  return outcome;
}

std::vector<Tensor> floating_as(const std::vector<Tensor>& tensors, ScalarType dtype) {
  std::vector<Tensor> converted;
  for (const Tensor& t : tensors) converted.push_back(t.defined() && t.is_floating_point() ? t.detach().to(dtype) : t);
  return converted;
}

std::vector<double> numbers_of(const Tensor& t) {
  const Tensor copy = copy_of(t, kDouble);
  return {copy.data_ptr<double>(), copy.data_ptr<double>() + copy.numel()};
}

Tensor row_major_copy(const Tensor& t) { return copy_of(t, t.dtype()); }

namespace {

bool agree(double a, double b, Tolerance tolerance) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  if (std::isinf(a) || std::isinf(b)) return a == b;
  if (tolerance.rtol == 0 && tolerance.atol == 0) return a == b && std::signbit(a) == std::signbit(b);
  return a == b || std::abs(a - b) <= tolerance.atol + tolerance.rtol * std::max(std::abs(a), std::abs(b));
}

std::string show(double v) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", v);
  return text;
}

}  // namespace

std::string difference(const std::string& what, const Tensor& a, const Tensor& b, Tolerance tolerance) {
  if (a.defined() != b.defined()) return what + ": " + (a.defined() ? "defined against undefined" : "undefined against defined");
  if (!a.defined()) return "";
  if (a.sizes() != b.sizes()) return what + ": shape " + str(a.sizes()) + " against " + str(b.sizes());
  if (a.dtype() != b.dtype()) return what + ": dtype " + toString(a.dtype()) + " against " + toString(b.dtype());
  const std::vector<double> left = numbers_of(a), right = numbers_of(b);
  for (size_t i = 0; i < left.size(); ++i)
    if (!agree(left[i], right[i], tolerance)) return what + ", element " + std::to_string(i) + ": " + show(left[i]) + " against " + show(right[i]);
  return "";
}

std::string difference(const std::string& what, const std::vector<Tensor>& a, const std::vector<Tensor>& b, Tolerance tolerance) {
  if (a.size() != b.size()) return what + ": " + std::to_string(a.size()) + " tensors against " + std::to_string(b.size());
  for (size_t i = 0; i < a.size(); ++i)
    if (std::string text = difference(what + " " + std::to_string(i), a[i], b[i], tolerance); !text.empty()) return text;
  return "";
}

}  // namespace torch::catalogue
