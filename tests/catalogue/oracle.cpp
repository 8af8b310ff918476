// Values and first gradients against PyTorch's recorded answers (tests/oracle/record.py).
#include <cmath>
#include <cstring>
#include <map>
#include <zlib.h>

#include <doctest/doctest.h>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "catalogue/sample_text.h"

namespace torch::catalogue {

namespace {

// A recorded tensor: all elements, or at most this many evenly spread ones.
constexpr int64_t kLimit = 512;
struct Recorded {
  bool defined = false;
  ScalarType dtype = kFloat;
  std::vector<int64_t> sizes;
  Tensor elements;
};

struct Answer {
  bool refused = false;
  std::vector<Recorded> values, gradients;
};

class Reader {
 public:
  explicit Reader(const std::string& path) : file_(gzopen(path.c_str(), "rb")) {
    XGRAD_CHECK(file_, "[oracle] cannot read ", path, "; `make oracle` writes it");
    char line[15];
    bytes(line, sizeof line);
    XGRAD_CHECK(!std::memcmp(line, "xgrad oracle 1\n", sizeof line), "[oracle] ", path, " is no recording of answers");
  }
  ~Reader() { gzclose(file_); }

  bool at_end() {
    const int c = gzgetc(file_);
    if (c >= 0) gzungetc(c, file_);
    return c < 0;
  }
  void bytes(void* to, size_t n) {
    XGRAD_CHECK(gzread(file_, to, static_cast<unsigned>(n)) == static_cast<int>(n), "[oracle] the recording is truncated");
  }
  template <class T> T read() {
    T value;
    bytes(&value, sizeof value);
    return value;
  }
  Recorded tensor() {
    static constexpr ScalarType kTypes[] = {kFloat, kDouble, kLong, kInt, kByte, kBool, kChar, kShort, kHalf, kBFloat16};
    const auto code = read<uint8_t>();
    Recorded r;
    if (code == 255) return r;
    r.defined = true;
    r.dtype = kTypes[code];
    int64_t numel = 1;
    for (int axes = read<uint8_t>(); axes > 0; --axes) numel *= r.sizes.emplace_back(read<int32_t>());
    r.elements = empty({std::min(numel, kLimit)}, r.dtype);
    bytes(r.elements.data_ptr(), r.elements.nbytes());
    return r;
  }

