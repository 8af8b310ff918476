// The strides of results whose inputs lie in memory in another order of axes, against PyTorch's recorded ones
// (tests/oracle/record_strides.py).
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "recorded_text.h"

namespace torch::catalogue {

namespace {

// Of one sample: for each layout a word per value, none where PyTorch refuses the call.
using Layouts = std::vector<std::vector<std::string>>;

std::map<std::string, Layouts> read_recorded() {
  std::map<std::string, Layouts> all;
  std::istringstream lines(recorded_text("strides.gz"));
  for (std::string line, field; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::getline(fields, field, '\t');
    Layouts& layouts = all[field];
    while (std::getline(fields, field, '\t')) {
      std::istringstream words(field);
      layouts.emplace_back();
      for (std::string word; words >> word;) layouts.back().push_back(word);
    }
  }
  return all;
}

std::string key_of_shapes(const Sample& sample) {
  std::string shapes;
  for (const Input& x : sample.inputs) shapes.append(" ").append(toString(x.value.dtype())).append(str(x.value.sizes()));
  return sample.call + " with" + (shapes.empty() ? " " : shapes);
}

// The elements of t, its axes in memory in this order, the outermost first.
Tensor in_order_of(const Tensor& t, const Dims& order) {
  Dims strides(order.size(), 0);
  int64_t step = 1;
  for (int i = order.size() - 1; i >= 0; --i) {
    const auto axis = static_cast<int>(order[i]);
    strides[axis] = step;
    step *= std::max<int64_t>(t.sizes()[static_cast<size_t>(axis)], 1);
  }
  const Tensor y = allocate_with_strides(t.sizes(), strides, t.dtype());
  copy_elements(y, t);
  return y;
}

Dims axes_of(const Tensor& t) {
  Dims order;
  for (int64_t a = 0; a < t.dim(); ++a) order.push_back(a);
  return order;
}
Tensor reversed_axes(const Tensor& t, size_t) {
  Dims order = axes_of(t);
  std::reverse(order.begin(), order.end());
  return in_order_of(t, order);
}
Tensor rotated_axes(const Tensor& t, size_t) {
  Dims order = axes_of(t);
  if (t.dim() > 2) std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  return in_order_of(t, order);
}
Tensor alternating(const Tensor& t, size_t k) { return k % 2 == 1 ? reversed_axes(t, k) : in_order_of(t, axes_of(t)); }

constexpr std::pair<const char*, Tensor (*)(const Tensor&, size_t)> kLayouts[] = {
    {"reversed", reversed_axes}, {"rotated", rotated_axes}, {"alternating", alternating}};

std::vector<Tensor> values_for(const Sample& sample, Tensor (*layout)(const Tensor&, size_t)) {
  std::vector<Tensor> inputs;
  for (size_t k = 0; k < sample.inputs.size(); ++k) inputs.push_back(layout(sample.inputs[k].value, k));
  return call(sample, as_leaves(inputs, differentiated(sample)));
}

// Axes of size 1 and tensors without elements don't count.
bool has_strides(const Tensor& t, const std::string& expected) {
  std::istringstream numbers(expected);
  for (int64_t a = 0; a < t.dim() && t.numel() > 0; ++a) {
    int64_t stride = -1;
    char comma;
    numbers >> stride;
    numbers >> comma;
    if (t.size(a) > 1 && t.stride(a) != stride) return false;
  }
  return true;
}

// Parts of the calls whose results may lie otherwise than PyTorch's: compat/DEVIATIONS.md, order-of-results. Those met are noted.
const char* const kDeviations[] = {"cholesky",
                                   "inv",
                                   "eig",
                                   "lu_",
                                   "ldl_",
                                   "qr",
                                   "householder_product(",
                                   "lstsq(",
                                   "solve",
                                   "svd(",
                                   "nonzero(",
                                   "argwhere(",
                                   "torch.where(x[0])",
                                   "with_logits(",
                                   "matrix_power(",
                                   "matrix_exp(",
                                   "einsum(",
                                   "addr(",
                                   "gru_cell("};
std::set<std::string>& deviations_met() {
  static std::set<std::string> met;
  return met;
}
bool deviates(const Sample& sample) {
  for (const char* part : kDeviations)
    if (sample.call.find(part) != std::string::npos) {
      deviations_met().insert(part);
      return true;
    }
  return false;
}

}  // namespace

std::string check_strides(const Sample& sample) {
  static const std::map<std::string, Layouts> recorded = read_recorded();
  const auto found = recorded.find(key_of_shapes(sample));
  if (found == recorded.end()) return "has no recorded strides; run `make oracle`";
  for (size_t k = 0; k < std::size(kLayouts) && k < found->second.size(); ++k) {
    const std::vector<std::string>& expected = found->second[k];
    if (expected.empty()) continue;
    const std::vector<Tensor> values = values_for(sample, kLayouts[k].second);
    for (size_t i = 0; i < std::min(values.size(), expected.size()); ++i)
      if (values[i].defined() && !has_strides(values[i], expected[i]) && !deviates(sample))
        return std::string("inputs ") + kLayouts[k].first + ": value " + std::to_string(i) + " of shape " + str(values[i].sizes()) + " has strides " +
               str(values[i].strides()) + " instead of " + expected[i];
  }
  return "";
}

TEST_CASE("results have PyTorch's strides") {
  const bool all = !std::getenv("XGRAD_OPERATION");
  for_each_sample(check_strides, all ? entries() : chosen_entries());  // in every part, for what comes next
  if (!all) return;
  for (const char* part : kDeviations) CHECK_MESSAGE(deviations_met().count(part) > 0, part, " deviates no longer");
}

}  // namespace torch::catalogue
