// Calls with arguments of other dtypes and shapes: refused where PyTorch refuses, and of its dtype and shape where it doesn't
// (tests/oracle/record_arguments.py).
#include <algorithm>
#include <cctype>
#include <iterator>

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

// Changes of an argument, as bits.
constexpr unsigned kToWiderMask = 0x0f, kToAnyDtype = 0x3f, kWithoutAxes = 0x40, kWithoutElements = 0x80;

// Calls that have a text in them answer these changes otherwise than PyTorch, by the deviation named or for the reason given.
const struct Exemption {
  const char* text;
  unsigned changes;
} kExemptions[] = {
    {"^torch.remainder(torch.tensor(7.5", kToAnyDtype},                      // C++ computes in the tensor's dtype, other than Python
    {"^F.binary_cross_entropy_with_logits(", kWithoutAxes},                  // the functional, not the operation, asks for equal shapes
    {"[..., :2]", kWithoutElements},                                         // a slice longer than the axis is the sample's, not the operation's
    {"LD.expand(3, 2, 3, 3)", kWithoutElements},                             // the sample's sizes
    {"^torch.masked_fill(", kToWiderMask},                                   // masked-fill-mask
    {".masked_scatter", kToWiderMask},                                       // masked-fill-mask
    {"^torch.isclose(", kWithoutAxes},                                       // numbers-without-axes
    {"^torch.take_along_dim(", kWithoutAxes},                                // numbers-without-axes
    {"^torch._C._nn.fractional_max_pool", kWithoutAxes | kWithoutElements},  // random-samples-missing
    {"^torch.pixel_unshuffle(", kWithoutElements},                           // pixel-unshuffle-of-nothing
    {"^torch.cholesky(", kWithoutElements},                                  // cholesky-of-nothing
    {", out=torch.", kToAnyDtype},                                           // out-of-another-dtype
    {"torch.sub(x[0], b, out=b)", kWithoutAxes},                             // a number takes no matrix there
    {"^torch.linalg.tensorsolve(", kWithoutElements},                        // arguments-of-nothing
    {"^torch.einsum(", kToAnyDtype},                                         // einsum-of-two-dtypes
    {"^torch.addbmm(", kToAnyDtype},                                         // arguments-of-nothing
    {".addbmm_(", kWithoutAxes},                                             // arguments-of-nothing
    {"torch.batch_norm(", kWithoutElements},                                 // arguments-of-nothing
    {"^torch.instance_norm(", kToAnyDtype | kWithoutElements},               // arguments-of-nothing
    {"^torch.linalg.eigh(x[0].detach())", kToAnyDtype},                      // arguments-of-nothing
    {"^torch.linalg.lu(x[0].detach())", kToAnyDtype},                        // arguments-of-nothing
    {"^torch.lu_unpack(", kWithoutAxes | kWithoutElements},                  // arguments-of-nothing
    {"^F.multi_margin_loss(", kWithoutAxes | kWithoutElements},              // arguments-of-nothing
};

bool is_exempt(const std::string& call, int change) {
  // Python's numbers know operators that C++ computes in the tensor's dtype.
  if (std::isdigit(call[0])) return change < 6;
  return std::any_of(std::begin(kExemptions), std::end(kExemptions), [&](const Exemption& e) {
    const bool fits = e.text[0] == '^' ? call.rfind(e.text + 1, 0) == 0 : call.find(e.text) != call.npos;
    return fits && (e.changes >> change & 1) != 0;
  });
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