 private:
  gzFile file_;
};

const std::map<uint64_t, Answer>& answers() {
  static const std::map<uint64_t, Answer> all = [] {
    std::map<uint64_t, Answer> m;
    Reader in(XGRAD_TEST_DATA "/oracle.gz");
    while (!in.at_end()) {
      Answer& a = m[in.read<uint64_t>()];
      a.refused = in.read<uint8_t>() != 0;
      if (a.refused) continue;
      for (int n = in.read<uint8_t>(); n > 0; --n) a.values.push_back(in.tensor());
      for (int n = in.read<uint8_t>(); n > 0; --n) a.gradients.push_back(in.tensor());
    }
    return m;
  }();
  return all;
}

Tensor recorded_elements(const Tensor& t) {
  const Tensor all = row_major_copy(t).reshape({-1});
  const int64_t n = all.numel(), size = static_cast<int64_t>(elementSize(t.dtype()));
  if (n <= kLimit) return all;
  const Tensor some = empty({kLimit}, t.dtype());
  for (int64_t k = 0; k < kLimit; ++k)
    std::memcpy(static_cast<char*>(some.data_ptr()) + k * size, static_cast<char*>(all.data_ptr()) + k * n / kLimit * size,
                static_cast<size_t>(size));
  return some;
}

double largest(const Tensor& t) {
  double m = 0;
  for (const double v : numbers_of(t))
    if (std::isfinite(v)) m = std::max(m, std::abs(v));
  return m;
}

// Note: what rounding may change
//
// Sums run in the order of the BLAS that is met and with its roundings, PyTorch's in those of another. How far two outcomes may
// be apart follows from the operation and its inputs, and is measured: float32, whose unit is 2^29 times double's, shows what
// rounding does there. Where terms cancel to 0, as in gradients of frames that can only turn, nothing else says what is small.
// Our own terms may cancel exactly where PyTorch's don't: those of a gradient are as large as the value divided by the input.
constexpr double kRoundings = 50;  // what some happen to do is no bound of what others do
constexpr int kPoints = 16;        // near the inputs, since a single rounding may be exact

// Absolute, for each value and gradient.
struct Allowance {
  std::vector<double> values, gradients;
  double relative = 0;
};

void allow_distances(std::vector<double>& allowed, const std::vector<Tensor>& exact, const std::vector<Tensor>& rounded) {
  allowed.resize(exact.size());
  for (size_t t = 0; t < exact.size(); ++t) {
    if (!exact[t].defined() || !rounded[t].defined()) continue;
    const std::vector<double> a = numbers_of(exact[t]), b = numbers_of(rounded[t]);
    for (size_t i = 0; i < a.size(); ++i)
      if (std::isfinite(a[i] - b[i])) allowed[t] = std::max(allowed[t], kRoundings * 0x1p-29 * std::abs(a[i] - b[i]));
  }
}

// None at special points, where float32 overflows, and for random numbers, whose bits are others there.
Allowance allowance_for(const Sample& sample) {
  Allowance allowance;
  allowance.relative = sample.answers_within;
  for (int k = 0; k < (sample.smooth && !sample.random ? kPoints : 0); ++k) {
    std::vector<Tensor> inputs = values_of_inputs(sample);
    for (Tensor& x : inputs)
      if (x.is_floating_point()) x = x * (1 + k * 1e-6);
    const auto outcome_in = [&](ScalarType dtype) { return outcome_of(sample, as_leaves(floating_as(inputs, dtype), differentiated(sample))); };
    const Outcome exact = outcome_in(kDouble), rounded = outcome_in(kFloat);
    allow_distances(allowance.values, exact.values, rounded.values);
    allow_distances(allowance.gradients, exact.gradients, rounded.gradients);
    double value = 0;
    for (const Tensor& y : exact.values)
      if (y.defined()) value = std::max(value, largest(y));
    for (size_t i = 0; i < inputs.size(); ++i)
      if (const double x = largest(inputs[i]); x > 0) allowance.gradients[i] = std::max(allowance.gradients[i], kRoundings * 0x1p-53 * value / x);
  }
  return allowance;
}

double allowed(const std::vector<double>& allowances, size_t i) { return i < allowances.size() ? allowances[i] : 0; }

std::string compare(const std::string& what, const Tensor& found, const Recorded& expected, double allowed, double relative) {
  if (!found.defined() || !expected.defined) return found.defined() == expected.defined ? "" : what + " is defined on one side only";
  if (found.sizes() != IntArrayRef(expected.sizes)) return what + " has shape " + str(found.sizes()) + " instead of " + str(expected.sizes);
  if (found.dtype() != expected.dtype) return what + " has dtype " + toString(found.dtype()) + " instead of " + toString(expected.dtype);
  const double eps = std::max(relative, found.dtype() == kFloat ? 1e-6 : 1e-12);
  return difference(what, recorded_elements(found), expected.elements, {eps, eps / 100 * largest(expected.elements) + allowed + 1e-300});
}

// PyTorch gives some gradients that are zero as undefined.
std::string compare_gradient(const std::string& what, const Tensor& found, const Recorded& expected, double allowed, double relative) {
  if (found.defined() && expected.defined) return compare(what, found, expected, allowed, relative);
  const Tensor present = found.defined() ? found : expected.elements;
  return present.defined() && largest(present) != 0 ? what + " is defined on one side only" : "";
}

std::string compare(const Outcome& found, const Answer& expected, const Allowance& allowance = {}) {
  if (expected.refused) return "PyTorch refuses this";
  if (found.values.size() != expected.values.size()) return "another number of values";
  std::string wrong;
  for (size_t i = 0; i < found.values.size() && wrong.empty(); ++i)
    wrong = compare("value " + std::to_string(i), found.values[i], expected.values[i], allowed(allowance.values, i), allowance.relative);
  for (size_t i = 0; i < found.gradients.size() && wrong.empty(); ++i)
    wrong = compare_gradient("gradient of input " + std::to_string(i), found.gradients[i], expected.gradients[i], allowed(allowance.gradients, i),
                             allowance.relative);
  return wrong;
}

}  // namespace

std::string check_oracle(const Sample& sample) {
  const auto answer = answers().find(key_of(sample));
  if (answer == answers().end()) return "has no recorded answer; run `make oracle`";
  const Outcome found = outcome_of(sample, leaves_of(sample));
  std::string wrong = compare(found, answer->second);
  if (!wrong.empty()) wrong = compare(found, answer->second, allowance_for(sample));
  if (sample.deviation.empty()) return wrong.empty() ? "" : "other than PyTorch: " + wrong;
  return wrong.empty() ? "deviation vanished: " + sample.deviation : "";
}

TEST_CASE("values and gradients are PyTorch's") {
  for_each_sample(check_oracle);
  MESSAGE(answers().size(), " recorded answers");
}

TEST_CASE("a value or gradient that is off is found") {
  const auto recorded = [](const Tensor& t) { return Recorded{true, t.dtype(), t.sizes().vec(), recorded_elements(t)}; };
  Samples s("control");
  const Tensor x = s.normal({2, 3}), slightly_off = row_major_copy(x);
  slightly_off.data_ptr<double>()[5] *= 1 + 1e-10;
  const Answer answer{false, {recorded(x)}, {recorded(x)}};
  CHECK(compare(Outcome{{x}, {x}}, answer) == "");
  CHECK(compare(Outcome{{slightly_off}, {x}}, answer).find("value 0, element 5") == 0);
  CHECK(compare(Outcome{{x}, {slightly_off}}, answer).find("gradient of input 0, element 5") == 0);
  CHECK(compare(Outcome{{x.t()}, {x}}, answer) == "value 0 has shape [3, 2] instead of [2, 3]");
  CHECK(compare(Outcome{{x}, {Tensor()}}, answer) == "gradient of input 0 is defined on one side only");
}

TEST_CASE("what rounding leaves where terms cancel is not taken for a difference") {
  Samples s("control");
  const Sample cancelling = s.add("x[0] * 0", {s.normal({4})}, [](Inputs x) { return (x[0] + 0.1) - x[0] - 0.1; });
  const Recorded nothing{true, kDouble, {4}, zeros({4}, kDouble)};
  const Answer answer{false, {nothing}, {nothing}};
  const Outcome found = outcome_of(cancelling, leaves_of(cancelling));
  const Allowance allowance = allowance_for(cancelling);
  CHECK(compare(found, answer).find("value 0") == 0);
  CHECK(compare(found, answer, allowance) == "");
  CHECK(compare({{found.values[0] + 1e-12}, found.gradients}, answer, allowance).find("value 0") == 0);
}

}  // namespace torch::catalogue
