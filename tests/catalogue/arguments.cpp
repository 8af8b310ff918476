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

constexpr ScalarType kDtypes[] = {kFloat, kDouble, kLong, kInt, kByte, kBool, kChar, kShort, kHalf, kBFloat16};
constexpr const char* kLetters = "fdlihbcsez";

// Changes of an argument: to a dtype, and two of its shape.
constexpr int kDtypeChanges = 10, kWithoutAxes = kDtypeChanges, kWithoutElements = kDtypeChanges + 1, kChanges = kDtypeChanges + 2;

Tensor changed(const Tensor& x, int change) {
  if (change < kDtypeChanges) return (x.dtype() == kBool ? x : x.abs()).to(kDtypes[change]);
  if (change == kWithoutAxes) return x.numel() ? x.reshape({-1}).select(0, 0) : x;
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
  const size_t i = variant / kChanges;
  const auto change = static_cast<int>(variant % kChanges);
  return (i < inputs ? "input " + std::to_string(i) : std::string("all inputs")) + (change < kDtypeChanges
                                                                                        ? std::string(" as ") + toString(kDtypes[change])
                                                                                    : change == kWithoutAxes ? " without axes"
                                                                                                             : " without elements");
}

constexpr unsigned bit(int change) { return 1u << change; }
constexpr unsigned kToAnyDtype = bit(kDtypeChanges) - 1, kToWiderMask = kToAnyDtype & ~(bit(4) | bit(5));

// Calls that have a text in them answer these changes otherwise than PyTorch, by the deviation named or for the reason given.
const struct Exemption {
  const char* text;
  unsigned changes;
} kExemptions[] = {
    {"^torch.remainder(torch.tensor(7.5", kToAnyDtype},           // C++ computes in the tensor's dtype, other than Python
    {"^F.binary_cross_entropy_with_logits(", bit(kWithoutAxes)},  // the functional, not the operation, asks for equal shapes
    {"[..., :2]", bit(kWithoutElements)},                         // a slice longer than the axis is the sample's, not the operation's
    {"LD.expand(3, 2, 3, 3)", bit(kWithoutElements)},             // the sample's sizes
    {"^torch.masked_fill(", kToWiderMask},                        // masked-fill-mask
    {".masked_scatter", kToWiderMask},                            // masked-fill-mask
    {"^torch.isclose(", bit(kWithoutAxes)},                       // numbers-without-axes
    {"^torch.take_along_dim(", bit(kWithoutAxes)},                // numbers-without-axes
    {"^torch._C._nn.fractional_max_pool", bit(kWithoutAxes) | bit(kWithoutElements)},        // random-samples-missing
    {"^torch.pixel_unshuffle(", bit(kWithoutElements)},                                      // pixel-unshuffle-of-nothing
    {"^torch.cholesky(", bit(kWithoutElements)},                                             // cholesky-of-nothing
    {", out=torch.", kToAnyDtype},                                                           // out-of-another-dtype
    {"torch.sub(x[0], b, out=b)", bit(kWithoutAxes)},                                        // a number takes no matrix there
    {"^torch.linalg.tensorsolve(", bit(kWithoutElements)},                                   // arguments-of-nothing
    {"^torch.einsum(", kToAnyDtype},                                                         // einsum-of-two-dtypes
    {"^torch.addbmm(", kToAnyDtype},                                                         // arguments-of-nothing
    {".addbmm_(", bit(kWithoutAxes)},                                                        // arguments-of-nothing
    {"torch.batch_norm(", bit(kWithoutElements)},                                            // arguments-of-nothing
    {"^torch.instance_norm(", kToAnyDtype | bit(kWithoutElements)},                          // arguments-of-nothing
    {"^torch.linalg.eigh(x[0].detach())", kToAnyDtype},                                      // arguments-of-nothing
    {"^torch.linalg.lu(x[0].detach())", kToAnyDtype},                                        // arguments-of-nothing
    {"^torch.lu_unpack(", bit(kWithoutAxes) | bit(kWithoutElements)},                        // arguments-of-nothing
    {"^torch.segment_reduce(", bit(kWithoutElements)},                                       // arguments-of-nothing
    {"^torch.symeig(", kToAnyDtype | bit(kWithoutElements)},                                 // arguments-of-nothing
    {"^torch.embedding_bag(", kToAnyDtype | bit(kWithoutAxes) | bit(kWithoutElements)},      // bags-of-each
    {"^torch.embedding_renorm_(", kToAnyDtype | bit(kWithoutAxes) | bit(kWithoutElements)},  // arguments-of-nothing: it may end the process
    {", False, False, True)", kToAnyDtype},            // networks of batches first, where PyTorch adds biases of other dtypes by accident
    {"^torch.rnn_tanh_cell(", bit(kWithoutElements)},  // arguments-of-nothing
    {"^torch.rnn_relu_cell(", bit(kWithoutElements)},  // arguments-of-nothing
    {"^torch._weight_norm(", kToAnyDtype | bit(kWithoutAxes) | bit(kWithoutElements)},  // arguments-of-nothing
    {"^torch.norm_except_dim(", bit(kWithoutElements)},                                 // arguments-of-nothing
    {"torch.special.round(y, out=y)", kToAnyDtype},                                     // whole numbers are round
    {"^F.multi_margin_loss(", bit(kWithoutAxes) | bit(kWithoutElements)},               // arguments-of-nothing
};

bool may_differ(const std::string& call, int change) {
  // Python's numbers know operators that C++ computes in the tensor's dtype.
  if (std::isdigit(call[0])) return change < kDtypeChanges;
  return std::any_of(std::begin(kExemptions), std::end(kExemptions), [&](const Exemption& e) {
    const bool fits = e.text[0] == '^' ? call.rfind(e.text + 1, 0) == 0 : call.find(e.text) != call.npos;
    return fits && (e.changes >> change & 1) != 0;
  });
}

// Of narrow dtypes more is computed here than PyTorch has kernels for; and of the floating ones, which are storage, less of what takes
// more than elements, sums and products. By narrow-types-compute.
bool is_narrow_form(int change, const std::string& got, const std::string& expected) {
  if (change >= kDtypeChanges || !is_narrow(kDtypes[change])) return false;
  return expected == "!" || (isFloatingType(kDtypes[change]) && got == "!");
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
  for (size_t variant = 0; variant < (n + 1) * kChanges; ++variant) {
    const auto change = static_cast<int>(variant % kChanges);
    std::vector<Tensor> inputs = usual;
    for (size_t i = 0; i < n; ++i)
      if (variant / kChanges == i || variant / kChanges == n) inputs[i] = changed(usual[i], change);
    const std::string &expected = found->second[variant], got = outcome(sample, inputs);
    if (got != expected && !is_narrow_form(change, got, expected) && !may_differ(sample.call, change))
      wrong += (wrong.empty() ? "" : "; ") + describe(variant, n) + ": " + got + " instead of " + expected;
  }
  return wrong;
}

TEST_CASE("arguments of other dtypes and shapes give what they do in PyTorch, or are refused") { for_each_sample(check_arguments); }

}  // namespace torch::catalogue
