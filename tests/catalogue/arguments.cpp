// Calls with arguments of other dtypes and shapes: refused where PyTorch refuses, and of its dtype and shape where it doesn't
// (tests/oracle/record_arguments.py).
#include <algorithm>
#include <cctype>

#include <doctest/doctest.h>

#include <xgrad/autograd/ops/ops.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "catalogue/recorded_lines.h"
#include "catalogue/sample_text.h"

namespace torch::catalogue {

namespace {

constexpr ScalarType kDtypes[] = {kFloat, kDouble, kLong, kInt, kByte, kBool};
constexpr const char* kLetters = "fdlihb";

Tensor changed(const Tensor& x, int change) {
  if (change < 6) return (x.dtype() == kBool ? x : x.abs()).to(kDtypes[change]);
  if (change == 6) return x.numel() ? x.reshape({-1}).select(0, 0) : x;
  return x.dim() ? x.narrow(0, 0, 0) : x;
}

std::string outcome(const Sample& sample, const std::vector<Tensor>& inputs) {
  std::string text;
  try {
    for (const Tensor& y : call(sample, inputs)) {
      const auto* const dtype = std::find(std::begin(kDtypes), std::end(kDtypes), y.dtype());
      text += text.empty() ? "" : ",";
      text += dtype == std::end(kDtypes) ? '?' : kLetters[dtype - kDtypes];
      for (int64_t a = 0; a < y.dim(); ++a) text.append(a ? "x" : "").append(std::to_string(y.size(a)));
    }
  } catch (const Error&) {
    return "!";
  }
  return text.empty() ? "-" : text;
}

// As variants() of record_arguments.py.
std::string describe(size_t variant, size_t inputs) {
  static const char* const changes[] = {"as float", "as double", "as long", "as int", "as byte", "as bool", "without axes", "without elements"};
  const size_t i = variant / 8;
  return (i < inputs ? "input " + std::to_string(i) : std::string("all inputs")) + " " + changes[variant % 8];
}

bool begins_with(const std::string& text, const char* start) { return text.rfind(start, 0) == 0; }

bool is_exempt(const std::string& call, int change) {
  const bool without_axes = change == 6, without_elements = change == 7;
  // A number's operators in C++ compute in the tensor's dtype, other than Python's.
  if (std::isdigit(call[0]) || begins_with(call, "torch.remainder(torch.tensor(7.5")) return change < 6;
  // The functional, not the operation, asks for equal shapes.
  if (begins_with(call, "F.binary_cross_entropy_with_logits(")) return without_axes;
  // A slice longer than the axis is the sample's, not the operation's.
  if (call.find("[..., :2]") != call.npos) return without_elements;
  if (begins_with(call, "torch.masked_fill(") || call.find(".masked_scatter") != call.npos) return change < 4;                                              // masked-fill-mask
  if (begins_with(call, "torch.isclose(") || begins_with(call, "torch.take_along_dim(")) return without_axes;  // numbers-without-axes
  if (begins_with(call, "torch._C._nn.fractional_max_pool")) return without_axes || without_elements;          // random-samples-missing
  if (begins_with(call, "torch.pixel_unshuffle(")) return without_elements;                                    // pixel-unshuffle-of-nothing
  return begins_with(call, "torch.cholesky(") && without_elements;                                             // cholesky-of-nothing
}

}  // namespace

std::string check_arguments(const Sample& sample) {
  static const auto answers = recorded_lines("arguments.gz");
  const auto found = answers.find(key_of(sample));
  if (found == answers.end()) return "";
  std::vector<Tensor> usual;
  for (const Input& x : sample.inputs) usual.push_back(x.value.detach());
  const size_t n = usual.size();
  std::string wrong;
  for (size_t variant = 0; variant < (n + 1) * 8; ++variant) {
    std::vector<Tensor> inputs = usual;
    for (size_t i = 0; i < n; ++i)
      if (variant / 8 == i || variant / 8 == n) inputs[i] = changed(usual[i], static_cast<int>(variant % 8));
    const std::string &expected = found->second[variant], got = outcome(sample, inputs);
    if (got != expected && !is_exempt(sample.call, static_cast<int>(variant % 8)))
      wrong += (wrong.empty() ? "" : "; ") + describe(variant, n) + ": " + got + " instead of " + expected;
  }
  return wrong;
}

TEST_CASE("arguments of other dtypes and shapes give what they do in PyTorch, or are refused") { for_each_sample(check_arguments); }

}  // namespace torch::catalogue
