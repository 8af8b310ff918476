// vmap against a loop over the examples.
#include <map>

#include <doctest/doctest.h>

#include <xgrad/autograd/func/vmap.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

using List = std::vector<Tensor>;

constexpr int64_t kExamples = 5;
constexpr Tolerance kRounding{1e-9, 1e-9};

// How many samples ran in one piece, and in how many examples, by what was said.
std::map<std::string, int>& said() {
  static std::map<std::string, int> all;
  return all;
}

// The input, and others like it: floating ones move by a thousandth.
Tensor examples_of(const Tensor& x) {
  List all;
  for (int64_t n = 0; n < kExamples; ++n) all.push_back(x.is_floating_point() ? x * (1 + 1e-3 * static_cast<double>(n)) : x);
  return stack(all);
}

Tensor weighted(const List& tensors) {
  Tensor sum = zeros({}, kDouble);
  for (const Tensor& t : tensors)
    if (t.is_floating_point() && t.requires_grad()) sum = sum + (t * weights_like(t)).sum();
  return sum;
}

List gradients(const List& outputs, const List& inputs) {
  const Tensor y = weighted(outputs);
  List wanted, result(inputs.size());
  for (const Tensor& x : inputs)
    if (x.requires_grad()) wanted.push_back(x);
  if (wanted.empty() || !y.requires_grad()) return {};
  return autograd::grad({y}, wanted, {}, false, false, true);
}

std::string check_mapped(const Sample& sample, const std::vector<bool>& mapped) {
  const std::vector<bool> wanted = differentiated(sample);
  const auto f = [&sample](const List& x) { return call(sample, x); };
  func::VmapOptions options;
  List batch;
  const List inputs = values_of_inputs(sample);
  for (size_t i = 0; i < inputs.size(); ++i) {
    batch.push_back(mapped[i] ? examples_of(inputs[i]) : inputs[i].clone());
    options.in_axes.push_back(mapped[i] ? 0 : func::VmapOptions::kNotMapped);
    if (wanted[i]) batch.back().requires_grad_();
  }
  List expected;
  std::vector<List> columns;
  try {
    for (int64_t n = 0; n < kExamples; ++n) {
      List example;
      for (size_t i = 0; i < batch.size(); ++i) example.push_back(mapped[i] ? batch[i].select(0, n) : batch[i]);
      const List y = f(example);
      columns.resize(y.size());
      for (size_t o = 0; o < y.size(); ++o) {
        if (!y[o].defined()) return "";
        columns[o].push_back(y[o]);
      }
    }
    for (const List& column : columns) expected.push_back(stack(column));
  } catch (const Error&) {
    return "";  // no batch of examples: a shape that depends on elements
  }
  std::string reason;
  options.on_loop = [&](const std::string& why) { reason = why; };
  const List got = func::vmap(f, options)(batch);
  ++said()[reason];
  if (std::string d = difference("value", got, expected, kRounding); !d.empty()) return d + reason;
  if (!sample.smooth) return "";
  return difference("gradient", gradients(got, batch), gradients(expected, batch), kRounding);
}

}  // namespace

std::string check_batches(const Sample& sample) {
  const size_t n = sample.inputs.size();
  if (n == 0 || sample.random) return "";
  if (std::string d = check_mapped(sample, std::vector<bool>(n, true)); !d.empty()) return "all inputs mapped, " + d;
  for (size_t i = 0; i < n && n > 1; ++i) {
    std::vector<bool> one(n);
    one[i] = true;
    if (std::string d = check_mapped(sample, one); !d.empty()) return "input " + std::to_string(i) + " mapped, " + d;
  }
  return "";
}

TEST_CASE("a batch of every sample gives what its examples give, and their gradients") {
  said().clear();
  const int samples = for_each_sample(check_batches);
  int looped = 0;
  for (const auto& [reason, times] : said()) looped += reason.empty() ? 0 : times;
  const int whole = said()[""];
  MESSAGE(samples, " samples, ", whole, " batches in one piece, ", looped, " example by example");
  if (chosen_entries().size() > 200) CHECK(whole > looped / 4);
}

}  // namespace torch::catalogue
